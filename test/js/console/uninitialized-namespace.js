// A namespace whose module has not run yet is shown all the same.
// expect: [Module: null prototype] { a: <uninitialized>, f: [Function: f] }
// expect: [Module: null prototype] { a: 1, f: [Function: f] }
import * as self from './uninitialized-namespace.js';
console.log(self);
export const a = 1;
export function f() {}
console.log(self);
