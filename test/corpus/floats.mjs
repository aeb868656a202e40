import * as module from './floats.c';
import { done, is, leftOut, throws, watch } from './check.mjs';

const m = watch(module);
const here = new URL('./floats.c', import.meta.url).href;

for (const x of [0, -0, 1.5, -1e300, Infinity, -Infinity, NaN, 5e-324])
  is(`double ${x}`, m.same_double(x), x);
for (const x of [0, -0, 1.5, Infinity, NaN, 2 ** -149])
  is(`float ${x}`, m.same_float(x), x);
is('float rounds', m.same_float(0.1), Math.fround(0.1));
is('float overflows', m.same_float(1e300), Infinity);
is('add', m.add_float(0.1, 0.2), Math.fround(Math.fround(0.1) + Math.fround(0.2)));
is('mix', m.mix(0.5, 1.5, 2, 3), 3215.5);
is('long double', m.of_long(10), 2.5);
is('long double nan', m.of_long(NaN), NaN);
is('long doubles among ints', m.long_sum(1, 2, 3, 4), 514);
is('nan', m.not_a_number(), NaN);
is('-0', m.minus_zero(), -0);
is('infinity', [m.infinity_of(1), m.infinity_of(-1)], [Infinity, -Infinity]);
is('denormal', m.tiny(), 5e-324);
is('tenth', m.tenth(), Math.fround(0.1));
for (const v of ['1', null, undefined, true, 1n, {}])
  throws(`double ${typeof v}`, () => m.same_double(v), /TypeError/);
is('complex', m.conjugate([1, 2]), [1, -2]);
is('float complex', m.times([1, 2], [3, 4]), [-5, 10]);
is('complex and real', m.real_part([3, 9], 2), 6);
is('complex in a struct', m.shift({ z: [1, 2], phase: 0.5 }, 1),
  { z: [2, 1], phase: 1.5 });
throws('too few parts', () => m.conjugate([1]), /Error/);
throws('too many parts', () => m.conjugate([1, 2, 3]), /Error/);
throws('no parts', () => m.conjugate(1), /TypeError/);
await leftOut(here, 'left_long', /long double/);
await leftOut(here, 'left_complex', /long double/);
done();
