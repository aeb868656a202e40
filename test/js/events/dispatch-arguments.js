// Targets refuse wrong arguments.
// expect: TypeError: addEventListener: expected at least 2 arguments, got 1
// expect: TypeError: removeEventListener: expected at least 2 arguments, got 0
// expect: TypeError: dispatchEvent: expected at least 1 argument, got 0
// expect: TypeError: dispatchEvent: argument 1 'event': expected Event, got null
// expect: TypeError: dispatchEvent: argument 1 'event': expected Event, got object
// expect: TypeError: addEventListener: argument 2 'callback': expected function or object, got string
// expect: TypeError: removeEventListener: argument 2 'callback': expected function or object, got number
// expect: TypeError: addEventListener: option 'signal': expected AbortSignal, got null
// expect: nothing
// expect: nothing
// expect: nothing
const t = new EventTarget();
for (const f of [() => t.addEventListener('x'), () => t.removeEventListener(), () => t.dispatchEvent(),
  () => t.dispatchEvent(null), () => t.dispatchEvent({ type: 'x' }),
  () => t.addEventListener('x', 'f'), () => t.removeEventListener('x', 1),
  () => t.addEventListener('x', () => {}, { signal: null }),
  () => t.addEventListener('x', null), () => t.removeEventListener('x', undefined),
  () => t.addEventListener('x', () => {}, { signal: undefined })]) {
  try { f(); console.log('nothing'); } catch (error) { console.log(`${error}`); }
}
