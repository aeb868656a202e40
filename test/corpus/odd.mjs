import * as module from './odd.c';
import { done, is, leftOut, throws, watch } from './check.mjs';

const m = watch(module);
const url = new URL('./odd.c', import.meta.url).href;

is('typedef of a typedef', m.same_words('ż'), 'ż');
is('const typedef', m.same_text('abc'), 'abc');
is('typedef of const', m.fixed_of({ x: 1, y: 2 }), { x: 2, y: 1 });
is('typedef of a pointer to const', m.by_fixed_pointer({ x: 5, y: 2 }), 3);
is('typedef of a pointer', m.by_pointer({ x: 5, y: 2 }), { x: 6, y: 2 });
is('typedef of numbers to const', m.by_fixed_numbers(Int32Array.of(1, 2)), 3);
const a = Int32Array.of(7, 8);
m.by_numbers(a);
is('typedef of numbers', [...a], [7, 7]);
is('variable array', m.of_variable(2, Int32Array.of(3, 4)), 4);
is('static array', m.of_static(Int32Array.of(3, 4)), 4);
is('array of const char', m.length_of_array('abc'), 3);
is('register', m.in_registers(1, 2.5), 3);
is('function as a parameter', m.of_function((n) => n * 2), 41);
is('no prototype', m.no_prototype(), 11);

const bytes = Array.from({ length: 16 }, (_, i) => i * 16);
is('16 bytes', m.reversed({ b: bytes }), { b: bytes.toReversed() });
is('17 bytes', m.first_last({ b: [...bytes, 9] }), { b: [9, ...bytes.slice(1), 9] });
is('3 bytes', m.next_chars({ c: [1, -3, 0] }), { c: [1, -3, -2] });
is('3 floats in an array', m.halved({ f: [1, 2, 3] }, 2), { f: [0.5, 2, 1.5] });
is('double and float', m.twice_df({ d: 1.5, f: 2.5 }), { d: 3, f: 5 });
is('only bits', m.flip_only({ a: 0, b: 1, c: 2, d: -1 }),
  { a: -1, b: 0x7ffffffe, c: 3, d: -1 });
throws('one bit', () => m.flip_only({ a: 1, b: 1, c: 2, d: 0 }), /RangeError/);
is('cut bits', m.cut_of({ a: 1, b: 6, c: true, d: -5 }), { a: 6, b: 1, c: false, d: 5 });
is('packed bits', m.packed_bits_of({ a: 300, b: 2 ** 30 - 2, c: 254 }),
  { a: 301, b: 2 ** 30 - 1, c: 255 });
is('long double inside', m.with_long({ x: 1.5, n: 2 }), 3.5);
const d2 = (p, q, r) => ({ a: { n: p }, b: [{ n: q }, { n: r }] });
is('deep', m.deep_sum({ a: { a: { a: { a: [d2(1, 2, 3), d2(4, 5, 6)] } } } }), 12756);
const cube = [0, 1].map((i) => [0, 1, 2].map((k) => [0, 1, 2, 3].map((n) =>
  i * 100 + k * 10 + n)));
is('three dimensions', m.cube_of({ c: cube }),
  { c: cube.toReversed().map((r) => r.toReversed().map((q) => q.toReversed())) });
is('array of texts', m.rotated({ all: ['a', 'ż', 'abcde'], n: 1 }),
  { all: ['abcde', 'a', 'ż'], n: 1 });
throws('a text too long', () => m.rotated({ all: ['a', 'b', 'abcdef'], n: 1 }),
  /RangeError/);
is('pointers to text', m.list_of({ all: ['x', null, 'ż'],
  at: [{ x: 1, y: 2 }, { x: 3, y: 4 }] }),
  { all: ['ż', null, 'x'], at: [{ x: 3, y: 4 }, { x: 1, y: 2 }] });
const many = m.many_of(5);
is('many members', [Object.keys(many).length, many.a0, many.b5, many.c9, many.c8],
  [30, 5, 10, 15, 0]);
is('1600 bytes in', m.big_sum({ d: Array.from({ length: 200 }, (_, i) => i) }), 19900);
is('1600 bytes out', m.big_of(2).d[199], 398);
is('1600 bytes off the loop', (await m.big_of.async(3)).d[100], 300);
is('unnamed struct', m.of_unnamed({ n: 1 }), { n: 2 });
is('8 bytes of a vector', m.add_int2([1, 2], [3, -4]), [4, -2]);
is('an enum of 64 bits', m.same_wide(1), 1);

is('struct timespec', m.later_by({ tv_sec: 1, tv_nsec: 999999999 }, 2),
  { tv_sec: 2, tv_nsec: 1 });
is('div_t', m.divided(17, 5), { quot: 3, rem: 2 });
is('struct timeval', m.seconds_of({ tv_sec: 5, tv_usec: 2000000 }), 7);

is('callback of float', m.call_float((x) => x + 0.25), 0.75);
is('callback of bool', m.call_bool((x) => !x), false);
is('callback of i8', m.call_i8((x) => x + 1), -127);
throws('callback of i8 out of range', () => m.call_i8(() => 128), /RangeError/);
is('callback of u64', m.call_u64((x) => x - 1), 9007199254740990);
throws('callback of u64, negative', () => m.call_u64(() => -1), /RangeError/);
is('callback of a large struct', m.call_large((s, p) =>
  s.a.a[0].a.n + s.a.a[0].b[1].n * 10 + s.a.a[1].a.n * 100 + p.y * 1000), 6431);
is('callback to a struct', m.call_floats3((n) => ({ f: [n, n / 2, 0] })),
  { f: [3, 1.5, 0] });
throws('callback to a wrong struct', () => m.call_floats3(() => ({ f: [1] })), /Error/);
is('callback of const struct *', m.call_pointer((p) => p.x * 10 + p.y), 12);
let kept;
is('callback of bytes', m.call_bytes((data) => {
  kept = data;
  return data.length * 10 + data[2];
}), 33);
is('its bytes are its own', [...kept], [1, 2, 3]);
is('recursion', m.fibonacci(20), 6765);

await leftOut(url, 'main', /pointer/);
await leftOut(url, 'left_open', /pointer/);
await leftOut(url, 'left_to_array', /pointer/);
await leftOut(url, 'left_float128', /long double|float|128/);
await leftOut(url, 'left_too_many', /1024/);
done();
