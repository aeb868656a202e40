// Signals work whatever a program does to the classes.
// expect: handler
// expect: listener
// expect: true 5
const c = new AbortController(), { signal } = c, t = new EventTarget();
const { aborted, reason } =
  Object.getOwnPropertyDescriptors(AbortSignal.prototype);
const { dispatchEvent } = EventTarget.prototype;
const { abort } = AbortController.prototype;
const event = new Event('x');
signal.onabort = () => console.log('handler');
signal.addEventListener('abort', () => console.log('listener'));
t.addEventListener('x', () => console.log('never'), { signal });
for (const C of [AbortSignal, AbortController, Event, EventTarget]) {
  const own = Object.getOwnPropertyDescriptors(C.prototype);
  for (const key in own) {
    if (own[key].configurable) Object.defineProperty(C.prototype, key,
      { get() { throw key; }, set() { throw key; } });
  }
}
for (const name of ['Event', 'EventTarget', 'AbortSignal', 'DOMException']) {
  globalThis[name] = undefined;
}
Array.prototype[Symbol.iterator] = null;
Object.defineProperty(Object.prototype, 'signal', { get() { throw 1; } });
abort.call(c, 5);
dispatchEvent.call(t, event);
console.log(aborted.get.call(signal), reason.get.call(signal));
