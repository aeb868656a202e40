import '../show.js';
import { Command, Option, program, CommanderError } from 'commander';
const p = new Command('app')
  .exitOverride()
  .configureOutput({
    writeErr: (s) => show('err', s),
    writeOut: (s) => show('out', s),
  });
p.description('d')
  .version('1.2')
  .argument('<file>')
  .option('-n, --num <n>', 'a number', Number, 3)
  .option('--no-x')
  .addOption(new Option('-c, --color <c>').choices(['r', 'g']));
p.action((f, o) => show(f, o));
p.parse(['f.txt', '-n', '7', '--no-x', '-cr'], { from: 'user' });
try {
  p.parse(['--help'], { from: 'user' });
} catch (e) {
  show(e.code);
}
try {
  p.parse(['f', '-c', 'z'], { from: 'user' });
} catch (e) {
  show(e.code, e.message);
}
