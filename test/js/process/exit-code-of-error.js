// An error that nobody caught is code 1, whatever process.exitCode says.
// expect-error: Uncaught oops
// exit: 1
process.exitCode = 3;
throw 'oops';
