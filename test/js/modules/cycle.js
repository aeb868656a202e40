// Modules that import each other see each other's bindings, functions first.
// expect: ahoisteda
// expect: true
import { both } from './fixtures/cycle-a.js';
import { isSelf } from './fixtures/self.js';
console.log(both);
console.log(isSelf());
