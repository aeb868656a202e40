// An import is the exporting module's variable, not a copy of it.
// expect: 0 1
// expect: TypeError
import { count, add } from './fixtures/counter.js';
const before = count;
add();
console.log(before, count);
try {
  count = 5;
} catch (error) {
  console.log(error.name);
}
