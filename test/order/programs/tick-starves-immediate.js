// script: timer50 immediate50
// module: immediate50 timer50
const log = (text) => console.log(text);
const busy = (ms) => {
  const end = Date.now() + ms;
  while (Date.now() < end);
};
let n = 0;
setImmediate(() => log(`immediate${n}`));
setTimeout(() => log(`timer${n}`), 0);
const next = () => { if (++n < 50) Promise.resolve().then(() => process.nextTick(next)); };
next();
busy(5);
