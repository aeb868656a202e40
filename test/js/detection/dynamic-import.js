// import() makes no module; it is relative to the file.
// expect: true
// expect: a
console.log(this === exports);
import('./fixtures/a.js').then((m) => console.log(m.default));
