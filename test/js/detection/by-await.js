// An await at the top makes a module, without any import.
// expect: undefined 1
console.log(this, await 1);
