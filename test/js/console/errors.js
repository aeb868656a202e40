// Errors show name, message, stack, cause and their own properties.
// expect: Error: a
// expect:     at X
// expect: TypeError: b
// expect:     at X {
// expect:   code: 'E_CODE'
// expect: }
// expect: Error: c
// expect:     at X {
// expect:   [cause]: RangeError: d
// expect:       at X
// expect: }
// expect: {
// expect:   e: Error: e
// expect:       at X
// expect: }
// expect: AggregateError: f
// expect:     at X {
// expect:   [errors]: [
// expect:     Error: g
// expect:         at X
// expect:   ]
// expect: }
// expect: MyError: h
// expect:     at X
// expect: [Error: i]
// expect: [Error] Error
// expect:     at X
// Where node differs: the stack is the engine's. All of its lines are made
// the same here, so that only its place counts.
Error.prepareStackTrace = () => '    at X';
console.log(new Error('a'));
console.log(Object.assign(new TypeError('b'), { code: 'E_CODE' }));
console.log(new Error('c', { cause: new RangeError('d') }));
console.log({ e: new Error('e') });
console.log(new AggregateError([new Error('g')], 'f'));
class MyError extends Error {}
console.log(new MyError('h'));
const without = new Error('i');
Object.defineProperty(without, 'stack', { value: undefined });
console.log(without);
const nothing = new Error();
nothing.stack = '';
console.log(nothing, new Error());
