// import() makes no module; it is relative to the script.
// expect: true
// expect: a
console.log(this === globalThis);
import('./fixtures/a.js').then((m) => console.log(m.default));
