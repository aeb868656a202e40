// `await` is a name in CommonJS.
// expect: 3 true
var await = 3;
console.log(await, this === exports);
