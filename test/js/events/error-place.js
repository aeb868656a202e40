// The place is that of the first frame that has one, also of a syntax error.
// expect: x.js 3 5
// expect: f (g 1 2
// expect:  0 0
// expect: x:y 7 8
// expect:  0 0
addEventListener('error', (e) => { e.preventDefault(); console.log(e.filename, e.lineno, e.colno); });
for (const stack of ['    at f (native)\n    at odd (name) (x.js:3:5)\n', '    at f (g:1:2',
  '    at f (native)\n', '    at z (tenon:event:1:2)\n    at x:y:7:8', 'nothing']) {
  const error = new DOMException('x');
  Object.defineProperty(error, 'stack', { value: stack });
  reportError(error);
}
