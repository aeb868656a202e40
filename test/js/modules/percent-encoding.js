// A specifier is a URL's path: percent-encoded, and a space may stand as it is.
// expect: %{url}/fixtures/with%20space/c%20d.js
// expect: true
// expect: %{url}/fixtures/p%2541.js
// expect: %{url}/fixtures/q%23x.js
import { url } from './fixtures/with%20space/c%20d.js';
import { url as plain } from './fixtures/with space/c d.js';
import { url as percent } from './fixtures/p%2541.js';
import { url as hash } from './fixtures/q%23x.js';
console.log(url);
console.log(plain === url);
console.log(percent);
console.log(hash);
