// The mistake of a script is shown, not that it is no module.
// expect-error: Uncaught SyntaxError: unexpected token in expression: ';'
// expect-error: mistake-in-script.js:6:11
// exit: 1
with ({}) {}
const x = ;
