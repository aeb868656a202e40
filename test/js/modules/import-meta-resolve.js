// import.meta.resolve counts from its own module; the file may be missing.
// expect: %{url}/fixtures/a.js
// expect: %{url}/fixtures/a.js
// expect: %{url}/not-there.js?q#f
// expect: https://example.org/x.js
// expect: Error ERR_MODULE_NOT_FOUND
// expect: Error ERR_INVALID_MODULE_SPECIFIER
// expect: TypeError import.meta.resolve: a specifier with NUL
// expect: TypeError import.meta.resolve: expected a string
// expect: %{url}/fixtures/a.js
import { there } from './fixtures/meta.js';
const { resolve } = import.meta;
console.log(there);
console.log(resolve('./fixtures/link.js'));
console.log(resolve('./not-there.js?q#f'));
console.log(resolve('https://example.org/x.js'));
for (const s of ['bare', './a%2fb', './a\0b', 5]) {
  try {
    resolve(s);
  } catch (error) {
    console.log(error.name, error.code ?? error.message);
  }
}
console.log(resolve.call(undefined, './fixtures/a.js'));
