// Lists with holes, keys of other kinds, and prototypes of their own.
// expect: [ 1, <1 empty item>, 3 ] [ <3 empty items> ] [ <1 empty item>, 'a', <1 empty item>, 'b', <2 empty items> ] [ 1, <1 empty item>, 3, a: 1, '-1': 2, '1.5': 3 ]
// expect: [ 1, 2, 3, <197 empty items>, 1 ]
// expect: [
// expect:   0,              <1 empty item>, 2,              <1 empty item>, 4,
// expect:   <1 empty item>, 6,              <1 empty item>, 8,              <1 empty item>,
// expect:   10,             <1 empty item>, 12,             <1 empty item>, 14,
// expect:   <1 empty item>, 16,             <1 empty item>, 18,             <1 empty item>,
// expect:   20,             <1 empty item>, 22,             <1 empty item>, 24,
// expect:   <1 empty item>, 26,             <1 empty item>, 28,             <1 empty item>,
// expect:   30,             <1 empty item>, 32,             <1 empty item>, 34,
// expect:   <1 empty item>, 36,             <1 empty item>, 38,             <1 empty item>,
// expect:   40,             <1 empty item>, 42,             <1 empty item>, 44,
// expect:   <1 empty item>, 46,             <1 empty item>, 48,             <1 empty item>,
// expect:   50,             <1 empty item>, 52,             <1 empty item>, 54,
// expect:   <1 empty item>, 56,             <1 empty item>, 58,             <1 empty item>,
// expect:   60,             <1 empty item>, 62,             <1 empty item>, 64,
// expect:   <1 empty item>, 66,             <1 empty item>, 68,             <1 empty item>,
// expect:   70,             <1 empty item>, 72,             <1 empty item>, 74,
// expect:   <1 empty item>, 76,             <1 empty item>, 78,             <1 empty item>,
// expect:   80,             <1 empty item>, 82,             <1 empty item>, 84,
// expect:   <1 empty item>, 86,             <1 empty item>, 88,             <1 empty item>,
// expect:   90,             <1 empty item>, 92,             <1 empty item>, 94,
// expect:   <1 empty item>, 96,             <1 empty item>, 98,             <1 empty item>,
// expect:   ... 200 more items
// expect: ]
// expect: [
// expect:                   0,  1,  2,  3,
// expect:                   4,  5,  6,  7,
// expect:                   8,  9, 10, 11,
// expect:                  12, 13, 14, 15,
// expect:                  16, 17, 18, 19,
// expect:                  20, 21, 22, 23,
// expect:                  24, 25, 26, 27,
// expect:                  28, 29, 30, 31,
// expect:                  32, 33, 34, 35,
// expect:                  36, 37, 38, 39,
// expect:                  40, 41, 42, 43,
// expect:                  44, 45, 46, 47,
// expect:                  48, 49, 50, 51,
// expect:                  52, 53, 54, 55,
// expect:                  56, 57, 58, 59,
// expect:                  60, 61, 62, 63,
// expect:                  64, 65, 66, 67,
// expect:                  68, 69, 70, 71,
// expect:                  72, 73, 74, 75,
// expect:                  76, 77, 78, 79,
// expect:                  80, 81, 82, 83,
// expect:                  84, 85, 86, 87,
// expect:                  88, 89, 90, 91,
// expect:                  92, 93, 94, 95,
// expect:                  96, 97, 98, 99,
// expect:   ... 10 more items,
// expect:   extra: 1
// expect: ]
// expect: [Arguments] { '0': 1, '1': 'a' } [Arguments] {}
// expect: [String: 'abc'] { x: 1 } [ [String: 'a'], [Number: 1] ]
// expect: DataView {
// expect:   byteLength: 2,
// expect:   byteOffset: 1,
// expect:   buffer: ArrayBuffer { [Uint8Contents]: <00 00 00 00>, byteLength: 4 }
// expect: } [ ArrayBuffer { [Uint8Contents]: <00 00 00>, byteLength: 3 } ]
// expect: { ['__proto__']: 3, '"': 4, "'": 5, [Symbol(a\nb)]: 1, [Symbol()]: 2 }
// expect: [ -0, 0, 1e+21, 1e-7, NaN, -Infinity ] [ 1n, -1n, 1180591620717411303424n ]
// expect: Promise { { a: { b: [Object] } } } Promise { 1, x: 1 }
console.log([1, , 3], [, , ,], [, 'a', , 'b', , ,], Object.assign([1, , 3], { a: 1, '-1': 2, '1.5': 3 }));
const far = [1, 2, 3];
far[200] = 1;
console.log(far);
const many = Array(300);
for (let i = 0; i < 300; i += 2) many[i] = i;
console.log(many);
console.log(Object.assign(Array.from({ length: 110 }, (_, i) => i), { extra: 1 }));
console.log((function () { return arguments; })(1, 'a'), (function () { return arguments; })());
console.log(Object.assign(Object('abc'), { x: 1 }), [Object('a'), Object(1)]);
console.log(new DataView(new ArrayBuffer(4), 1, 2), [new ArrayBuffer(3)]);
console.log({ [Symbol('a\nb')]: 1, [Symbol()]: 2, ['__proto__']: 3, '"': 4, "'": 5 });
console.log([-0, 0, 1e21, 1e-7, NaN, -Infinity], [1n, -1n, 2n ** 70n]);
console.log(Promise.resolve({ a: { b: { c: {} } } }), Object.assign(Promise.resolve(1), { x: 1 }));
