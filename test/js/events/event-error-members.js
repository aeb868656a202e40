// An ErrorEvent converts its members as the web does.
// expect:   0 0 undefined
// expect: null 7 4294967295 1 boom
const e = new ErrorEvent('x');
console.log(e.message, e.filename, e.lineno, e.colno, e.error);
const f = new ErrorEvent('x', { message: null, filename: 7, lineno: -1, colno: 1.9, error: 'boom' });
console.log(f.message, f.filename, f.lineno, f.colno, f.error);
