// Prototypes of literals, and prototypes that are set later.
(() => {
  const above = { a: 1 }, other = { b: 2 };
  const literal = { __proto__: above, c: 3 }, bare = { __proto__: null, d: 4 };
  const list = Object.setPrototypeOf([1, 2], other);
  class A {}
  Object.setPrototypeOf(A, above);
  Reflect.setPrototypeOf(literal, { __proto__: other, e: 5 });
  globalThis.out = [literal.b, literal.e, bare.d, list.b, A.a].join('|');
})();
