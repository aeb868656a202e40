// A `for await` at the top makes a module.
// expect: 1
// expect: undefined
for await (const x of [Promise.resolve(1)]) console.log(x);
console.log(this);
