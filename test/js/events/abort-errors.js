// What is refused, and by which words.
// expect: TypeError: Illegal constructor
// expect: TypeError: Illegal constructor
// expect: TypeError: Illegal invocation: expected an AbortSignal
// expect: TypeError: Illegal invocation: expected an AbortSignal
// expect: TypeError: Illegal invocation: expected an AbortSignal
// expect: TypeError: Illegal invocation: expected an AbortController
// expect: TypeError: class constructors must be invoked with 'new'
// expect: TypeError: AbortSignal.timeout: expected at least 1 argument, got 0
// expect: TypeError: AbortSignal.timeout: argument 1 'milliseconds': expected a number from 0 to 2^53-1, got -1
// expect: TypeError: AbortSignal.timeout: argument 1 'milliseconds': expected a number from 0 to 2^53-1, got NaN
// expect: TypeError: AbortSignal.timeout: argument 1 'milliseconds': expected a number from 0 to 2^53-1, got Infinity
// expect: TypeError: AbortSignal.timeout: argument 1 'milliseconds': expected a number from 0 to 2^53-1, got 9007199254740992
// expect: TypeError: AbortSignal.any: expected at least 1 argument, got 0
// expect: TypeError: AbortSignal.any: argument 1 'signals': expected iterable of AbortSignal, got object
// expect: TypeError: AbortSignal.any: argument 1 'signals': expected iterable of AbortSignal, got string
// expect: TypeError: AbortSignal.any: argument 1 'signals[1]': expected AbortSignal, got null
// expect: end
class Sub extends AbortSignal {}
const get = (key) =>
  Object.getOwnPropertyDescriptor(AbortSignal.prototype, key).get;
for (const wrong of [
  () => new AbortSignal(), () => new Sub(),
  () => get('aborted').call({}), () => AbortSignal.prototype.reason,
  () => { AbortSignal.prototype.onabort = null; },
  () => AbortController.prototype.abort.call({}),
  () => AbortController(),
  () => AbortSignal.timeout(), () => AbortSignal.timeout(-1),
  () => AbortSignal.timeout('x'), () => AbortSignal.timeout(Infinity),
  () => AbortSignal.timeout(2 ** 53),
  () => AbortSignal.any(), () => AbortSignal.any({}), () => AbortSignal.any(''),
  () => AbortSignal.any([AbortSignal.abort(), null]),
]) {
  try { wrong(); console.log('nothing'); } catch (e) { console.log(String(e)); }
}
AbortSignal.timeout(-0.5);
AbortSignal.timeout(2 ** 53 - 1);
AbortSignal.timeout('5');
console.log('end');
