// The global object is a target, by its functions alone too.
// expect: true true 2
// expect: true
// expect: true true true
// expect: TypeError
addEventListener('x', function (e) {
  console.log(this === globalThis, e.target === globalThis, e.eventPhase);
});
dispatchEvent(new Event('x'));
const remove = globalThis.removeEventListener;
const f = () => console.log('never');
globalThis.addEventListener('y', f);
remove('y', f);
console.log(globalThis.dispatchEvent(new Event('y')));
console.log(addEventListener === EventTarget.prototype.addEventListener,
  dispatchEvent === EventTarget.prototype.dispatchEvent,
  removeEventListener === EventTarget.prototype.removeEventListener);
try { addEventListener.call({}, 'x', f); } catch (error) { console.log(error.name); }
