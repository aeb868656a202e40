// An object that cannot be called is no handler, and no error.
// expect-error: Uncaught Error: x
// exit: 1
onerror = { handleEvent() { console.log('never'); } };
throw new Error('x');
