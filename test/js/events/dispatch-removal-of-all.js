// All listeners go during a dispatch, others come: they wait for the next.
// expect: first
// expect: second
const t = new EventTarget();
const never = () => console.log('never');
t.addEventListener('x', () => {
  console.log('first');
  t.removeEventListener('x', never);
  t.addEventListener('x', () => console.log('second'), { once: true });
}, { once: true });
t.addEventListener('x', never);
for (let i = 0; i < 3; i++) t.dispatchEvent(new Event('x'));
