// A long chain of them needs no stack.
// expect: 50000
let n = 0;
onunhandledrejection = (e) => {
  e.preventDefault();
  if (++n < 50000) Promise.reject(n);
};
Promise.reject(0);
setTimeout(() => console.log(n), 0);
