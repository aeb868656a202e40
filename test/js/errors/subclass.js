// A class of errors shows its name; getters are not called.
// expect-error: Uncaught NotFound [Error]: gone
// exit: 1
class NotFound extends Error {
  get name() { return 'NotFound'; }
}
throw new NotFound('gone');
