// process.exit in a module that others wait for ends the program.
// exit: 8
await import('./fixtures/exits.js');
console.log('never');
