// A class of errors shows the name that it has.
// expect-error: Uncaught NotFound: gone
// exit: 1
class NotFound extends Error {
  get name() { return 'NotFound'; }
}
throw new NotFound('gone');
