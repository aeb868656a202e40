// At the target, too, listeners that capture come first, and may stop the rest.
// expect: capture
// expect: plain
// expect: late
// expect: capture
const t = new EventTarget();
t.addEventListener('x', () => console.log('plain'));
t.addEventListener('x', (event) => {
  console.log('capture');
  if (event.bubbles) event.stopPropagation();
  else t.addEventListener('x', () => console.log('late'), { once: true });
}, true);
t.dispatchEvent(new Event('x'));
t.dispatchEvent(new Event('x', { bubbles: true }));
