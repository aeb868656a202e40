// Writes that nobody waits for keep their order, and close is behind them.
// expect: 288890 true
// expect: EPIPE write
// expect: a detached buffer is refused
import { spawn } from 'tenon:process';

const child = spawn('cat', [], { stdin: 'pipe' });
let expected = '';
for (let i = 0; i < 50000; i++) {
  child.stdin.write(`${i}\n`);
  expected += `${i}\n`;
}
child.stdin.write('');
child.stdin.write(new Uint8Array(0));
const closed = child.stdin.close();
const text = await child.stdout.text();
await closed;
console.log(text.length, text === expected);
await child.stdin.write('x').catch((e) => console.log(e.code, e.syscall));
const bytes = new Uint8Array(10);
structuredCloneOrTransfer(bytes.buffer);
const other = spawn('cat', [], { stdin: 'pipe' });
await other.stdin.write(bytes).catch((e) =>
  console.log(e instanceof TypeError ? 'a detached buffer is refused' : e));
await other.stdin.close();

function structuredCloneOrTransfer(buffer) { buffer.transfer(); }
