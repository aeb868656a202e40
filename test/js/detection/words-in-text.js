// What stands in strings, comments and patterns decides nothing.
// expect: true
/* import './nowhere.js'; export {} */
const text = `import x from 'y'; export default await import.meta`;
const pattern = /import.meta/;
console.log(this === exports && text && pattern && true);
