// What a listener throws is reported; the others are told, and abort() returns.
// expect: reported first
// expect: second
// expect: reported handler
// expect: dependent
// expect: returned undefined
addEventListener('error', (e) => {
  e.preventDefault();
  console.log('reported', e.error);
});
const c = new AbortController(), d = AbortSignal.any([c.signal]);
c.signal.addEventListener('abort', () => { throw 'first'; });
c.signal.addEventListener('abort', () => console.log('second'));
c.signal.onabort = () => { throw 'handler'; };
d.onabort = () => console.log('dependent');
console.log('returned', c.abort());
