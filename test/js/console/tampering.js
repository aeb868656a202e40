// A program that replaces builtin methods does not break a console in use.
// expect: {}
// expect: { a: [ 1, 'b' ], m: Map(1) { 1 => 2 }, d: 1970-01-01T00:00:00.000Z }
// expect: [ /x/g, Symbol(s), 1n, [Function: f], Uint8Array(1) [ 0 ] ]
// expect: a 1
// expect: called: 0
console.log('%s', {});
let called = 0;
const f = function f() {};
const value = { a: [1, 'b'], m: new Map([[1, 2]]), d: new Date(0) };
const second = [/x/g, Symbol('s'), 1n, f, new Uint8Array(1)];
const bad = () => { called++; throw new Error('tampered'); };
const types = [Array, String, Map, Set, Date, RegExp, Function, Object, Symbol,
  BigInt, Number, Promise, Error];
const { ownKeys, defineProperty, getOwnPropertyDescriptor } = Reflect;
for (let i = 0; i < types.length; i++) {
  const { prototype } = types[i], keys = ownKeys(prototype);
  for (let j = 0; j < keys.length; j++) {
    const d = getOwnPropertyDescriptor(prototype, keys[j]);
    if (keys[j] === 'constructor' || keys[j] === '__proto__') continue;
    if (!d.configurable) continue;
    defineProperty(prototype, keys[j], 'value' in d ? { value: bad } : { get: bad });
  }
}
Map = Number = String = Reflect = Uint8Array = null;
console.log(value);
console.log(second);
console.log('%s', 'a', 1);
console.log('called:', called);
