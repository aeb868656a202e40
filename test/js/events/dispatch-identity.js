// A listener is its type, callback and capture; other options do not count.
// expect: 2
// expect: 1
// expect: 0
const t = new EventTarget();
let n = 0;
const f = () => n++;
const count = () => { n = 0; t.dispatchEvent(new Event('x')); return n; };
t.addEventListener('x', f);
t.addEventListener('x', f, { passive: true, once: true });
t.addEventListener('x', f, true);
t.addEventListener('x', f, { capture: 1 });
console.log(count());
t.removeEventListener('x', f, { capture: true, once: true });
console.log(count());
t.removeEventListener('x', f, null);
t.removeEventListener('x', f);
console.log(count());
