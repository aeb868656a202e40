// A timeout asks first, and kills after a grace time.
// expect: {"code":null,"signal":"SIGTERM"} true
// expect: {"code":null,"signal":"SIGKILL"} true true
// expect: {"code":4,"signal":null} true
// expect: {"code":null,"signal":"SIGKILL"} true
// expect: {"code":0,"signal":null} false
// expect: ended
import { spawn } from 'tenon:process';

const show = (s, ...v) => console.log(JSON.stringify(s), ...v);
const sh = (script, options) => spawn('sh', ['-c', script], options);
const first = spawn('sleep', ['100'], { timeout: 50 });
show(await first.status, first.timedOut);
const begun = performance.now();
const deaf = sh('trap "" TERM; while :; do sleep 0.01; done',
  { timeout: 50, grace: 100 });
show(await deaf.status, deaf.timedOut, performance.now() - begun >= 145);
const polite = sh('trap "exit 4" TERM; while :; do sleep 0.01; done',
  { timeout: 50 });
show(await polite.status, polite.timedOut);
const stopped = spawn('sleep', ['100'], { timeout: 50, grace: 50 });
stopped.kill('SIGSTOP');
show(await stopped.status, stopped.timedOut);
const quick = spawn('true', [], { timeout: 10000 });
show(await quick.status, quick.timedOut);
// What the leader leaves in its group is ended with it.
const group = sh('(trap "" TERM; exec sleep 100) & wait',
  { timeout: 50, group: true });
await group.stdout.bytes();
console.log('ended');
