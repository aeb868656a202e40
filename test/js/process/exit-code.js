// process.exitCode is the code of a program that ends by itself.
// expect: undefined
// expect: 3
// exit: 3
console.log(process.exitCode);
process.exitCode = 3;
console.log(process.exitCode);
