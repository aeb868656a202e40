// exec collects what a program says, up to a limit.
// expect: {"code":3,"signal":null,"stdout":"out\n","stderr":"err\n"}
// expect: {"code":0,"signal":null,"stdout":"","stderr":""}
// expect: {"code":null,"signal":"SIGKILL","stdout":"before\n","stderr":""}
// expect: true 2 255
// expect: 1000000
// expect: ERR_MAX_BYTES exec: 'yes' said more than 1000 bytes (maxBytes) 1000 0 SIGTERM
// expect: ERR_MAX_BYTES 0 10
// expect: 10
// expect: ETIMEDOUT exec: 'echo begun; sleep 100; echo' did not end within 200 ms begun SIGTERM
// expect: true
import { exec } from 'tenon:process';

const show = (v) => console.log(JSON.stringify(v));
show(await exec('echo out; echo err >&2; exit 3', [], { shell: true }));
show(await exec('true'));
show(await exec('echo before; kill -9 $$', [], { shell: true }));
const { stdout } = await exec('printf', ['\\1\\377'], { encoding: 'bytes' });
console.log(stdout instanceof Uint8Array, stdout.length, stdout[1]);
const input = 'y'.repeat(1000000);
console.log((await exec('cat', [], { input })).stdout.length);
const begun = performance.now();
await exec('yes', [], { maxBytes: 1000 }).catch((e) =>
  console.log(e.code, e.message, e.stdout.length, e.stderr.length,
    e.status.signal));
await exec('yes >&2', [], { maxBytes: 10, shell: true }).catch((e) =>
  console.log(e.code, e.stdout.length, e.stderr.length));
console.log((await exec('printf', ['0123456789'], { maxBytes: 10 })).stdout.length);
// The shell is gone; what it has started has its pipes, and is not waited for.
await exec('echo begun; sleep 100; echo', [], { shell: true, timeout: 200 })
  .catch((e) => console.log(e.code, e.message, e.stdout.trim(),
    e.status.signal));
console.log(performance.now() - begun < 5000);
