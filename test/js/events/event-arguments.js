// Wrong arguments of constructors are TypeErrors that say what is wrong.
// expect: TypeError: Event: expected at least 1 argument, got 0
// expect: TypeError: CustomEvent: expected at least 1 argument, got 0
// expect: TypeError: ErrorEvent: expected at least 1 argument, got 0
// expect: TypeError: PromiseRejectionEvent: expected at least 2 arguments, got 1
// expect: TypeError: PromiseRejectionEvent: option 'promise': expected object, got undefined
// expect: TypeError: PromiseRejectionEvent: option 'promise': expected object, got number
// expect: TypeError: Event: argument 2 'options': expected object, got number
// expect: TypeError
// expect: TypeError
// expect: false false
for (const f of [() => new Event(), () => new CustomEvent(), () => new ErrorEvent(),
  () => new PromiseRejectionEvent('x'), () => new PromiseRejectionEvent('x', {}),
  () => new PromiseRejectionEvent('x', { promise: 1 }), () => new Event('x', 1)]) {
  try { f(); console.log('nothing'); } catch (error) { console.log(`${error}`); }
}
for (const f of [() => Event('x'), () => EventTarget()]) {
  try { f(); console.log('nothing'); } catch (error) { console.log(error.name); }
}
console.log(new Event('x', null).bubbles, new Event('x', undefined).bubbles);
