// A chain without end can be ended by the program.
// exit: 5
let n = 0;
onunhandledrejection = (e) => {
  e.preventDefault();
  Promise.reject(1);
  if (++n === 1000) process.exit(5);
};
Promise.reject(0);
