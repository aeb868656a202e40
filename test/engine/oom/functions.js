// Functions as values: bind, call, apply, their names and texts, arguments.
function sum(a, b, c = 3) { return (this?.base ?? 0) + a + b + c; }
const bound = sum.bind({ base: 10 }, 1);
const twice = bound.bind(null, 2);
class Base { constructor(x) { this.x = x; } }
const Made = Base.bind(null, 7);
function mapped(a) { arguments[0] = 9; return a + arguments.length; }
function strict() { 'use strict'; return [...arguments].join(); }
let keys = '';
for (const k in { a: 1, b: 2, __proto__: { c: 3 } }) keys += k;
globalThis.out = [
  bound(2), twice(), bound.name, bound.length, new Made().x,
  sum.call({ base: 1 }, 1, 1), sum.apply(undefined, [1, 1, 1]),
  Reflect.apply(sum, null, [1, 2]), Reflect.construct(Base, [4]).x,
  mapped(1, 2), strict(1, 'x'), keys, String(sum).length, String(bound),
  Function.prototype.toString.call(Math.max),
].join('|');
