// A rejection that nobody handles ends the program.
// expect-error: Uncaught (in promise) RangeError: rejected
// exit: 1
Promise.reject(new RangeError('rejected'));
setTimeout(() => console.log('never'), 20);
