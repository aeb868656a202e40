// A listener for once is gone before it is called.
// expect: 1
// expect: nested
const t = new EventTarget();
let n = 0;
t.addEventListener('x', () => { n++; t.dispatchEvent(new Event('x')); }, { once: true });
t.dispatchEvent(new Event('x'));
t.dispatchEvent(new Event('x'));
console.log(n);
t.addEventListener('y', () => console.log('nested'), { once: true });
t.dispatchEvent(new Event('y'));
t.dispatchEvent(new Event('y'));
