// Any value can be thrown: it is shown as String() says.
// expect-error: Uncaught just text
// exit: 1
throw 'just text';
