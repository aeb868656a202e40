// An event can be dispatched again, but not while it is.
// expect: InvalidStateError true
// expect: canceled stays false
const t = new EventTarget();
const e = new Event('x', { cancelable: true });
t.addEventListener('x', () => {
  try { t.dispatchEvent(e); } catch (error) { console.log(error.name, error instanceof DOMException); }
  e.preventDefault();
}, { once: true });
t.dispatchEvent(e);
console.log('canceled stays', t.dispatchEvent(e));
