// A listener that only looks on leaves the default: report and exit code 1.
// expect: seen Uncaught Error: x
// expect-error: Uncaught Error: x
// exit: 1
addEventListener('error', (e) => console.log('seen', e.message));
setTimeout(() => console.log('never'), 1);
throw new Error('x');
