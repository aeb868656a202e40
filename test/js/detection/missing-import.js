// A module whose import is missing is a module: that is what is said.
// expect-error: Uncaught Error: Cannot find module './not-there.js' imported from %{url}/missing-import.js
// exit: 1
import './not-there.js';
