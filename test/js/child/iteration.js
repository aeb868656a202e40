// Output is read when it is asked for; who leaves the loop closes the pipe.
// expect: true true
// expect: {"code":null,"signal":"SIGPIPE"}
// expect: true [true]
// expect: 1 2 3 true
// expect: [true,false]
// expect: 0
import { spawn } from 'tenon:process';

const babbler = spawn('yes');
let size = 0, isBytes = true;
for await (const chunk of babbler.stdout) {
  size += chunk.length;
  isBytes &&= chunk instanceof Uint8Array;
  if (size > 1000000) break;
}
console.log(isBytes, size < 1100000);
console.log(JSON.stringify(await babbler.status));

// What was asked for before the end was known is told of it.
const quiet = spawn('sleep', ['100']);
const waiting = quiet.stdout[Symbol.asyncIterator]();
const pending = waiting.next();
await waiting.return();
console.log((await pending).done, JSON.stringify([(await waiting.next()).done]));
quiet.kill();

// Several at once get one chunk each, in order.
const counter = spawn('sh', ['-c', 'for i in 1 2 3; do echo $i; sleep 0.03; done']);
const it = counter.stdout.strings();
const all = await Promise.all([it.next(), it.next(), it.next(), it.next()]);
console.log(all.slice(0, 3).map((r) => r.value.trim()).join(' '), all[3].done);

// Others have their turn meanwhile.
let ticks = 0;
const timer = setInterval(() => ticks++, 1);
const busy = spawn('yes');
const until = performance.now() + 100;
for await (const chunk of busy.stdout) if (performance.now() > until) break;
clearInterval(timer);
console.log(JSON.stringify([ticks > 10, ticks > 1000]));
console.log((await spawn('true').stdout.bytes()).length);
