// Without a tree listeners are called in the order they were added.
// expect: plain
// expect: capture
const t = new EventTarget();
t.addEventListener('x', () => console.log('plain'));
t.addEventListener('x', () => console.log('capture'), true);
t.dispatchEvent(new Event('x'));
