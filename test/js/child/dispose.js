// At the end of its block a child is stopped and waited for.
// expect: {"code":null,"signal":"SIGTERM"}
// expect: true
import { spawn } from 'tenon:process';

let child;
{
  await using sleeper = spawn('sleep', ['100'], { stdin: 'pipe' });
  child = sleeper;
}
console.log(JSON.stringify(await child.status));
console.log((await child.stdout.bytes()).length === 0);
