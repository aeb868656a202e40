import * as module from './structs.c';
import { done, is, throws, watch } from './check.mjs';

const m = watch(module);

is('two doubles', m.swap({ x: 1.5, y: -2 }), { x: -2, y: 1.5 });
is('two floats', m.swapf({ x: 0.5, y: -2 }), { x: -2, y: 0.5 });
is('int and double', m.pair_of({ a: 5, b: 1.5 }, -7), { a: -2, b: 3 });
is('int and double to double and int', m.reverse_of({ a: 5, b: 1.5 }),
  { b: 1.5, a: 5 });
is('one char', m.next_one({ c: 126 }), { c: 127 });
is('three floats', m.rotate({ r: 1, g: 2, b: 3 }), { r: 2, g: 3, b: 1 });
is('four floats', m.negate({ v: 1, w: 2, x: 3, y: 4 }),
  { v: -1, w: -2, x: -3, y: -4 });
is('int and float', m.small_of({ a: 3, b: 4 }), { a: 4, b: 3 });
is('float, int, double', m.odd_of({ a: 1, b: 2, c: 3 }, 0.25),
  { a: 1.25, b: 3, c: 3.5 });
is('three bytes', m.invert({ r: 0, g: 255, b: 1 }), { r: 255, g: 0, b: 254 });
is('large out', m.large_of(4), { a: 4, b: 8, c: 12, d: 2 });
is('large in', m.large_sum({ a: 1, b: 2, c: 3, d: 0.5 }, 1,
  { a: 1, b: 1, c: 1, d: 1 }), 6.5 + 1000 + 40);
is('nested', m.nested_of({
  at: { x: 1, y: 2 }, color: { r: 1, g: 2 }, s: [{ a: 1, b: 2 }, { a: 3, b: 4 }],
}), {
  at: { x: 2, y: 1 }, color: { r: 254, g: 2 }, s: [{ a: 3, b: 4 }, { a: 1, b: 2 }],
});
is('arrays', m.transpose({
  n: [1, 2, 3, 4], m: [[1, 2, 3], [4, 5, 6]], set: [true, false],
}), { n: [4, 3, 2, 1], m: [[4, 5, 6], [1, 2, 3]], set: [false, true] });
for (const n of [[1, 2, 3], [1, 2, 3, 4, 5], 'abcd', null])
  throws(`array ${n}`, () => m.transpose({ n, m: [[1, 2, 3], [4, 5, 6]],
    set: [true, false] }), /Error/);
is('text', m.name_length({ name: 'abc', age: 1 }), 3);
is('text that just fits', m.name_length({ name: '1234567', age: 1 }), 7);
is('text of UTF-8', m.name_length({ name: 'żó', age: 1 }), 4);
throws('text too long', () => m.name_length({ name: '12345678', age: 1 }),
  /RangeError/);
throws('text too long in UTF-8', () => m.name_length({ name: 'żółć', age: 1 }),
  /RangeError/);
throws('text with NUL', () => m.name_length({ name: 'a\0b', age: 1 }), /Error/);
is('text out', m.older({ name: 'anna', age: 1 }), { name: 'Anna', age: 2 });
is('text to its end', m.full(), { name: 'abcdefgh', age: 1 });
is('bits', m.bits_of({ a: 5, b: -3, c: 2 ** 39, d: true, e: 510, rest: 7 }),
  { a: 2, b: 3, c: 2 ** 39 + 1, d: false, e: 511, rest: 8 });
for (const wrong of [{ a: 8 }, { a: -1 }, { b: 16 }, { b: -17 }, { c: 2 ** 40 },
  { e: 512 }])
  throws(`bits ${JSON.stringify(wrong)}`, () => m.bits_of({
    a: 0, b: 0, c: 0, d: false, e: 0, rest: 0, ...wrong }), /RangeError/);
