// A dependency with a syntax error is reported by the module that waits for it.
// expect: caught SyntaxError true
onerror = (message, file, line, column, error) => {
  console.log('caught', error.name, message.startsWith('Uncaught SyntaxError'));
  return true;
};
setTimeout(() => (0, eval)('let = ;'), 1);
