// Looking at other globals leaves errors what they are.
// expect: true function
// expect-error: Uncaught Error: x
// exit: 1
console.log('onerror' in globalThis, typeof setTimeout);
onerror = null;
throw new Error('x');
