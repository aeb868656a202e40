// An object listens by its handleEvent, looked up each time, also inherited.
// expect: one true
// expect: two true
const t = new EventTarget();
const o = { handleEvent() { console.log('one', this === o); } };
t.addEventListener('x', o);
t.dispatchEvent(new Event('x'));
o.handleEvent = function () { console.log('two', this === o); };
t.dispatchEvent(new Event('x'));
