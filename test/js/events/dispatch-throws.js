// A listener that throws does not stop the others, nor the dispatch.
// expect: second
// expect: dispatched true
// expect-error: Uncaught Error: from a listener
// expect-error: dispatch-throws.js:9:
// exit: 1
const t = new EventTarget();
t.addEventListener('x', () => {
  throw new Error('from a listener');
});
t.addEventListener('x', () => console.log('second'));
console.log('dispatched', t.dispatchEvent(new Event('x')));
setTimeout(() => console.log('never'), 1);
