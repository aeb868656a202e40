// reportError reports any value, at once.
// expect: reported 1
// expect: reported undefined
// expect: TypeError: reportError: expected at least 1 argument, got 0
// expect: goes on
// expect-error: Uncaught Error: to the end
// exit: 1
onerror = (m, f, l, c, error) => { console.log('reported', error); return true; };
reportError(1);
reportError(undefined);
try { reportError(); } catch (error) { console.log(`${error}`); }
onerror = null;
reportError(new Error('to the end'));
console.log('goes on');
setTimeout(() => console.log('never'), 1);
