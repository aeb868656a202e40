// Of two errors the first one ends the program.
// expect-error: Uncaught (in promise) first
// exit: 1
Promise.reject('first');
Promise.reject('second');
