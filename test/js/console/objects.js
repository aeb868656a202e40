// Objects show their class, their tag and their own enumerable properties.
// expect: {} { a: 1 } Point { x: 1 } Pixel { x: 2 } [ Point { x: 3 } ]
// expect: [Object: null prototype] {} [Object: null prototype] { a: 1 }
// expect: {} Point {} {}
// expect: { [Symbol(key)]: 1, [Symbol(Symbol.toStringTag)]: 'Own' }
// expect: [class Tagged]
// expect: { a: 1 }
// expect: Object [Math] {} Object [JSON] {} Object [Reflect] {} Object [Atomics] {}
// expect: [Arguments] { '0': 1, '1': 2 }
// expect: Object [Array Iterator] {} Object [String Iterator] {} Object [Generator] {}
// expect: { ['__proto__']: 1 } { constructor: 1 } { constructor: { name: 'X' } }
class Point { #secret = 0; constructor(x) { this.x = x; } get y() { return 1; } }
class Pixel extends Point {}
console.log({}, { a: 1 }, new Point(1), new Pixel(2), [new Point(3)]);
console.log(Object.create(null), Object.assign(Object.create(null), { a: 1 }));
console.log(Object.create({ a: 1 }), Object.create(Point.prototype), Point.prototype);
console.log({ [Symbol('key')]: 1, [Symbol.toStringTag]: 'Own' });
console.log(new (class Tagged { get [Symbol.toStringTag]() { return 'T'; } })().constructor);
console.log(Object.defineProperty({ a: 1 }, 'hidden', { value: 2 }));
console.log(Math, JSON, Reflect, globalThis.Atomics);
console.log((function () { return arguments; })(1, 2));
console.log([].values(), ''[Symbol.iterator](), (function* () {})());
console.log({ ['__proto__']: 1 }, { constructor: 1 }, { constructor: { name: 'X' } });
