// What may be left out is None; defaults see what stands before them.
import * as n from 'native';
console.log(n.opt(), n.opt(1), n.opt(2, 'x'), n.opt(undefined, 'x'));
console.log(n.nullable(null), n.nullable(), n.nullable('abc'));
console.log(n.defaults(1));
console.log(n.defaults(1, undefined, 'c'));
console.log(n.defaults(1, 5, 'c', [1], 'f'));
for (const f of [() => n.opt(null), () => n.default_panics(),
  () => n.defaults(1, null)])
  try { f(); console.log('?'); } catch (e) { console.log(String(e)); }
console.log(n.default_panics(4), n.defaults.length, n.opt.length);
// expect: undefined 1 none 2 x undefined
// expect: null null 3
// expect: 1 2 1-2 [0.5, 0.5] e
// expect: 1 2 c [0.5, 0.5] e
// expect: 1 5 c [1.0] f
// expect: TypeError: opt: argument 1 'n': expected integer, got null
// expect: Error: no default
// expect: TypeError: defaults: argument 2 'b': expected integer, got null
// expect: 4 1 0
