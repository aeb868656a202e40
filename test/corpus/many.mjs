import * as module from './many.c';
import { done, is, leftOut, throws, watch } from './check.mjs';

const m = watch(module);
const weighted = (list) => list.reduce((sum, x, i) => sum + Number(x) * (i + 1), 0);
const check = (name, ...args) => is(name, m[name](...args), weighted(args));

check('ten_ints', 1, -2, 3, -4, 5, -6, 7, -8, 9, -10);
check('twelve_doubles', 0.5, 1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, -11.25);
check('twenty_mixed', 1, 0.5, 2, 1.5, 3, 2.5, 4, 3.5, 5, 4.5, 6, 5.5, 7, 6.5, 8,
  7.5, 9, 8.5, 10, 9.5);
check('ten_narrow', -128, 255, -32768, 65535, true, -1, 254, -2, 65534, true);
check('ten_floats', 1, 2, 3, 4, 5, 6, 7, 8, 9, 0.5);
is('behind', m.behind(1, 2, 3, 4, 5, { x: 6, y: 7, z: 8 }, 9,
  { x: -1, y: -2, z: -3 }), 15 + 90 + 600 + 1400 + 2400 - 1000 - 4000 - 9000);
is('five_dots', m.five_dots({ x: 1, y: 2 }, { x: 3, y: 4 }, { x: 5, y: 6 },
  { x: 7, y: 8 }, { x: 9, y: 10 }), 385);
is('eight_u64', m.eight_u64(1, 2, 4, 8, 16, 32, 64, 2n ** 40n), 2 ** 40 + 127);
is('twenty_four', m.twenty_four(...Array.from({ length: 24 }, (_, i) => i)),
  -12 - 23);
is('long_doubles', m.long_doubles(1, 2, 3, 4, 5), 1 + 4 + 9 + 16 + 25);
throws('one of many', () => m.ten_ints(1, 2, 3, 4, 5, 6, 7, '8', 9, 10),
  /TypeError: ten_ints: argument 8 'h': expected integer, got string/);
await leftOut(new URL('./many.c', import.meta.url).href, 'left_twenty_five',
  /24 parameters/);
done();
