// A dispatch without end is one error of the stack, for which there is no room
// to call a handler either.
// expect: end
// expect-error: Uncaught RangeError: Maximum call stack size exceeded
// exit: 1
onerror = () => true;
const t = new EventTarget();
t.addEventListener('x', () => { t.dispatchEvent(new Event('x')); });
t.dispatchEvent(new Event('x'));
console.log('end');
