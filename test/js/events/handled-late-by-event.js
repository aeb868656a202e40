// An event of rejections may handle a promise that was told of before it: the
// others of its turn are told of first.
// expect: unhandled 1
// expect: unhandled 2
// expect: unhandled 3
// expect: handled 1
const one = Promise.reject(1);
Promise.reject(2);
Promise.reject(3);
onunhandledrejection = (e) => {
  e.preventDefault();
  console.log('unhandled', e.reason);
  if (e.reason === 2) one.catch(() => {});
};
onrejectionhandled = (e) => console.log('handled', e.reason);
