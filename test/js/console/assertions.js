// console.assert says what failed on stderr, and nothing of what holds.
// expect: done
// expect-error: Assertion failed
// expect-error: Assertion failed: a text
// expect-error: Assertion failed: first { second: 2 }
// expect-error: Assertion failed: { shown: 1 }
console.assert(true, 'not shown');
console.assert(1, '%s', { toString() { throw 1; } });
console.assert(false);
console.assert(false, 'a %s', 'text');
console.assert(0, 'first', { second: 2 });
console.assert(null, { shown: 1 });
console.assert();
console.log('done');
