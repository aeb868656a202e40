// process.exit in a microtask keeps the ones behind it from running.
// exit: 7
Promise.resolve().then(() => process.exit(7));
Promise.resolve().then(() => console.log('never'));
