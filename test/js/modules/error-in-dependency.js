// An error that a dependency throws ends the program, with its own place.
// expect-error: Uncaught RangeError: from a dependency
// expect-error: %{url}/fixtures/throws.js:3:
// exit: 1
import './fixtures/throws.js';
console.log('never');
