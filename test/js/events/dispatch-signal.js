// A listener goes when its signal is aborted; an aborted signal adds none.
// expect: called
// expect: TypeError: addEventListener: option 'signal': expected AbortSignal, got null
// expect: TypeError: addEventListener: option 'signal': expected AbortSignal, got object
// expect: end
const t = new EventTarget(), controller = new AbortController();
const { signal } = controller;
t.addEventListener('x', () => console.log('called'), { signal });
t.dispatchEvent(new Event('x'));
controller.abort();
t.dispatchEvent(new Event('x'));
t.addEventListener('x', () => console.log('never'), { signal });
t.dispatchEvent(new Event('x'));
const late = new AbortController();
t.addEventListener('y', () => late.abort());
t.addEventListener('y', () => console.log('never'), { signal: late.signal });
t.dispatchEvent(new Event('y'));
for (const wrong of [null, Object.create(signal)]) {
  try {
    t.addEventListener('x', null, { signal: wrong });
  } catch (error) {
    console.log(String(error));
  }
}
console.log('end');
