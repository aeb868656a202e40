// DOMException as WebIDL has it: names, codes, constants, and an error.
// expect: true true true false
// expect: AbortError: m 20
// expect: Error "" 0
// expect: null "null" 0
// expect: 25 constants, 25 of both
// expect: 1 3 4 5 7 8 9 10 11 12 13 14 15 17 18 19 20 21 22 23 24 25
// expect: 0 0
// expect: TypeError
// expect: TypeError
// expect: TypeError
// expect: name true true function undefined
// expect: message true true function undefined
// expect: code true true function undefined
// expect: true true 8 NotFoundError: sub
// expect: string true
const e = new DOMException('m', 'AbortError');
console.log(e instanceof Error, e instanceof DOMException, Error.isError(e),
  Error.isError(DOMException.prototype));
console.log(String(e), e.code);
const show = ({ name, message, code }) =>
  console.log(name, JSON.stringify(message), code);
show(new DOMException());
show(new DOMException(null, null));
const constants = Object.keys(DOMException).filter((k) => k.endsWith('_ERR'));
const isRight = (k, i) => [DOMException, DOMException.prototype].every((o) => {
  const d = Object.getOwnPropertyDescriptor(o, k);
  return d.value === i + 1 && d.enumerable && !d.writable && !d.configurable;
});
console.log(`${constants.length} constants, ${
  constants.filter(isRight).length} of both`);
console.log(...['IndexSizeError', 'HierarchyRequestError', 'WrongDocumentError',
  'InvalidCharacterError', 'NoModificationAllowedError', 'NotFoundError',
  'NotSupportedError', 'InUseAttributeError', 'InvalidStateError',
  'SyntaxError', 'InvalidModificationError', 'NamespaceError',
  'InvalidAccessError', 'TypeMismatchError', 'SecurityError', 'NetworkError',
  'AbortError', 'URLMismatchError', 'QuotaExceededError', 'TimeoutError',
  'InvalidNodeTypeError', 'DataCloneError']
  .map((name) => new DOMException('', name).code));
console.log(new DOMException('', 'EncodingError').code,
  new DOMException('', 'AbortError\0').code);
for (const wrong of [() => DOMException('m'),
  () => new DOMException(Symbol()), () => DOMException.prototype.code]) {
  try { wrong(); } catch (error) { console.log(error.name); }
}
for (const key of ['name', 'message', 'code']) {
  const d = Object.getOwnPropertyDescriptor(DOMException.prototype, key);
  console.log(key, d.enumerable, d.configurable, typeof d.get, d.set);
}
class Sub extends DOMException {
  constructor() { super('sub', 'NotFoundError'); }
}
const sub = new Sub();
console.log(sub instanceof Sub, Error.isError(sub), sub.code, String(sub));
console.log(typeof e.stack, e.stack.includes('dom-exception-class.js'));
