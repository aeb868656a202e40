// A value that does not fit into a line is broken into several.
// expect: {
// expect:   a: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
// expect:   b: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'
// expect: }
// expect: {
// expect:   a: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxx',
// expect:   b: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyy'
// expect: }
// expect: [
// expect:   'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
// expect:   'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'
// expect: ]
// expect: {
// expect:   list: [
// expect:     'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
// expect:     'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyy'
// expect:   ],
// expect:   b: {
// expect:     c: 'zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz'
// expect:   }
// expect: }
// expect: Map(2) {
// expect:   'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk' => 'vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv',
// expect:   { a: 1 } => 2
// expect: }
// expect: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
// expect: [
// expect:   'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
// expect: ]
// expect: { 'a\nb': 'c\nd' }
console.log({ a: 'x'.repeat(30), b: 'y'.repeat(30) });
console.log({ a: 'x'.repeat(28), b: 'y'.repeat(28) });
console.log(['x'.repeat(40), 'y'.repeat(40)]);
console.log({ list: ['x'.repeat(30), 'y'.repeat(30)], b: { c: 'z'.repeat(70) } });
console.log(new Map([['k'.repeat(40), 'v'.repeat(40)], [{ a: 1 }, 2]]));
console.log('x'.repeat(100));
console.log(['x'.repeat(100)]);
console.log({ 'a\nb': 'c\nd' });
