// The nearest package.json decides, not one further up.
// expect: undefined
console.log(this);
