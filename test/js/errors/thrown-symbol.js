// A thrown symbol is shown.
// expect-error: Uncaught Symbol(why)
// exit: 1
throw Symbol('why');
