import * as module from './vectors.c';
import { done, is, throws, watch } from './check.mjs';

const m = watch(module);

is('floats', m.add_float4([1, 2, 3, 4], [0.5, 0.5, 0.5, 0.5]), [1.5, 2.5, 3.5, 4.5]);
is('ints', m.times_int4([1, -2, 3, -4], 3), [3, -6, 9, -12]);
is('doubles', m.swap_double2([1, 2]), [2, 1]);
is('shorts', m.sum_short8([1, 2, 3, 4, 5, 6, 7, -32768], 1), 29 - 32768);
is('bytes', m.invert_byte16(Array.from({ length: 16 }, (_, i) => i)),
  Array.from({ length: 16 }, (_, i) => 255 - i));
is('in a struct', m.push({ at: [1, 2, 3, 4], mass: 2 }, [1, 1, 1, 1]),
  { at: [2, 3, 4, 5], mass: 4 });
throws('too few', () => m.add_float4([1, 2, 3], [1, 2, 3, 4]), /Error/);
throws('out of range', () => m.invert_byte16(Array(16).fill(256)), /RangeError/);
throws('no array', () => m.swap_double2({ 0: 1, 1: 2 }), /TypeError/);
done();
