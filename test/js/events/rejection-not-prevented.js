// Not prevented, it ends the program: exit code 1.
// expect: seen 1
// expect-error: Uncaught (in promise) 1
// exit: 1
onunhandledrejection = (e) => { console.log('seen', e.reason); return true; };
addEventListener('error', () => console.log('never'));
setTimeout(() => console.log('never'), 1);
Promise.reject(1);
