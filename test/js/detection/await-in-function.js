// An await in an async function makes no module.
// expect: true
// expect: 1
console.log(this === exports);
(async () => console.log(await 1))();
