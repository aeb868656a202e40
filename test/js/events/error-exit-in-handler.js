// A handler may end the program with a code of its own.
// expect: last words
// exit: 7
onerror = () => { console.log('last words'); process.exit(7); };
setTimeout(() => console.log('never'), 1);
throw new Error('x');
