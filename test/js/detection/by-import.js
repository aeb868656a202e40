// An import declaration makes a module: strict, `this` is undefined.
// expect: undefined undefined a
import a from './fixtures/a.js';
console.log(this, (function () { return this; })(), a);
