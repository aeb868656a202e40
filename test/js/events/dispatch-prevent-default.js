// Only a cancelable event can be canceled, and not by a passive listener.
// expect: false true false
// expect: true false true
// expect: true false true
// expect: false
const run = (cancelable, options, f) => {
  const t = new EventTarget(), e = new Event('x', { cancelable });
  t.addEventListener('x', f, options);
  return [t.dispatchEvent(e), e.defaultPrevented, e.returnValue];
};
console.log(...run(true, undefined, (e) => e.preventDefault()));
console.log(...run(false, undefined, (e) => e.preventDefault()));
console.log(...run(true, { passive: true }, (e) => e.preventDefault()));
console.log(run(true, undefined, (e) => { e.returnValue = true; e.returnValue = false; e.returnValue = true; })[0]);
