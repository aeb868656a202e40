// The message says what was thrown; what cannot be shown does no harm.
// expect: Uncaught RangeError: x 1 true
// expect: Uncaught null 0 false
// expect: Uncaught Symbol(s) 0 false
// expect: Uncaught [object Object] 0 false
// expect: Uncaught exception 0 false
// expect: Uncaught exception 1 true
// expect: Uncaught exception 0 false
// expect: Uncaught AbortError: stopped 1 true
addEventListener('error', (e) => {
  e.preventDefault();
  console.log(e.message, Math.sign(e.lineno), e.filename.endsWith('error-messages.js'));
});
const strange = new Error('x');
Object.defineProperty(strange, 'message', { get() { throw 1; } });
const trap = new Proxy({}, { get() { throw 1; }, getOwnPropertyDescriptor() { throw 2; } });
for (const v of [new RangeError('x'), null, Symbol('s'), {}, { toString() { throw 1; } }, strange,
  trap, new DOMException('stopped', 'AbortError')]) reportError(v);
