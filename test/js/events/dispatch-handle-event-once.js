// handleEvent is read once for each event.
// expect: read
// expect: called
const t = new EventTarget();
t.addEventListener('x', { get handleEvent() { console.log('read'); return () => console.log('called'); } });
t.dispatchEvent(new Event('x'));
