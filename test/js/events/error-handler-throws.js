// An error within an error handler is not reported to handlers again. The
// first one was not prevented.
// expect: a
// expect: b
// expect-error: Uncaught first
// exit: 1
addEventListener('error', () => { console.log('a'); throw 'in the handler'; });
addEventListener('error', () => console.log('b'));
throw 'first';
