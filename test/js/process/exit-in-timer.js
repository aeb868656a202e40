// process.exit in a callback ends the loop.
// exit: 6
setTimeout(() => process.exit(6), 1);
setTimeout(() => console.log('never'), 20);
