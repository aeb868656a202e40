import '../show.js';
import chalk, { Chalk, supportsColor } from 'chalk';
const c = new Chalk({ level: 3 });
show(
  c.red.bold('x'),
  c.hex('#abcdef').bgBlue(`a${c.green('b')}c`),
  c.rgb(1, 2, 3).underline('u\nv'),
  new Chalk({ level: 0 }).red('p'),
  chalk.level,
  supportsColor,
);
