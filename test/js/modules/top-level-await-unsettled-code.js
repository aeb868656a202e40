// Code that awaits for ever keeps an exit code that was asked for by process.exit.
// expect: bye
// exit: 4
setTimeout(() => { console.log('bye'); process.exit(4); }, 1);
await new Promise(() => {});
