// A rejection that a dependency waits for is the program's error.
// expect-error: Uncaught RangeError: awaited
// expect-error: %{url}/fixtures/rejects.js:1:
// exit: 1
import './fixtures/rejects.js';
console.log('never');
