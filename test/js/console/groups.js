// A group moves every line of what is printed in it; lines are as long as outside.
// expect: A 1
// expect:   in
// expect:   many
// expect:   
// expect:   lines
// expect:   {
// expect:     a: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
// expect:     b: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyy'
// expect:   }
// expect:   {
// expect:     a: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
// expect:     b: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyy'
// expect:   }
// expect:   
// expect:   
// expect:     two
// expect:     C { a: 1 }
// expect:       three
// expect:     ┌─────────┬───┐
// expect:     │ (index) │ a │
// expect:     ├─────────┼───┤
// expect:     │ 0       │ 1 │
// expect:     └─────────┴───┘
// expect:     default: 1
// expect:     [ 1 ]
// expect: out
console.group('A %s', 1);
console.log('in\nmany\n\nlines');
console.log({ a: 'x'.repeat(40), b: 'y'.repeat(28) });
console.log({ a: 'x'.repeat(30), b: 'y'.repeat(28) });
console.log('');
console.log();
console.group();
console.info('two');
console.groupCollapsed('C', { a: 1 });
console.debug('three');
console.groupEnd();
console.table([{ a: 1 }]);
console.count();
console.dir([1]);
console.groupEnd();
console.groupEnd();
console.groupEnd();
console.groupEnd();
console.log('out');
