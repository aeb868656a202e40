// Arrays and typed arrays, with holes, properties and subclasses.
// expect: [] [ 1 ] [ 1, <1 empty item>, 3, <2 empty items> ] [ <1 empty item>, 1 ] [ <3 empty items> ]
// expect: [ 1, 2, prop: 'x', '-1': 0 ] [ a: 1 ]
// expect: List(0) [] List(1) [ 1 ]
// expect: Uint8Array(3) [ 1, 2, 3 ] Float64Array(2) [ 0, 0 ] BigInt64Array(1) [ 0n ]
// expect: Uint8Array(0) [] Uint8Array(1) [ 0, a: 1 ]
// expect: ArrayBuffer { [Uint8Contents]: <00 00 00 00>, byteLength: 4 } SharedArrayBuffer { [Uint8Contents]: <00>, byteLength: 1 }
// expect: DataView {
// expect:   byteLength: 1,
// expect:   byteOffset: 1,
// expect:   buffer: ArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 }
// expect: }
// expect: ArrayBuffer {
// expect:   [Uint8Contents]: <00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00>,
// expect:   byteLength: 60
// expect: }
// expect: ArrayBuffer {
// expect:   [Uint8Contents]: <00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ... 10 more bytes>,
// expect:   byteLength: 110
// expect: }
console.log([], [1], [1, , 3, , ,], [, 1], new Array(3));
console.log(Object.assign([1, 2], { prop: 'x', '-1': 0 }), Object.assign([], { a: 1 }));
console.log(new (class List extends Array {})(), (class List extends Array {}).from([1]));
console.log(new Uint8Array([1, 2, 3]), new Float64Array(2), new BigInt64Array(1));
console.log(new Uint8Array(), Object.assign(new Uint8Array(1), { a: 1 }));
console.log(new ArrayBuffer(4), new SharedArrayBuffer(1));
console.log(new DataView(new ArrayBuffer(2), 1));
console.log(new ArrayBuffer(60));
console.log(new ArrayBuffer(110));
