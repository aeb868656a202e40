// A value's own method may print, and so may what runs when the rest of console
// is first used.
// expect: inner [ 1 ] inner
// expect: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa LOUD b
// expect: inner [ 1 ] inner
// expect: x LOUD
// expect: inner [ 1 ] inner
// expect: LOUD
// expect:   ┌─────────┐
// expect:   │ (index) │
// expect:   ├─────────┤
// expect:   │ 0       │
// expect:   └─────────┘
// expect:   [
// expect:     {
// expect:       [Symbol(nodejs.util.inspect.custom)]: [Function: [nodejs.util.inspect.custom]]
// expect:     }
// expect:   ]
const custom = Symbol.for('nodejs.util.inspect.custom');
const loud = { [custom]() { console.log('inner', [1], 'inner'); return 'LOUD'; } };
console.log('a'.repeat(100), loud, 'b');
console.log('%s %O', 'x', loud);
console.group(loud);
console.table([loud]);
console.dir([loud]);
