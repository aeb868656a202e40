// An import for its effects alone makes a module.
// expect: undefined
import './fixtures/a.js';
console.log(this);
