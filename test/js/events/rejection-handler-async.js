// An async handler that fails makes one rejection more.
// expect: first
// expect: second
onunhandledrejection = async (e) => {
  e.preventDefault();
  console.log(e.reason);
  if (e.reason === 'first') throw 'second';
};
Promise.reject('first');
