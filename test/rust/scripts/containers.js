// Dates, records, tuples, views, flags and choices go both ways.
import * as n from 'native';
const j = (v) => console.log(JSON.stringify(v));
for (const ms of [0, 1, -1, 1e12 + 1, 8.64e15, -8.64e15]) {
  const d = n.date_back(new Date(ms));
  if (!(d instanceof Date) || d.getTime() !== ms) console.log(ms, d);
}
console.log([999999, 1000000, -1, -1000001].map((ns) => n.date_moved(new Date(0), ns).getTime()));
j(n.sorted({ b: 2, a: 1, '\u{1f600}': 3 }));
j(Object.keys(n.hashed({ x: new Uint8Array(2), '': new Uint8Array() })).sort());
j(n.ordered({ z: 'z', a: undefined, 'a\0': '' }));
j(n.counted({ one: 1 }));
console.log(n.tuple([-1, 'x'], [true]), n.pairs([['a', 1.5], ['', 2]]));
console.log(n.view_sum(new Float64Array([1, 2.5])), n.view_sum(new Float64Array()),
  n.view_doubled(new Int16Array([-32768, 5])), n.view_back(new BigUint64Array([2n ** 64n - 1n])));
console.log(n.access([]), n.access('read'), n.access(['read', 'Other'], ['read']));
for (const v of [1, 'a', true, { x: 1, y: 2 }, ['a', undefined], new Date(5)]) j(n.any(v));
const h = n.holder({});
console.log(h.access, h.any, h.when, h.sizes, h.entry, h.samples);
const back = (await n.held({ access: 'write', any: 4, when: new Date(1), sizes: { a: 1 },
  entry: ['e', 2], samples: new Float32Array([1, 2]) }, new Float64Array(3)))[0];
console.log(back.access, back.any, back.when.getTime(), back.sizes, back.entry, back.samples);
for (const f of [() => n.date_back(0), () => n.date_back(new Date(NaN)), () => n.date_far(),
  () => n.sorted({ a: 'x' }), () => n.sorted([]), () => n.tuple([1], [true]), () => n.tuple([1, 2], [true]),
  () => n.view_sum([1]), () => n.view_sum(new Float32Array(1)), () => n.access('execute'),
  () => n.any(Symbol()), () => n.holder({ entry: ['a', 256] }), () => n.counted({ a: -1 })])
  try { f(); console.log('?'); } catch (e) { console.log(String(e)); }
// expect: [ 0, 1, -1, -2 ]
// expect: {"a":1,"b":2,"😀":3}
// expect: ["","x"]
// expect: {"z":"z","a":null,"a\u0000":""}
// expect: {"one":1}
// expect: [ 'x', -1, true, Uint8Array(2) [ 1, 2 ], 0.5, 7 ] [ [ 1.5, 'a' ], [ 2, '' ] ]
// expect: 3.5 0 Int32Array(2) [ -65536, 10 ] BigUint64Array(1) [ 18446744073709551615n ]
// expect: [ 'write' ] [ 'read', 'write' ] [ 'read', 'Other' ]
// expect: "1"
// expect: ["a",null]
// expect: false
// expect: {"x":1,"y":2,"z":42}
// expect: 2
// expect: "1970-01-01T00:00:00.005Z"
// expect: [ 'read', 'write' ] default undefined {} [ 'entry', 1 ] Float32Array(2) [ 0.5, 0.5 ]
// expect: [ 'write' ] 4 1 { a: 1 } [ 'e', 2 ] Float32Array(2) [ 1, 2 ]
// expect: TypeError: date_back: argument 1 't': expected Date, got 0
// expect: TypeError: date_back: argument 1 't': expected valid Date, got an invalid one
// expect: RangeError: date_far: result: 9223372036854775807 ms is outside of what a Date can be
// expect: TypeError: sorted: argument 1 'map.a': expected integer, got string
// expect: TypeError: sorted: argument 1 'map': expected object, got array
// expect: TypeError: tuple: argument 1 't': expected array of 2 elements, got one of 1
// expect: TypeError: tuple: argument 1 't[1]': expected string, got 2
// expect: TypeError: view_sum: argument 1 'v': expected Float64Array, got array
// expect: TypeError: view_sum: argument 1 'v': expected Float64Array, got Float32Array
// expect: TypeError: access: argument 1 'a': expected one of 'read', 'write', 'Other', got 'execute'
// expect: TypeError: any: argument 1 'value': expected number, string, boolean, object, array or Date, got symbol
// expect: RangeError: holder: argument 1 'h.entry[1]': expected integer from 0 to 255, got 256
// expect: RangeError: counted: argument 1 'map.a': expected integer from 0 to 255, got -1
