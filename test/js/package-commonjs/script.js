// "type": "commonjs" makes every .js a script.
// expect: true
console.log(this === globalThis);
