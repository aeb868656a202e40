// A file is imported as what `type` says, each as a module of its own, once.
// expect: 1 true
// expect: "{ \"a\": 1 }\n"
// expect: Uint8Array 11 123
// expect: default
// expect: true false
// expect: "text\n" 5
import value from './fixtures/data.json' with { type: 'json' };
import text from './fixtures/data.json' with { type: 'text' };
import bytes from './fixtures/data.json' with { type: 'bytes' };
import * as all from './fixtures/data.json' with { type: 'json' };
import { again } from './fixtures/data-again.js';

console.log(value.a, Object.isExtensible(value));
console.log(JSON.stringify(text));
console.log(bytes.constructor.name, bytes.length, bytes[0]);
console.log(Object.keys(all).join());
console.log(again === value, (await import('./fixtures/data.json?x',
  { with: { type: 'json' } })).default === value);
const as = async (type) =>
  (await import('./fixtures/text.txt', { with: { type } })).default;
console.log(JSON.stringify(await as('text')), (await as('bytes')).length);
