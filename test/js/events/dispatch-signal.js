// A listener goes when its signal is aborted; an aborted signal adds none.
// expect: called
// expect: end
class Signal extends EventTarget {
  aborted = false;
  abort() { this.aborted = true; this.dispatchEvent(new Event('abort')); }
}
const t = new EventTarget(), signal = new Signal();
t.addEventListener('x', () => console.log('called'), { signal });
t.dispatchEvent(new Event('x'));
signal.abort();
t.dispatchEvent(new Event('x'));
t.addEventListener('x', () => console.log('never'), { signal });
t.dispatchEvent(new Event('x'));
const late = new Signal();
t.addEventListener('y', () => late.abort());
t.addEventListener('y', () => console.log('never'), { signal: late });
t.dispatchEvent(new Event('y'));
console.log('end');
