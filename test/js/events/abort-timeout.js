// A signal that times out, in order; it does not keep the program waiting.
// expect: false
// expect: 1 TimeoutError 23 The operation timed out true
// expect: 2 true
// expect: any TimeoutError true
// expect: end
AbortSignal.timeout(1e9).onabort = () => console.log('never');
const late = AbortSignal.timeout(20), soon = AbortSignal.timeout(1);
const any = AbortSignal.any([new AbortController().signal, late]);
soon.onabort = (e) => console.log(1, soon.reason.name, soon.reason.code,
  soon.reason.message, e.isTrusted);
late.onabort = () => console.log(2, soon.aborted);
any.onabort = () => console.log('any', any.reason.name, any.reason === late.reason);
console.log(late.aborted);
setTimeout(() => console.log('end'), 50);
