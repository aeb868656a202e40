// An import of a name that is not exported says both.
// expect-error: SyntaxError
// expect-error: nothing
// expect-error: %{url}/fixtures/a.js
// exit: 1
import { nothing } from './fixtures/a.js';
