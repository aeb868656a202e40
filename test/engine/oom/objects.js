// Accessors, descriptors, freezing, shapes that turn into dictionaries.
{
  const o = { get a() { return this._a; }, set a(v) { this._a = v * 2; }, __proto__: { p: 1 } };
  o.a = 2;
  const many = {};
  for (let i = 0; i < 100; i++) many['k' + i] = i;
  for (let i = 0; i < 100; i += 2) delete many['k' + i];
  const frozen = Object.freeze({ x: { y: 1 } });
  let thrown;
  try { 'use strict'; Object.defineProperty(frozen, 'x', { value: 2 }); } catch (e) {
    if (!(e instanceof TypeError)) throw e;
    thrown = 'frozen';
  }
  const c = Object.create(o, { q: { value: 1, enumerable: true }, r: { get: () => 5 } });
  const arr = [1, 2, 3];
  arr.length = 1; arr[5] = 6; arr.named = 7;
  (function () { 'use strict'; arr[1000000] = 1; })();
  function mapped(a, b) { arguments[0] = 9; arguments.length = 1; return a + [...arguments].join(); }
  globalThis.out = [o.a, Object.keys(many).length, thrown, c.a, c.r, c.p,
    JSON.stringify(Object.getOwnPropertyDescriptors(c)), Object.entries(o).join(),
    arr.length, Object.keys(arr).join(), Object.isSealed(Object.seal({})),
    Object.fromEntries([['a', 1]]).a, JSON.stringify(Object.assign({}, 'ab', [3])),
    structuredLike({ a: [1, { b: 2 }] }).a[1].b, mapped(1, 2), o.hasOwnProperty('a'),
    Object.getOwnPropertyNames(function f(a) {}).join(), o.__lookupGetter__('a').name,
    globalThis.propertyIsEnumerable('Object')].join('|');
  function structuredLike(v) {
    return Array.isArray(v) ? v.map(structuredLike) : v && typeof v === 'object'
      ? Object.fromEntries(Object.entries(v).map(([k, x]) => [k, structuredLike(x)])) : v;
  }
}
