// isTrusted belongs to each event, cannot be changed, and is the same getter.
// expect: false true false undefined
// expect: true
// expect: TypeError TypeError
const d = Object.getOwnPropertyDescriptor(new Event('x'), 'isTrusted');
console.log(new Event('x').isTrusted, d.enumerable, d.configurable, d.set);
console.log(d.get === Object.getOwnPropertyDescriptor(new CustomEvent('y'), 'isTrusted').get);
const fails = (f) => { try { f(); return 'nothing'; } catch (error) { return error.name; } };
console.log(fails(() => { 'use strict'; new Event('x').isTrusted = true; }), fails(() => d.get.call({})));
