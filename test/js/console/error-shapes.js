// An error is named by its class, its name and its tag, in brackets when it has no
// stack; what the text does not say is shown as properties.
// expect: [MyError: a] [Named: b] [FieldError [OtherError]: c] [Error] [Error]
// expect: [Error: d] { code: 1 } [
// expect:   [Error: e
// expect:   f]
// expect: ]
// expect: { a: { b: { c: [Error: deep] } } } { a: { b: { c: [Error] } } }
// expect: [TypeError: g] [Error [XError]: h]
// expect: [null: i] [Error: k]
// expect: [Error: l] { [cause]: 'text' } [Error: m] { [cause]: undefined } [Error: n] { [cause]: { a: 1 } }
// expect: [AggregateError: p] { [errors]: [ [Error: o], 1 ] }
// expect: <ref *1> [Error: q] { cause: [Circular *1] }
// expect: [Error: r] { [cause]: [MyError: s] { [cause]: [RangeError: t] } }
// expect: [[Error: null prototype]: u] [Error]
// expect: Map(1) { [Error: k] => [Error: v] }
// expect: [Error: w] { [Symbol(Symbol.toStringTag)]: 'T' }
Error.stackTraceLimit = 0;
class MyError extends Error {}
class Named extends Error { constructor(m) { super(m); this.name = 'Named'; } }
class FieldError extends Error { name = 'OtherError'; }
console.log(new MyError('a'), new Named('b'), new FieldError('c'), new Error(''), new Error());
console.log(Object.assign(new Error('d'), { code: 1 }), [new Error('e\nf')]);
console.log({ a: { b: { c: new Error('deep') } } }, { a: { b: { c: Object.assign(new Error('x'), { y: 1 }) } } });
console.log(Object.assign(new TypeError('g'), { name: 'Error' }), Object.assign(new Error('h'), { name: 'XError' }));
console.log(Object.assign(new Error('i'), { name: null }), Object.assign(new Error('j'), { message: 'k' }));
console.log(new Error('l', { cause: 'text' }), new Error('m', { cause: undefined }), new Error('n', { cause: { a: 1 } }));
console.log(new AggregateError([new Error('o'), 1], 'p'));
const self = new Error('q');
self.cause = self;
console.log(self);
const chain = new Error('r', { cause: new MyError('s', { cause: new RangeError('t') }) });
console.log(chain);
console.log(Object.setPrototypeOf(new Error('u'), null), Object.create(Error.prototype));
console.log(new Map([[new Error('k'), new Error('v')]]));
const tagged = new Error('w');
tagged[Symbol.toStringTag] = 'T';
console.log(tagged);
