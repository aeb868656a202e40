// "type": "commonjs" makes every .js CommonJS.
// expect: true
console.log(typeof module === 'object');
