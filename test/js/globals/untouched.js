// To list the globals, or ask for them, does not change them.
// expect: true true true
// expect: true
const names = Object.getOwnPropertyNames(globalThis).includes('process');
const has = 'process' in globalThis && Object.hasOwn(globalThis, 'process');
console.log(names, has, Reflect.ownKeys(globalThis).includes('console'));
console.log(console === globalThis.console);
