// A file that is reached through a symbolic link is the same module.
// expect: true
// expect: %{url}/fixtures/a.js
import * as real from './fixtures/a.js';
import * as linked from './fixtures/link.js';
console.log(real === linked);
console.log(linked.url);
