// A child's output comes to its end, and its status is exact.
// expect: hällo
// expect: problem
// expect: {"code":7,"signal":null}
// expect: {"code":null,"signal":"SIGKILL"}
// expect: {"code":0,"signal":null}
// expect: null null null
import { spawn } from 'tenon:process';

const show = (v) => console.log(JSON.stringify(v));
const child = spawn('sh', ['-c', 'echo hällo; echo problem >&2; exit 7']);
console.log((await child.stdout.text()).trimEnd());
console.log((await child.stderr.text()).trimEnd());
show(await child.status);
show(await spawn('sh', ['-c', 'kill -9 $$']).status);
const quiet = spawn('true', [], { stdout: 'ignore', stderr: 'ignore' });
show(await quiet.status);
console.log(quiet.stdin, quiet.stdout, quiet.stderr);
