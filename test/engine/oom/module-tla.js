// module
// Top-level await, import.meta, two modules that import each other.
import def, { a, viaB } from 'a';
import * as b from 'b';
const x = await Promise.resolve(a);
export { x as y };
globalThis.out = [x, def, viaB(), Object.keys(b).join(), typeof import.meta,
  import.meta.name].join('|');
