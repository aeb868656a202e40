// An error that nobody caught ends the program: name, message, place, code 1.
// expect: before
// expect-error: Uncaught TypeError: what went wrong
// expect-error:     at f (%{url}/uncaught.js:8:
// expect-error:     at <anonymous> (%{url}/uncaught.js:11:1)
// exit: 1
function f() {
  throw new TypeError('what went wrong');
}
console.log('before');
f();
console.log('never');
