// An event of rejections may handle a promise that was told of before it.
// expect: unhandled 1
// expect: unhandled 2
// expect: handled 1
const one = Promise.reject(1);
Promise.reject(2);
onunhandledrejection = (e) => {
  e.preventDefault();
  console.log('unhandled', e.reason);
  if (e.reason === 2) one.catch(() => {});
};
onrejectionhandled = (e) => console.log('handled', e.reason);
