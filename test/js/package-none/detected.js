// A package.json without "type" leaves it to what the file holds.
// expect: undefined
export {};
console.log(this);
