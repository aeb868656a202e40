// An error in a timer ends the program at once.
// expect-error: Uncaught Error: in a timer
// exit: 1
setTimeout(() => { throw new Error('in a timer'); }, 1);
setTimeout(() => console.log('never'), 20);
