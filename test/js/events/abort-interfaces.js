// AbortController and AbortSignal look as those of the web.
// expect: AbortController 0 [object AbortController] [object AbortController]
// expect: signal,abort
// expect: AbortSignal 0 [object AbortSignal] [object AbortSignal]
// expect: aborted,reason,throwIfAborted,onabort
// expect: abort,any,timeout 0 1 1 0
// expect: false false true true
// expect: true true true true
const c = new AbortController();
for (const [C, o] of [[AbortController, c], [AbortSignal, c.signal]]) {
  console.log(C.name, C.length, String(o), String(C.prototype));
  console.log(Object.keys(C.prototype).join());
}
console.log(Object.keys(AbortSignal).sort().join(), AbortSignal.abort.length,
  AbortSignal.any.length, AbortSignal.timeout.length, c.abort.length);
const of = (name) => Object.getOwnPropertyDescriptor(globalThis, name);
console.log(of('AbortSignal').enumerable, of('AbortController').enumerable,
  of('AbortSignal').writable, of('AbortSignal').configurable);
console.log(c.signal === c.signal, c.signal instanceof EventTarget,
  Object.getPrototypeOf(AbortSignal) === EventTarget,
  Object.keys(c.signal).length === 0);
