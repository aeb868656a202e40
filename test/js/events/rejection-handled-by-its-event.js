// A promise that is handled while its event is fired was in time for no other
// event; not prevented, it is reported all the same.
// expect: unhandled 1
// expect: caught 1
// expect-error: Uncaught (in promise) 1
// exit: 1
onunhandledrejection = (e) => {
  console.log('unhandled', e.reason);
  e.promise.catch((reason) => console.log('caught', reason));
};
onrejectionhandled = () => console.log('never');
Promise.reject(1);