is('bits at their ends', m.bits_of({ a: 7, b: -15, c: 0, d: false, e: 0, rest: -1 }),
  { a: 0, b: 15, c: 1, d: true, e: 1, rest: 0 });
is('packed', m.packed_of({ a: 1, b: 2, c: 3, d: 4.5 }),
  { a: 2, b: 3, c: 4, d: 5.5 });
is('aligned', m.aligned_of({ a: 1, b: 2 }), { a: 2, b: 1 });
is('aligned in packed', m.around_of({
  before: 1, in: { a: 1, text: 'one', b: 30 },
  more: [{ a: 10, text: 'two', b: 1 }, { a: 100, text: 'three', b: 2 }],
}), {
  before: 2, in: { a: 111, text: 'one', b: 31 },
  more: [{ a: 10, text: 'two', b: 1 }, { a: 100, text: 'Xhree', b: 2 }],
});
is('unnamed struct', m.anonymous_sum({ a: 1, b: 2, c: 3, d: 4 }), 4321);
is('unnamed struct out', m.anonymous_of(1), { a: 1, b: 2, c: 3, d: 4 });
is('text by pointer', m.text_at({ text: 'abc', n: 1 }), 98);
is('text by pointer out', m.text_of(1), { text: 'some text', n: 1 });
is('NULL out', m.text_of(0), { text: null, n: 0 });
is('all widths', m.wide_of({ a: -1, b: 5, c: 200, d: 0, e: true, f: 65535 }),
  { a: -1, b: -5, c: 200, d: 4294967295, e: false, f: 65535 });

throws('a member is missing', () => m.swap({ x: 1 }), /TypeError: swap: .*'p\.y'/);
throws('a member is wrong', () => m.swap({ x: 1, y: '2' }), /TypeError: swap: .*y/);
throws('no object', () => m.swap(5), /TypeError/);
throws('deep inside', () => m.nested_of({
  at: { x: 1, y: 2 }, color: { r: 256, g: 2 }, s: [{ a: 1, b: 2 }, { a: 3, b: 4 }],
}), /RangeError: nested_of: .*color.*r/);
is('more members', m.swap({ x: 1, y: 2, z: 3 }), { x: 2, y: 1 });
is('getters', m.swap({ get x() { return 3; }, y: 4 }), { x: 4, y: 3 });

is('const pointers', m.distance2({ x: 0, y: 0 }, { x: 3, y: 4 }), 25);
is('const pointer, text', m.age_of({ name: 'abc', age: 7 }), 307);
is('const pointer, bits', m.bits_sum({ a: 1, b: 0, c: 0, d: true, e: 2, rest: 3 }), 6);
throws('const pointer of null', () => m.distance2(null, { x: 3, y: 4 }), /TypeError/);
is('opt', [m.is_absent({ x: 3, y: 4 }), m.is_absent(null), m.is_absent(undefined),
  m.is_absent()], [3, -1, -1, -1]);
is('const pointer out', m.origin_or_null(1), { x: 1, y: 2 });
is('NULL of a struct', m.origin_or_null(0), null);
const p = { x: 1, y: 2 };
is('inout', m.scale(p, 3), { x: 3, y: 6 });
is('inout leaves the object', p, { x: 1, y: 2 });
is('inout and result', m.rename_person({ name: 'x', age: 4 }, 'bob'),
  { result: 3, p: { name: 'bob', age: 8 } });
is('out', m.make_point(1, 2), { x: 1, y: 2 });
is('two inout and an out', m.move({ x: 1, y: 2 }, { x: 30, y: 40 }),
  { a: { x: 30, y: 40 }, b: { x: 1, y: 2 }, far: true });
is('inout of bits', m.flip_bits({ a: 5, b: 1, c: 2, d: true, e: 3, rest: 4 }),
  { a: 2, b: 1, c: 2, d: false, e: 3, rest: 4 });
is('off the loop', await m.swap.async({ x: 1, y: 2 }), { x: 2, y: 1 });
done();
