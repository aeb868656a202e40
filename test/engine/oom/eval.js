// Direct and indirect eval, new Function and its generator relatives.
{
  function f(a) { let b = 2; return eval('a + b + (() => b)()'); }
  const G = Object.getPrototypeOf(function* () {}).constructor;
  (0, eval)('var evalVar = 7;');
  let err;
  try { eval('let x = ;'); } catch (e) {
    if (!(e instanceof SyntaxError)) throw e;
    err = e.name;
  }
  globalThis.out = [f(1), new Function('a', 'b = 3', 'return a + b')(1),
    [...new G('yield 1; yield* [2]')()].join(), evalVar, err,
    eval('(class { static s = 5 }).s'), eval('`${1 + 1}`'),
    (function () { 'use strict'; return eval('var q = 1; q'); })(),
    new Function('return function named() {}')().toString()].join('|');
}
