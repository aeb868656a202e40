// Output that nobody can read any more is thrown away; the child is not hurt.
// expect: {"code":3,"signal":null}
// expect: {"code":0,"signal":null}
import { spawn } from 'tenon:process';

// Only the status is kept.
const { status } = spawn('sh', ['-c', 'seq 1 100000; seq 1 100000 >&2; exit 3']);
console.log(JSON.stringify(await status));
// Nor is a standard input that nobody can write to any more.
console.log(JSON.stringify(await spawn('cat', [], { stdin: 'pipe' }).status));
