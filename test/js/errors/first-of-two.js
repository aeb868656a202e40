// Of two errors the first one ends the program.
// expect-error: Uncaught first
// exit: 1
Promise.reject('first');
Promise.reject('second');
