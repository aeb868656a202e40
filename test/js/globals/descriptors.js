// Lazy globals are plain data properties from the outside.
// expect: console object true false true
// expect: process object true false true
// expect: setTimeout function true
// expect: false false
for (const name of ['console', 'process']) {
  const d = Object.getOwnPropertyDescriptor(globalThis, name);
  console.log(name, typeof d.value, d.writable, d.enumerable, d.configurable);
}
const d = Object.getOwnPropertyDescriptor(globalThis, 'setTimeout');
console.log('setTimeout', typeof d.value, d.writable);
console.log('get' in d, Object.keys(globalThis).includes('console'));
