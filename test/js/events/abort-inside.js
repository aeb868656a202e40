// Aborting from inside of a listener, and listeners that change meanwhile.
// expect: one
// expect: added now: no
// expect: three
// expect: inner first
// expect: outer
// expect: stopped
// expect: algorithm before event: false
const c = new AbortController(), { signal } = c;
const gone = () => console.log('removed');
signal.addEventListener('abort', () => {
  console.log('one');
  signal.removeEventListener('abort', gone);
  signal.addEventListener('abort', () => console.log('never'));
  console.log('added now: no');
});
signal.addEventListener('abort', gone);
signal.addEventListener('abort', () => console.log('three'));
c.abort();
const a = new AbortController(), b = new AbortController();
a.signal.addEventListener('abort', () => { b.abort(); });
a.signal.addEventListener('abort', () => console.log('outer'));
b.signal.addEventListener('abort', () => { a.abort(); console.log('inner first'); });
a.abort();
// The signal of a listener for its own event.
const s = new AbortController();
s.signal.addEventListener('abort', () => console.log('never'),
  { signal: s.signal });
const t = new EventTarget();
t.addEventListener('x', (e) => { s.abort(); e.preventDefault(); });
t.addEventListener('x', () => console.log('never'), { signal: s.signal });
t.addEventListener('x', () => console.log('stopped'));
t.dispatchEvent(new Event('x'));
// Listeners that a signal removes are gone before its event.
const r = new AbortController();
let was = false;
t.addEventListener('y', () => { was = true; }, { signal: r.signal });
r.signal.onabort = () => t.dispatchEvent(new Event('y'));
r.abort();
console.log('algorithm before event:', was);
