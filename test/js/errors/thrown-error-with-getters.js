// Getters that throw do not hide that an error was thrown.
// expect-error: Uncaught Error
// exit: 1
throw Object.defineProperties(new Error('x'), {
  name: { get() { throw 1; } },
  message: { get() { throw 2; } },
  stack: { get() { throw 3; } },
});
