// initEvent makes an event anew, but not while it is dispatched.
// expect: y true true false
// expect: y false false null
// expect: y
// expect: z 1 q 2
const e = new Event('x', { cancelable: true });
e.preventDefault();
e.initEvent('y', true, true);
console.log(e.type, e.bubbles, e.cancelable, e.defaultPrevented);
const t = new EventTarget();
t.addEventListener('y', (event) => event.initEvent('never'));
t.dispatchEvent(e);
e.initEvent('y');
console.log(e.type, e.bubbles, e.cancelable, e.target);
try { e.initEvent(); } catch { console.log(e.type); }
const c = new CustomEvent('z', { detail: 1 });
const before = `${c.type} ${c.detail}`;
c.initCustomEvent('q', false, false, 2);
console.log(before, c.type, c.detail);
