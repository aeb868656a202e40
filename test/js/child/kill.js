// Signals: by name and number, to a child or its group, and to one that is gone.
// expect: true {"code":null,"signal":"SIGTERM"} false
// expect: {"code":null,"signal":"SIGKILL"}
// expect: {"code":null,"signal":"SIGRTMIN+2"}
// expect: true waits true {"code":5,"signal":null}
// expect: {"code":0,"signal":null}
// expect: ended
import { spawn } from 'tenon:process';

const show = (...v) => console.log(...v.map((x) =>
  (typeof x === 'object' ? JSON.stringify(x) : x)));
const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const sleeper = spawn('sleep', ['100']);
show(sleeper.kill(), await sleeper.status, sleeper.kill());
const other = spawn('sleep', ['100']);
other.kill(9);
show(await other.status);
const third = spawn('sleep', ['100']);
third.kill('SIGRTMIN+2');
show(await third.status);
// One that is stopped has not ended.
const stopped = spawn('sh', ['-c', 'sleep 0.05; exit 5']);
const isStopped = stopped.kill('SIGSTOP');
const state = await Promise.race([
  stopped.status.then(() => 'ended'), later(200).then(() => 'waits')]);
show(isStopped, state, stopped.kill('SIGCONT'), await stopped.status);
const lives = spawn('sh', ['-c', 'trap "exit 0" USR1; echo; while :; do sleep 0.01; done']);
for await (const _ of lives.stdout) break;
lives.kill('SIGUSR1');
show(await lives.status);
// The group has another member, which keeps the pipe open for as long as it lives.
const group = spawn('sh', ['-c', 'sleep 100 & echo; wait'], { group: true });
const output = group.stdout[Symbol.asyncIterator]();
await output.next();
group.kill('SIGKILL');
show((await output.next()).done ? 'ended' : 'goes on');
