// Not prevented, it ends the program as an error.
// expect: seen
// expect-error: Uncaught Error: top
// exit: 1
addEventListener('error', () => console.log('seen'));
setTimeout(() => console.log('never'), 50);
await null;
throw new Error('top');
