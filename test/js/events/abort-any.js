// Dependent signals: all have the reason before any event is fired, the source's
// first, then those of its dependents in the order in which they were made.
// expect: false
// expect: source true true true
// expect: first
// expect: second x true
// expect: nested
// expect: x x x
// expect: 1 false
// expect: 5 first
// expect: 7
// expect: done
const c = new AbortController(), d = new AbortController();
console.log(AbortSignal.any([]).aborted);
const first = AbortSignal.any([c.signal]);
const second = AbortSignal.any(new Set([d.signal, c.signal, c.signal]));
const nested = AbortSignal.any([first, d.signal]);
nested.onabort = () => console.log('nested');
second.onabort = () => console.log('second', second.reason, first.aborted);
first.onabort = () => console.log('first');
c.signal.onabort = () => {
  console.log('source', first.aborted, second.aborted, nested.aborted);
  c.abort('again');
  d.abort('other');
};
c.abort('x');
console.log(first.reason, second.reason, nested.reason);
// One that is aborted already decides at once.
const both = AbortSignal.any([AbortSignal.abort(1), AbortSignal.abort(2)]);
console.log(both.reason, AbortSignal.any([new AbortController().signal]).aborted);
// Made while a source is being aborted.
const e = new AbortController();
e.signal.onabort = () =>
  console.log(AbortSignal.any([e.signal]).reason, 'first');
e.abort(5);
// The iterator of the program's own is used, its own methods are not.
const f = new AbortController();
const own = { * [Symbol.iterator]() { yield f.signal; } };
const made = AbortSignal.any(own);
f.abort(7);
console.log(made.reason);
console.log('done');
