// An error in a microtask ends the program; the jobs beside it still run.
// expect: beside
// expect-error: Uncaught Error: in a job
// exit: 1
queueMicrotask(() => { throw new Error('in a job'); });
queueMicrotask(() => console.log('beside'));
setTimeout(() => console.log('never'), 1);
