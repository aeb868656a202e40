// A relative specifier counts from the module it stands in, also through '..'.
// expect: a a of the parent
// expect: a a a
import * as relative from './fixtures/sub/relative.js';
import one from './fixtures/a.js';
import two from './fixtures/sub/../a.js';
import three from './fixtures/sub/../../fixtures/./a.js';
console.log(relative.own, relative.parent, relative.far);
console.log(one, two, three);
