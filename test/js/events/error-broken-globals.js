// A program that took the globals apart has its error shown all the same.
// expect-error: Uncaught Error: x
// exit: 1
onerror = () => true;
delete globalThis.DOMException;
Object.getOwnPropertyDescriptor = Object.defineProperty = undefined;
throw new Error('x');
