// A thrown undefined is an error too.
// expect-error: Uncaught undefined
// exit: 1
throw undefined;
