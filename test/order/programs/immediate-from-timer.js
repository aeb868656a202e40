// script: timer1 immediate timer2
// module: timer1 immediate timer2
const log = (text) => console.log(text);
const busy = (ms) => {
  const end = Date.now() + ms;
  while (Date.now() < end);
};
setTimeout(() => {
  log('timer1');
  setImmediate(() => log('immediate'));
  setTimeout(() => log('timer2'), 1);
  busy(5);
}, 1);
