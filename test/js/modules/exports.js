// All forms of export, by name, as default and as a namespace.
// expect: 1 2 3 function default 5
// expect: Four a string name default fifth one three two
// expect: [object Module] null true
// expect: TypeError TypeError
// expect: 1 1 default undefined
import make, { one, two, three, Four, fifth } from './fixtures/exports.js';
import * as all from './fixtures/exports.js';
import * as star from './fixtures/star.js';
console.log(one, two, three(), typeof Four, make(), fifth);
console.log(Object.keys(all).join(' '));
console.log(Object.prototype.toString.call(all), Object.getPrototypeOf(all), Object.isSealed(all));
const failures = [() => { all.one = 2; }, () => { all.six = 6; }].map((f) => {
  try { f(); return 'done'; } catch (error) { return error.name; }
});
console.log(failures.join(' '));
console.log(star.uno, star.all.one, star.default(), star.nothing);
