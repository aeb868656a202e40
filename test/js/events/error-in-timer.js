// Errors in timers are reported each; the timers go on.
// expect: 1
// expect: 2
// expect: 3
onerror = (m, f, l, c, error) => { console.log(error); return true; };
let n = 0;
const timer = setInterval(() => {
  if (++n === 3) clearInterval(timer);
  throw n;
}, 1);
