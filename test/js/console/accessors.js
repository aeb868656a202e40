// Getters are named and never called, also those that throw.
// expect: { a: [Getter], b: [Setter], c: [Getter/Setter] }
// expect: [ [ [Getter] ] ]
// expect: { x: { y: { z: [Getter] } } }
// expect: [ 1, x: [Getter] ]
// expect: [Function (anonymous)] { a: 1 } { only: [Setter] }
console.log({ get a() { throw 1; }, set b(v) {}, get c() { return 1; }, set c(v) {} });
console.log([Object.defineProperty([], 0, { get() { throw 1; }, enumerable: true })]);
console.log({ x: { y: { get z() { throw 1; } } } });
console.log(Object.defineProperty([1], 'x', { get() { throw 1; }, enumerable: true }));
console.log(Object.assign(() => {}, { a: 1 }), { set only(v) {} });
