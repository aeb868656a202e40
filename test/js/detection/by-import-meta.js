// import.meta makes a module.
// expect: undefined object
console.log(this, typeof import.meta);
