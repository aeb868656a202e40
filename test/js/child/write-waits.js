// A write is done when the pipe has it: not before the child reads.
// expect: waits
// expect: written
// expect: 400000
import { spawn } from 'tenon:process';

const child = spawn('sh', ['-c', 'sleep 0.2; cat | wc -c'], { stdin: 'pipe' });
let isDone = false;
const done = child.stdin.write('x'.repeat(400000)).then(() => { isDone = true; });
await new Promise((resolve) => setTimeout(resolve, 50));
console.log(isDone ? 'is done' : 'waits');
await done;
console.log('written');
await child.stdin.close();
console.log((await child.stdout.text()).trim());
