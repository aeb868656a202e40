// The same, prevented.
// expect: caught 1
// expect: end
onunhandledrejection = (e) => {
  e.promise.catch((reason) => console.log('caught', reason));
  e.preventDefault();
};
onrejectionhandled = () => console.log('never');
Promise.reject(1);
setTimeout(() => console.log('end'), 1);
