// A lazy global can be defined anew before it was ever looked at.
// expect: 1 false
Object.defineProperty(globalThis, 'process', { value: 1, writable: false });
console.log(process, Object.getOwnPropertyDescriptor(globalThis, 'process').writable);
