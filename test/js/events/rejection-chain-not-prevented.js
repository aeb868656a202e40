// A chain without end that nobody prevents ends with its first.
// expect: 0
// expect-error: Uncaught (in promise) 0
// exit: 1
onunhandledrejection = (e) => { console.log(e.reason); Promise.reject(e.reason + 1); };
Promise.reject(0);
