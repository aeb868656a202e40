// An object that cannot handle an event is an error, as is its getter's.
// expect: TypeError: handleEvent: expected function, got undefined
// expect: RangeError: getter
// expect: true
addEventListener('error', (e) => { console.log(`${e.error}`); e.preventDefault(); });
const t = new EventTarget();
t.addEventListener('x', {});
t.addEventListener('x', { get handleEvent() { throw new RangeError('getter'); } });
console.log(t.dispatchEvent(new Event('x')));
