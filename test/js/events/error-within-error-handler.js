// While an error is reported, errors of other listeners are not.
// expect: error first
// expect-error: Uncaught nested
// exit: 1
addEventListener('x', () => { throw 'nested'; });
addEventListener('error', (e) => {
  console.log('error', e.error);
  e.preventDefault();
  dispatchEvent(new Event('x'));
});
throw 'first';
