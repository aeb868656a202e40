// A bare specifier can only be a native module; the command has none.
// expect-error: Uncaught Error: Cannot find module 'lodash' imported from %{url}/bare-specifier.js: tried the native modules (there are none); a file begins with './', '../' or '/'
// exit: 1
import 'lodash';
