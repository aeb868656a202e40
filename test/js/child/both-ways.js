// Ten megabytes go through a child whose pipes are full in both directions.
// expect: 10485760 true 0
import { spawn } from 'tenon:process';

const size = 10 * 1024 * 1024;
const sent = new Uint8Array(size);
for (let i = 0; i < size; i += 97) sent[i] = i;
const child = spawn('cat', [], { stdin: 'pipe' });
const writing = child.stdin.write(sent).then(() => child.stdin.close());
const got = await child.stdout.bytes();
await writing;
let same = got.length === size;
for (let i = 0; same && i < size; i += 97) same = got[i] === sent[i];
console.log(got.length, same, (await child.status).code);
