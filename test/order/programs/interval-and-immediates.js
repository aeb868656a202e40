// script: interval1 tick1 immediate1 interval2 tick2 immediate2 interval3 tick3 immediate3
// module: interval1 tick1 immediate1 interval2 tick2 immediate2 interval3 tick3 immediate3
const log = (text) => console.log(text);
let n = 0;
const each = setInterval(() => {
  log(`interval${++n}`);
  setImmediate((k) => log(`immediate${k}`), n);
  process.nextTick((k) => log(`tick${k}`), n);
  if (n === 3) clearInterval(each);
}, 3);
