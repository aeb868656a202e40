// An error that a handler prevents is none: the program goes on, exit code 0.
// expect: error Uncaught TypeError: top %{url}/error-prevented.js 10 7
// expect: true true true [object ErrorEvent]
// expect: timer
addEventListener('error', (e) => {
  console.log(e.type, e.message, e.filename, e.lineno, e.colno);
  console.log(e.isTrusted, e.cancelable, e.error instanceof TypeError, String(e));
  e.preventDefault();
}); setTimeout(() => console.log('timer'), 1);
throw new TypeError('top');
