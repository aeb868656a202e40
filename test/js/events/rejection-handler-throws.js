// What a handler of rejections throws is an error event.
// expect: error in the handler
// expect-error: Uncaught (in promise) why
// exit: 1
onunhandledrejection = () => { throw 'in the handler'; };
onerror = (m, f, l, c, error) => { console.log('error', error); return true; };
Promise.reject('why');
