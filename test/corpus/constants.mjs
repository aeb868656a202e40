import * as module from './constants.c';
import { done, is, leftOut, ok, throws, watch } from './check.mjs';

const m = watch(module);

is('int', m.answer, 42);
is('double', m.ratio, 0.75);
is('float', m.third, Math.fround(1 / 3));
is('negative', m.lowest, -128);
is('64 bits', m.large, 9007199254740991);
is('as far as numbers go', m.lowest_safe, -9007199254740991);
is('64 bits in a struct', m.sizes, { n: 1, size: -5 });
is('beside an unsafe one', m.SMALL, 5);
const url = new URL('./constants.c', import.meta.url).href;
for (const name of ['left_most', 'left_least', 'left_list', 'left_sizes', 'left_wide',
  'LEFT_LARGE'])
  await leftOut(url, name, /safe integer/);
is('bool', m.yes, true);
is('char', m.letter, 65);
is('char[]', m.version, '1.2 ż');
is('const char *', m.title, 'a title');
is('NULL', m.nothing, null);
is('struct', m.origin, { x: 1, y: -2 });
is('array', m.primes, [2, 3, 5, 7]);
is('enum', m.best, 'FAST');
ok('static is not exported', !('hidden' in module));
ok('what changes is not exported', !('changing' in module));
is('used', m.use_them(), 45);
throws('not to be set', () => { module.answer = 1; }, /TypeError/);
done();
