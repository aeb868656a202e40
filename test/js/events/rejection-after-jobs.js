// Rejections are told of once all jobs have run, in their order.
// expect: job
// expect: rejection 1
// expect: rejection 3
onunhandledrejection = (e) => { console.log('rejection', e.reason); e.preventDefault(); };
Promise.reject(1);
const two = Promise.reject(2);
Promise.reject(3);
queueMicrotask(() => { two.catch(() => {}); console.log('job'); });
