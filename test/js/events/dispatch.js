// A dispatch calls the listeners of its type in their order, with the target.
// expect: 1 true true 2 true x false
// expect: 2
// expect: true 0 null true 0
const t = new EventTarget();
t.addEventListener('x', function (e) {
  console.log(1, this === t, e.target === t && e.currentTarget === t && e.srcElement === t,
    e.eventPhase, e.composedPath()[0] === t && e.composedPath().length === 1, e.type, e.isTrusted);
});
t.addEventListener('y', () => console.log('never'));
t.addEventListener('x', () => console.log(2));
const e = new Event('x');
const r = t.dispatchEvent(e);
console.log(r, e.eventPhase, e.currentTarget, e.target === t, e.composedPath().length);
