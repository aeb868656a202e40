// `await` is a name in a script.
// expect: 3 true
var await = 3;
console.log(await, this === globalThis);
