// Many types, and many listeners for once, come and go.
// expect: 20000
const t = new EventTarget();
let n = 0;
for (let i = 0; i < 1000; i++) t.addEventListener('first', () => n++, { once: true });
for (let i = 0; i < 1000; i++) t.dispatchEvent(new Event('first'));
for (let i = 0; i < 19000; i++) {
  t.addEventListener(`t${i}`, () => n++, { once: true });
  t.dispatchEvent(new Event(`t${i}`));
}
console.log(n);
