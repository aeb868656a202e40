// Stacks hold no frames of the loader.
// expect-error: Uncaught Error: thrown
// expect-error:     at <anonymous> (%{url}/fixtures/throws.js:1:7)
// expect-error:     at <anonymous> (%{url}/fixtures/requires.js:1:11)
// expect-error:     at <anonymous> (%{url}/stack.js:7:1)
// exit: 1
require('./fixtures/requires');
