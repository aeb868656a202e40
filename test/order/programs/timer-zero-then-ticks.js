// script: timer tick job immediate inner
// module: timer tick job immediate inner
const log = (text) => console.log(text);
setTimeout(() => {
  log('timer');
  setTimeout(() => log('inner'), 0);
  setImmediate(() => log('immediate'));
  process.nextTick(() => log('tick'));
  Promise.resolve().then(() => log('job'));
}, 0);
