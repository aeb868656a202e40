// Module syntax is a mistake where "type" is "commonjs".
// expect-error: Uncaught SyntaxError
// expect-error: no-module.js:5:
// exit: 1
export {};
