// The mistake of a module is shown, not that it is no script.
// expect-error: Uncaught SyntaxError: unexpected token in expression: ';'
// expect-error: mistake-in-module.js:6:11
// exit: 1
import a from './fixtures/a.js';
const x = ;
