// An import of a name that is not exported says both, and where it stands.
// expect-error: SyntaxError
// expect-error: nothing
// expect-error: './fixtures/a.js'
// expect-error: at %{url}/missing-export.js:7:10
// exit: 1
import { nothing } from './fixtures/a.js';
