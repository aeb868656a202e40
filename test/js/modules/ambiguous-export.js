// A name that two `export *` give is left out, and cannot be imported.
// expect: y
// expect: SyntaxError
import * as all from './fixtures/ambiguous.js';
console.log(Object.keys(all).join());
await import('./fixtures/imports-ambiguous.js')
  .catch((error) => console.log(error.name));
