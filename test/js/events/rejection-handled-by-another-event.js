// A promise that the event of another one handles, or its jobs, has none.
// expect: unhandled 1
// expect: caught 2
// expect: caught 3
const [one, two, three] = [1, 2, 3].map((i) => Promise.reject(i));
onunhandledrejection = (e) => {
  console.log('unhandled', e.reason);
  e.preventDefault();
  two.catch((reason) => console.log('caught', reason));
  queueMicrotask(() => three.catch((reason) => console.log('caught', reason)));
};
