import '../show.js';
import parse from 'yargs-parser';
show(
  parse('--foo=99 -abc --no-x --bar 1 --bar 2 -- rest', {
    array: ['bar'],
    boolean: ['a'],
  }),
  parse(['--dashed-name', 'v']),
);
