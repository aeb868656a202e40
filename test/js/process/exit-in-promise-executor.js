// A Promise executor does not swallow process.exit.
// exit: 10
new Promise(() => process.exit(10));
console.log('never');
