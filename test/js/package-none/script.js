// A package.json without "type" makes no module of a script.
// expect: true
console.log(this === globalThis);
