// An error elsewhere ends a program that waits at its top.
// expect-error: Uncaught Error: elsewhere
// exit: 1
setTimeout(() => { throw new Error('elsewhere'); }, 1);
await new Promise((done) => setTimeout(done, 1000));
console.log('never');
