// A plain assignment is enough, with nothing touched before.
// expect: 1
globalThis.onunhandledrejection = (e) => { e.preventDefault(); console.log(e.reason); };
Promise.reject(1);
