// A rejection without a handler is an event; prevented, the program goes on.
// expect: unhandledrejection why true true true true true
// expect: timer
const p = Promise.reject('why');
addEventListener('unhandledrejection', (e) => {
  console.log(e.type, e.reason, e.promise === p, e instanceof PromiseRejectionEvent,
    e.cancelable, e.isTrusted, e.target === globalThis);
  e.preventDefault();
});
addEventListener('error', () => console.log('never'));
setTimeout(() => console.log('timer'), 1);
