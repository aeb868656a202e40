// Neither is a CustomEvent made anew while it is dispatched.
// expect: x 1
const t = new EventTarget(), e = new CustomEvent('x', { detail: 1 });
t.addEventListener('x', (event) => event.initCustomEvent('y', true, true, 2));
t.dispatchEvent(e);
console.log(e.type, e.detail);
