// A package.json without "type" makes no module of CommonJS.
// expect: true
console.log(typeof module === 'object');
