// Returning false prevents a rejection's default; for onerror it does not.
// expect: rejection 1
// expect: error
// expect-error: Uncaught 2
// exit: 1
onunhandledrejection = (e) => { console.log('rejection', e.reason); return false; };
onerror = () => { console.log('error'); return false; };
Promise.reject(1);
setTimeout(() => { throw 2; }, 1);
