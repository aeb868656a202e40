// What only a module forbids is shown once an import made it a module.
// expect-error: Uncaught SyntaxError: Octal literals are not allowed in strict mode
// expect-error: mistake-in-strictness.js:6:
// exit: 1
import './fixtures/a.js';
const x = 010;
