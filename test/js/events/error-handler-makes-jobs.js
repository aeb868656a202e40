// Jobs and timers that a handler makes run.
// expect: handler
// expect: job
// expect: timer
onerror = () => {
  console.log('handler');
  queueMicrotask(() => console.log('job'));
  setTimeout(() => console.log('timer'), 1);
  return true;
};
throw 1;
