// onabort: what is no object is null; an object that is not called stays; it
// moves to the end when it is set anew.
// expect: null null object
// expect: listener
// expect: handler
const c = new AbortController(), { signal } = c;
const kinds = [5, 'text', {}].map((v) => {
  signal.onabort = v;
  return signal.onabort === null ? 'null' : typeof signal.onabort;
});
console.log(...kinds);
signal.onabort = null;
signal.addEventListener('abort', () => console.log('listener'));
signal.onabort = () => console.log('handler');
c.abort();
