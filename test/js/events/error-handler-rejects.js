// A rejection in an error handler is a rejection as any other.
// expect: rejection 2
// expect-error: Uncaught 3
// exit: 1
onerror = async () => { throw 2; };
onunhandledrejection = (e) => { console.log('rejection', e.reason); e.preventDefault(); };
reportError(3);
