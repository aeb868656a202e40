// A promise that gets its handler after it was told of has another event.
// expect: unhandled 1
// expect: then
// expect: caught 1
// expect: handled rejectionhandled 1 true false true
const p = Promise.reject(1);
onunhandledrejection = (e) => { e.preventDefault(); console.log('unhandled', e.reason); };
addEventListener('rejectionhandled', (e) => {
  e.preventDefault();
  console.log('handled', e.type, e.reason, e.promise === p, e.cancelable, e.isTrusted);
});
setTimeout(() => {
  p.catch((reason) => console.log('caught', reason));
  p.catch(() => {});
  console.log('then');
}, 1);
