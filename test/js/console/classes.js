// What class a value is of, where its prototypes say something odd.
// expect: {} [ A {}, B {} ] A {}
// expect: [class (anonymous) extends A] [class C] [class (anonymous)] { x: 1 }
// expect: {} Object <[Object: null prototype] {}> {} {}
// expect: Object <[Object: null prototype] {}> { x: 1 }
// expect: { a: 1 } {}
// expect: {}
// expect: A { constructor: 1 } { constructor: [class Q] }
// expect: [Object: null prototype] {} [Function (anonymous)] Object Object(0) [] Object [Map] {}
// expect: [Function (null prototype) (anonymous)]
// expect: [Set(1): null prototype] { 1 }
// expect: [Array(2): null prototype] [ 1, 2 ]
// expect: [Date: null prototype] 1970-01-01T00:00:00.000Z
// expect: [RegExp: null prototype] /x/g
// expect: [Number (null prototype): 1]
// expect: [Uint8Array(1): null prototype] [ 0 ]
// expect: [class X extends [null prototype]]
// expect: T(2) [Uint8Array] [ 0, 0 ] [String (S): 'ab']
// expect: R /x/g P [Promise] { <pending> }
// expect: Fields { shown: 2 }
// expect: U {}
// expect: Object [Tag] { a: 1 }
// expect: {
// expect:   class: [Function: class],
// expect:   'class x': [Function: class x],
// expect:   a: [AsyncFunction: a],
// expect:   g: [GeneratorFunction: g]
// expect: } [Function: class]
// expect: WeakRef {} FinalizationRegistry {} [Symbol: Symbol(x)]
class A {}
class B extends A {}
console.log(A.prototype, [B.prototype, new B()], Object.create(A.prototype));
console.log(class extends A {}, class C extends null {}, class { static x = 1; static m() {} });
console.log(Object.create({}), Object.create(Object.create(null)), Object.create({ a: 1 }));
console.log(Object.assign(Object.create(Object.create(null)), { x: 1 }));
function F() { this.a = 1; }
F.prototype = {};
console.log(new F(), new (class {})());
function G() {}
G.prototype = null;
console.log(new G());
console.log(Object.assign(new A(), { constructor: 1 }), { constructor: class Q {} });
console.log(Object.prototype, Function.prototype, Array.prototype, Map.prototype);
for (const v of [() => {}, new Set([1]), [1, 2], new Date(0), /x/g, Object(1), new Uint8Array(1), class X {}]) {
  console.log(Object.setPrototypeOf(v, null));
}
console.log(new (class T extends Uint8Array {})(2), new (class S extends String {})('ab'));
console.log(new (class R extends RegExp {})('x', 'g'), new (class P extends Promise {})(() => {}));
console.log(new (class Fields { #hidden = 1; shown = 2; })());
console.log(new (class U { get [Symbol.toStringTag]() { return 'U'; } })());
console.log(Object.defineProperty({ a: 1 }, Symbol.toStringTag, { value: 'Tag' }));
const o = { class() {}, 'class x'() {}, async a() {}, *g() {} };
console.log(o, (() => ({ class () {} }).class)());
console.log(new WeakRef({}), new FinalizationRegistry(() => {}), Object(Symbol('x')));
