// Functions, classes, dates, patterns and boxed primitives.
// expect: [Function (anonymous)] [Function: f] [AsyncFunction (anonymous)] [GeneratorFunction: g] [AsyncGeneratorFunction: h]
// expect: [class A] [class B extends Array] [class (anonymous)] [class C] { s: 1 }
// expect: [Function: f] { prop: 1 } [Function: Map] [Function: max] [Function: bound ]
// expect: [Function (null prototype): f]
// expect: 1970-01-01T00:00:00.000Z Invalid Date /a\/b/gi /(?:)/ [ 1970-01-01T00:00:00.001Z, /x/ ]
// expect: /x/ { a: 1 } D 1970-01-01T00:00:00.000Z
// expect: [Number: -0] [String: "it's"] [Boolean: false] [BigInt: 1n] [Symbol: Symbol(x)]
// expect: [String: 'ab'] { c: 1 } [Number (N): 1]
console.log(() => {}, function f() {}, async () => {}, function* g() {}, async function* h() {});
console.log(class A {}, class B extends Array {}, class {}, Object.assign(class C {}, { s: 1 }));
console.log(Object.assign(function f() {}, { prop: 1 }), Map, Math.max, (() => {}).bind());
console.log(Object.setPrototypeOf(function f() {}, null));
console.log(new Date(0), new Date(NaN), /a\/b/gi, new RegExp(''), [new Date(1), /x/]);
console.log(Object.assign(/x/, { a: 1 }), new (class D extends Date {})(0));
console.log(new Number(-0), new String("it's"), new Boolean(false), Object(1n), Object(Symbol('x')));
console.log(Object.assign(new String('ab'), { c: 1 }), new (class N extends Number {})(1));
