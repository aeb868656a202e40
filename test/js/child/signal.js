// An AbortSignal stops a child: its status says how it ended, exec rejects.
// expect: {"code":null,"signal":"SIGTERM"} false
// expect: true
// expect: {"code":null,"signal":"SIGKILL"}
// expect: true
// expect: TimeoutError
// expect: 0
// expect: spawn: option 'signal': expected AbortSignal, got object
// expect: spawn: option 'signal': expected AbortSignal, got null
import { exec, spawn } from 'tenon:process';

const show = (...v) => console.log(...v.map((x) =>
  (typeof x === 'object' ? JSON.stringify(x) : x)));
const first = new AbortController();
const sleeper = spawn('sleep', ['100'], { signal: first.signal });
first.abort();
show(await sleeper.status, sleeper.timedOut);
// Nothing is started for one that is aborted already.
const reason = new Error('mine');
try {
  spawn('nosuch', [], { signal: AbortSignal.abort(reason) });
} catch (e) {
  show(e === reason);
}
const second = new AbortController();
const deaf = spawn('sh', ['-c', 'trap "" TERM; echo; while :; do sleep 0.01; done'],
  { signal: second.signal, grace: 30 });
await deaf.stdout[Symbol.asyncIterator]().next();
second.abort();
show(await deaf.status);
const third = new AbortController();
const collecting = exec('echo; sleep 100; echo', [],
  { shell: true, signal: third.signal }).catch((e) => show(e === reason));
third.abort(reason);
await collecting;
await exec('sleep', ['100'], { signal: AbortSignal.timeout(30) })
  .catch((e) => show(e.name));
// One that has ended is not told any more.
const late = new AbortController();
const quick = await exec('true', [], { signal: late.signal });
late.abort();
show(quick.code);
for (const signal of [{}, null]) {
  try {
    spawn('true', [], { signal });
  } catch (e) {
    show(e.message);
  }
}
