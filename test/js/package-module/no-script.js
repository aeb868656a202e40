// What only a script may hold is a mistake where "type" is "module".
// expect-error: Uncaught SyntaxError: invalid keyword: with
// exit: 1
with ({}) {}
