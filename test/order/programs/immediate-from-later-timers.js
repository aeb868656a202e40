// script: timer1 immediate1 timer2 immediate2 timer3 immediate3 timer4 immediate4
// module: timer1 immediate1 timer2 immediate2 timer3 immediate3 timer4 immediate4
const log = (text) => console.log(text);
const busy = (ms) => {
  const end = Date.now() + ms;
  while (Date.now() < end);
};
let n = 0;
const next = () => {
  n++;
  log(`timer${n}`);
  setImmediate((k) => log(`immediate${k}`), n);
  if (n < 4) setTimeout(next, 2);
  busy(5);
};
setTimeout(next, 3);
