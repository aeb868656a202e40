// Handlers may make further rejections, which are told of in the same turn.
// expect: 0
// expect: 1
// expect: 2
// expect: 3
// expect: timer
onunhandledrejection = (e) => {
  e.preventDefault();
  console.log(e.reason);
  if (e.reason < 3) Promise.reject(e.reason + 1);
};
setTimeout(() => console.log('timer'), 0);
Promise.reject(0);
