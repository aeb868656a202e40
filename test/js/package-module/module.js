// "type": "module" makes every .js a module.
// expect: undefined
console.log(this);
