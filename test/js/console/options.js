// The options that inspect takes from a value's own method.
// expect: {
// expect:   a: 1,
// expect:   b: 'x'
// expect: }
// expect: [ 1, [ 2, [ 3 ] ], { a: { b: 1 } } ]
// expect: { a:
// expect:    { long: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
// expect:      other: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' } }
// expect: { a: 123_456_789.123_45, b: -1_234, c: 12_345n, d: 1e+21 }
// expect: { a: 2, b: 1, c: [ 3, 1 ] }
// expect: { b: 1, a: 2 }
// expect: {
// expect:   b: [Getter: 1],
// expect:   c: [Getter] { a: 1 },
// expect:   d: [Getter: <Inspection threw (oops)>],
// expect:   e: [Setter],
// expect:   f: [Getter: null]
// expect: }
// expect: { b: [Getter], c: [Getter/Setter: 2] }
// expect: {
// expect:   a: 1,
// expect:   f: [Function: f] { [length]: 0, [name]: 'f' },
// expect:   b: [ 1, [length]: 1 ]
// expect: }
// expect: Proxy [ { a: 1 }, { get: [Function: max] } ]
// expect: 'xxxxxxxxxx'... 20 more characters
// expect: [ 1, ... 2 more items ]
// expect: [ ... 3 more items ]
// expect: Set(3) { 1, 2, ... 1 more item }
// expect: Map(2) { 1 => 2, ... 1 more item }
// expect: {
// expect:   a: { b: { c: { d: {} } } }
// expect: }
// expect: {
// expect:   a: { b: { c: { d: {} } } }
// expect: }
// expect: [Object]
// expect: { a: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', b: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy' }
// expect: {
// expect:   a: [
// expect:     1,
// expect:     2,
// expect:     {
// expect:       b: 1
// expect:     }
// expect:   ]
// expect: }
// expect: Map(1) { 1 => 2 }
// expect: Uint8Array(2) [
// expect:   0,
// expect:   0,
// expect:   [BYTES_PER_ELEMENT]: 1,
// expect:   [length]: 2,
// expect:   [byteLength]: 2,
// expect:   [byteOffset]: 0,
// expect:   [buffer]: ArrayBuffer { byteLength: 2 }
// expect: ]
// expect: B { x: 1, [g]: [Getter], p: 5 }
const custom = Symbol.for('nodejs.util.inspect.custom');
const with_ = (v, options) => console.log({ [custom](d, o, inspect) { return inspect(v, options); } });
with_({ a: 1, b: 'x' }, { compact: false });
with_([1, [2, [3]], { a: { b: 1 } }], { compact: true });
with_({ a: { long: 'x'.repeat(60), other: 'y'.repeat(30) } }, { compact: true });
with_({ a: 123456789.12345, b: -1234, c: 12345n, d: 1e21 }, { numericSeparator: true });
with_({ b: 1, a: 2, c: [3, 1] }, { sorted: true });
with_({ b: 1, a: 2 }, { sorted: (x, y) => (x < y ? 1 : -1) });
with_({ get b() { return 1; }, get c() { return { a: 1 }; }, get d() { throw new Error('oops'); }, set e(v) {}, get f() { return null; } }, { getters: true });
with_({ get b() { return 1; }, get c() { return 2; }, set c(v) {} }, { getters: 'set' });
with_({ a: 1, f() {}, b: [1] }, { showHidden: true });
with_(new Proxy({ a: 1 }, { get: Math.max }), { showProxy: true });
with_('x'.repeat(30), { maxStringLength: 10 });
with_([1, 2, 3], { maxArrayLength: 1 });
with_([1, 2, 3], { maxArrayLength: 0 });
with_(new Set([1, 2, 3]), { maxArrayLength: 2 });
with_(new Map([[1, 2], [3, 4]]), { maxArrayLength: 1 });
with_({ a: { b: { c: { d: {} } } } }, { depth: null });
with_({ a: { b: { c: { d: {} } } } }, { depth: Infinity });
with_({ a: {} }, { depth: -1 });
with_({ a: 'x'.repeat(50), b: 'y'.repeat(50) }, { breakLength: Infinity });
with_({ a: [1, 2, { b: 1 }] }, { breakLength: 3 });
with_(new Map([[1, 2]]), { showHidden: true });
with_(new Uint8Array(2), { showHidden: true });
class A { constructor() { this.x = 1; } get g() { return 1; } m() {} }
A.prototype.p = 5;
with_(new (class B extends A {})(), { showHidden: true });
