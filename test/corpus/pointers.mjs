import * as module from './pointers.c';
import { done, is, ok, throws, watch } from './check.mjs';

const m = watch(module);
const kinds = {
  i8: Int8Array, u8: Uint8Array, i16: Int16Array, u16: Uint16Array,
  i32: Int32Array, u32: Uint32Array, f32: Float32Array, f64: Float64Array,
  i64: BigInt64Array, u64: BigUint64Array, long: BigInt64Array,
};

for (const [name, Kind] of Object.entries(kinds)) {
  const one = Kind === BigInt64Array || Kind === BigUint64Array ? BigInt : Number;
  const array = Kind.from([1, 2, 3, 4, 100].map((n) => one(n)));
  const f = m[`sum_${name}`];
  is(`sum ${name}`, f(array, 5), 110);
  is(`sum ${name} of a part`, f(array.subarray(1, 4), 3), 9);
  is(`sum ${name} of none`, f(new Kind(0), 0), 0);
  for (const Other of new Set(Object.values(kinds)))
    if (Other !== Kind)
      throws(`sum ${name} of ${Other.name}`, () => f(new Other(5), 5), /TypeError/);
  for (const wrong of [[1, 2], null, undefined, 'abc', new ArrayBuffer(8)])
    throws(`sum ${name} of ${wrong}`, () => f(wrong, 0), /TypeError/);
}
for (const name of ['i8', 'u16', 'i32', 'f32', 'f64', 'u64']) {
  const Kind = kinds[name];
  const one = name === 'u64' ? BigInt : Number;
  const array = Kind.from([1, 2, 3, 40].map((n) => one(n)));
  is(`twice ${name}`, m[`twice_${name}`](array.subarray(1), 2), undefined);
  is(`twice ${name} has written`, [...array].map(Number), [1, 4, 6, 40]);
  ok(`twice ${name} is the loop's`, module[`twice_${name}`].async === undefined);
}
is('two arrays', m.dot_product(Float64Array.of(1, 2, 3), Float64Array.of(4, 5, 6), 3), 32);
const to = new Int32Array(3);
m.copy_i32(to, Int32Array.of(7, 8, 9), 2);
is('to and from', [...to], [7, 8, 0]);
is('opt', [m.first_or(Int32Array.of(5), 1), m.first_or(null, 1),
  m.first_or(undefined, 2)], [5, 1, 2]);
is('declared as an array', m.of_array(Int32Array.of(1, 2, 3, 4)), 5);
is('qualifiers', m.of_matrix_row(Float64Array.of(3, 4)), 12);
is('Uint8ClampedArray', m.sum_u8(Uint8ClampedArray.of(1, 2), 2), 3);
const gone = new Int32Array(4);
gone.buffer.transfer();
throws('detached', () => m.sum_i32(gone, 0), /TypeError/);
done();
