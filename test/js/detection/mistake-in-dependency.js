// The mistake of a dependency is shown at its own place.
// expect-error: Uncaught SyntaxError
// expect-error: %{url}/fixtures/syntax.js:1:
// exit: 1





import './fixtures/syntax.js';
