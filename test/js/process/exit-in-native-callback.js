// process.exit leaves through builtins that call back.
// exit: 9
[1, 2].sort(() => process.exit(9));
console.log('never');
