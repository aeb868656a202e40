// A query or fragment makes another instance of the same file.
// expect: 1 2 3
// expect: 1 0
// expect: %{url}/fixtures/counter.js?v=%20x#y
// expect: true
import * as first from './fixtures/counter.js';
import * as second from './fixtures/counter.js?v=2';
import * as third from './fixtures/counter.js#3';
console.log(first.number, second.number, third.number);
first.add();
console.log(first.count, second.count);
console.log(import.meta.resolve('./fixtures/counter.js?v= x#y'));
console.log(await import('./fixtures/a.js?a b') === await import('./fixtures/a.js?a%20b'));
