// A lazy global can be deleted before it was ever looked at.
// expect: true false undefined
const done = delete globalThis.process;
console.log(done, 'process' in globalThis, typeof process);
