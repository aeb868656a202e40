// The program can be imported by its own modules, and is not run twice.
// expect: once
// expect: true
export const value = {};
console.log('once');
import('./import-of-the-program.js')
  .then((self) => console.log(self.value === value));
