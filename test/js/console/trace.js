// console.trace says where it was called from, on stderr.
// expect: done
// expect-error: Trace: at this place { a: 1 }
// expect-error:     at outer (file://
// expect-error: Trace
function outer() {
  console.trace('at %s', 'this place', { a: 1 });
}
outer();
const { trace } = console;
trace();
console.log('done');
