// Freezing the global object makes what is lazy, and keeps it working.
// expect: object false
Object.freeze(globalThis);
console.log(typeof process, Object.getOwnPropertyDescriptor(globalThis, 'process').writable);
