// The package.json of a folder further up decides.
// expect: undefined
console.log(this);
