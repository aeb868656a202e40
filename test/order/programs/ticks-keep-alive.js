// script: n1000 immediate
// module: n1000 immediate
const log = (text) => console.log(text);
let n = 0;
const next = () => { if (++n < 1000) process.nextTick(next); else log(`n${n}`); };
process.nextTick(next);
setImmediate(() => log('immediate'));
