// Prevented or not, what the handler itself throws is uncaught.
// expect: 1
// expect-error: Uncaught in the handler
// exit: 1
addEventListener('error', (e) => { e.preventDefault(); console.log(1); throw 'in the handler'; });
setTimeout(() => console.log('never'), 1);
throw 'first';
