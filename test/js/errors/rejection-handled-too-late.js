// A handler that comes in a later turn is too late.
// expect-error: Uncaught (in promise) late
// exit: 1
const p = Promise.reject('late');
setTimeout(() => p.catch(() => console.log('never')), 1);
