import * as module from './outs.c';
import { done, is, throws, watch } from './check.mjs';

const m = watch(module);

is('two', m.divmod(17, 5), { quot: 3, rem: 2 });
is('one', m.half(5), 2.5);
is('not an argument', module.half.length, 1);
is('with a result', m.parse_int('42'), { result: true, to: 42 });
is('with a result, no', m.parse_int('4x'), { result: false, to: 4 });
is('all widths', m.widths(), { a: -1, b: 65535, c: -9007199254740991,
  d: 9007199254740991, e: 0.5, f: true });
throws('no safe integer', () => m.unsafe_out(), /RangeError/);
is('in and out', m.twice(21), 42);
throws('in and out, wrong', () => m.twice(1.5), /Error/);
is('in front', m.between(5), { result: 6, low: 4 });
is('a struct and a number', m.grow({ low: 0, high: 1 }, 5),
  { result: true, r: { low: -5, high: 6 }, size: 11 });
is('64 bits in and out', m.count_up(5), { result: 5, n: 6 });
is('not written to is 0', m.nothing_out(), 0);
is('complex', m.complex_out(1.5), [1.5, -1.5]);
is('off the loop', await m.divmod.async(9, 2), { quot: 4, rem: 1 });
done();
