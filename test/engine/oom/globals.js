// Global lexical and var bindings, functions, redeclaration, deletion.
var gvar = 1;
function gfunc() { return gvar; }
globalThis.assigned ??= 5;
(0, eval)('var deletable = 2; function evalFunc() { return deletable; }');
globalThis.gone = 3;
delete globalThis.gone;
globalThis.out = [gvar, gfunc(), assigned, evalFunc(), typeof gone,
  Object.keys(globalThis).includes('gvar'), performance.now() >= 0,
  typeof queueMicrotask].join('|');
