// node:timers/promises are those of node
import timers from 'node:timers';
import promises, { setImmediate, setInterval, setTimeout } from 'timers/promises';
import { outcome } from './random.js';

console.log(timers.promises === promises, Object.keys(promises).sort().join());
console.log(await setTimeout(1, 'value'), await setImmediate('value'), await setTimeout());
const tell = (p) => p.then((v) => console.log('value', v), (e) => console.log(e.name, e.code, e.message, e.cause));
const c = new AbortController();
const waits = [tell(setTimeout(1e6, 1, { signal: c.signal })), tell(setImmediate(1, { signal: AbortSignal.abort('why') }))];
c.abort('reason');
await Promise.all(waits);
await tell(setTimeout('x'));
await tell(setTimeout(1, 1, 5));
await tell(setTimeout(1, 1, { signal: 5 }));
await tell(setTimeout(1, 1, { ref: 5 }));
await tell(setImmediate(1, null));
let n = 0;
for await (const v of setInterval(1, 'each')) {
  console.log(v);
  if (++n === 3) break;
}
const d = new AbortController();
try {
  for await (const v of setInterval(2, 'x', { signal: d.signal })) {
    console.log(v);
    d.abort();
  }
} catch (e) {
  console.log(e.name, e.code);
}
await promises.scheduler.wait(1);
console.log(await promises.scheduler.yield());
timers.setTimeout(() => console.log('timer'), 20);
timers.clearTimeout(timers.setTimeout(() => console.log('never'), 1));
timers.setImmediate((a) => console.log('immediate', a), 1);
timers.clearImmediate(timers.setImmediate(() => console.log('never')));
setTimeout(1e6, 1, { ref: false });
