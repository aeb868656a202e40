// A PromiseRejectionEvent holds what it is given.
// expect: true undefined false why
const promise = Promise.resolve();
const e = new PromiseRejectionEvent('x', { promise });
console.log(e.promise === promise, e.reason, e.cancelable,
  new PromiseRejectionEvent('x', { promise: {}, reason: 'why' }).reason);
