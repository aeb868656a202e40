// A stack that the program set is shown as it is; frames that a cause has too are
// counted only.
// expect: [custom]
// expect: [custom
// expect:     at x]
// expect: [
// expect:   Error: a
// expect:       at x (y:1:1)
// expect:       at z
// expect: ]
// expect: Error: a
// expect: b
// expect:     at x
// expect: [Error: a]
// expect: Error: outer
// expect:     at top
// expect:     at a
// expect:     ... 3 lines matching cause stack trace ...
// expect:     at e {
// expect:   cause: Error: inner
// expect:       at other
// expect:       at a
// expect:       at b
// expect:       at c
// expect:       at d
// expect:       at e
// expect: }
// expect: Error: outer
// expect:     at a
// expect:     at b {
// expect:   cause: Error: inner
// expect:       at a
// expect:       at b
// expect: }
// expect: {
// expect:   deep: {
// expect:     e: TypeError: b
// expect:         at x (y:1:1) {
// expect:       code: 'E'
// expect:     }
// expect:   }
// expect: }
const withStack = (message, stack, cause) =>
  Object.assign(new Error(message), { stack }, cause && { cause });
console.log(withStack('a', 'custom'));
console.log(withStack('a', 'custom\n    at x'));
console.log([withStack('a', 'Error: a\n    at x (y:1:1)\n    at z')]);
console.log(withStack('a\nb', 'Error: a\nb\n    at x'));
console.log(withStack('a', ''));
const frames = '    at a\n    at b\n    at c\n    at d\n    at e';
console.log(withStack('outer', `Error: outer\n    at top\n${frames}`, withStack('inner', `Error: inner\n    at other\n${frames}`)));
console.log(withStack('outer', 'Error: outer\n    at a\n    at b', withStack('inner', 'Error: inner\n    at a\n    at b')));
const e = new TypeError('b');
e.stack = 'TypeError: b\n    at x (y:1:1)';
e.code = 'E';
console.log({ deep: { e } });
