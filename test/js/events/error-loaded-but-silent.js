// Without a listener for errors nothing is prevented.
// expect-error: Uncaught Error: x
// exit: 1
addEventListener('x', (e) => e.preventDefault());
addEventListener('error', null);
const f = (e) => e.preventDefault();
addEventListener('error', f);
removeEventListener('error', f);
throw new Error('x');
