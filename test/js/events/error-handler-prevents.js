// onerror returns true: prevented. Other truth is not enough.
// expect: 5 Uncaught Error: one Error: one true
// expect: again
// expect-error: Uncaught Error: two
// exit: 1
onerror = function (message, file, line, column, error) {
  console.log(arguments.length, message, `${error}`, this === globalThis);
  onerror = () => { console.log('again'); return 1; };
  return true;
};
setTimeout(() => { throw new Error('two'); }, 1);
setTimeout(() => console.log('never'), 20);
throw new Error('one');
