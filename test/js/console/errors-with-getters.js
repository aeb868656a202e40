// A getter of an error is not called, even where a stack is looked for.
// expect: [Error: a]
// expect: [Error]
// expect: called: 0
let called = 0;
const get = () => { called++; throw 1; };
console.log(Object.defineProperty(new Error('a'), 'stack', { get }));
console.log(Object.defineProperties(new Error('b'),
  { name: { get }, message: { get }, stack: { get } }));
console.log('called:', called);
