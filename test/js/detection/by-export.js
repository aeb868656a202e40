// An export makes a module, wherever it stands.
// expect: undefined
console.log(this);
export {};
