// A bare specifier that names neither a native module nor a package says what was
// tried.
// expect: ERR_MODULE_NOT_FOUND Cannot find module 'lodash' imported from file://HERE/bare-specifier.js: tried the native modules (there are none), the builtin modules (there are 'tenon:process' and node's), the packages (no node_modules in or above HERE); a file begins with './', '../' or '/'
await import('lodash').catch(({ code, message }) =>
  console.log(code, message.replaceAll(import.meta.dirname, 'HERE')));
