// console.dir shows by options, and a value's own method has no part in it.
// expect: { a: { b: { c: [Object] } } }
// expect: { a: [Object] }
// expect: {
// expect:   a: { b: { c: { d: 1 } } }
// expect: }
// expect: [ 1, [length]: 1 ]
// expect: {
// expect:   [Symbol(nodejs.util.inspect.custom)]: [Function: [nodejs.util.inspect.custom]]
// expect: }
// expect: 'text'
// expect: 5
// expect: undefined
const deep = { a: { b: { c: { d: 1 } } } };
console.dir(deep);
console.dir(deep, { depth: 0 });
console.dir(deep, { depth: null });
console.dir([1], { showHidden: true });
console.dir({ [Symbol.for('nodejs.util.inspect.custom')]() { return 'own'; } });
console.dir('text');
console.dir(5, null);
console.dir();
