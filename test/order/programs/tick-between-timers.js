// script: timer1 tick job timer2
// module: timer1 tick job timer2
const log = (text) => console.log(text);
const busy = (ms) => {
  const end = Date.now() + ms;
  while (Date.now() < end);
};
setTimeout(() => {
  log('timer1');
  process.nextTick(() => log('tick'));
  Promise.resolve().then(() => log('job'));
}, 1);
setTimeout(() => log('timer2'), 1);
busy(5);
