// import() gives what import does, and one namespace for all of them.
// expect: a true
// expect: default
// expect: TypeError
// expect: fixtures
import * as a from './fixtures/a.js';
const again = await import('./fixtures/a.js');
console.log(again.default, again === a);
console.log((await import('./fixtures/star.js')).default());
await import(Symbol('x')).catch((error) => console.log(error.name));
await import({ toString() { throw 'fixtures'; } }).catch(console.log);
