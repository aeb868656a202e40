// The mistake behind an await at the top is shown.
// expect-error: Uncaught SyntaxError: unexpected token in expression: ';'
// expect-error: mistake-behind-await.js:6:11
// exit: 1
await 1;
const x = ;
