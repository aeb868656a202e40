// A controller aborts its signal once: state first, then onabort and listeners
// in the order in which they were added.
// expect: false undefined null
// expect: 1 abort true false false 2 true
// expect: handler true
// expect: 2
// expect: true true undefined
// expect: AbortError 20 The operation was aborted true
// expect: true
// expect: false
// expect: null,false,0,symbol
const c = new AbortController(), { signal } = c;
console.log(signal.aborted, signal.reason, signal.onabort);
signal.throwIfAborted();
signal.addEventListener('abort', (e) => console.log(1, e.type, e.isTrusted,
  e.bubbles, e.cancelable, e.eventPhase, e.target === signal));
signal.onabort = () => console.log('never');
signal.onabort = function (e) { console.log('handler', this === e.target); };
signal.addEventListener('abort', () => console.log(2));
c.abort();
const { reason } = signal;
const again = c.abort('other');
console.log(signal.aborted, signal.reason === reason, again);
console.log(reason.name, reason.code, reason.message,
  reason instanceof DOMException);
try { signal.throwIfAborted(); } catch (e) { console.log(e === reason); }
// A false event of the same name aborts nothing.
const other = new AbortController();
other.signal.dispatchEvent(new Event('abort'));
console.log(other.signal.aborted);
console.log([null, false, 0, Symbol()].map((v) => {
  const x = new AbortController();
  x.abort(v);
  return typeof v === 'symbol' ? typeof x.signal.reason : `${x.signal.reason}`;
}).join());
