// script: main tick job microtask timeout immediate
// module: main job microtask tick immediate timeout
const log = (text) => console.log(text);
const busy = (ms) => {
  const end = Date.now() + ms;
  while (Date.now() < end);
};
setTimeout(() => log('timeout'), 0);
setImmediate(() => log('immediate'));
process.nextTick(() => log('tick'));
Promise.resolve().then(() => log('job'));
queueMicrotask(() => log('microtask'));
log('main');
busy(5);
