// open and close are popen's: a shell, a read handler, the status at the end.
// expect: this is first
// expect: bytes 4 null
// expect: 7
// expect: 200000 true
// expect: SIGKILL
// expect: EINVAL -22 open: argument 2 'mode': expected 'r' or 'w', got 'rw'
// expect: EBADF
// expect: EBADF
// expect: written
// expect: 3
// expect: true
import { close, open, setReadHandler } from 'tenon:process';

const first = open('echo one; exit 7', 'r');
const got = [];
setReadHandler(first, (data) => got.push(data));
console.log('this is first');
const code = await close(first);
console.log(got[0] instanceof Uint8Array ? 'bytes' : 'other', got[0].length,
  got[got.length - 1]);
console.log(code);
// 200,000 bytes make a string.
const long = open("head -c 200000 /dev/zero | tr '\\0' x", 'r');
let text = '';
setReadHandler(long, (s) => { if (s !== null) text += s; }, 'utf-8');
await close(long);
console.log(text.length, text === 'x'.repeat(200000));
console.log(await close(open('kill -9 $$', 'r')));
for (let i = 0; i < 3; i++) {
  try {
    open('true', 'rw');
  } catch (e) {
    if (i === 2) console.log(e.code, e.errno, e.message);
  }
}
await close(first).catch((e) => console.log(e.code));
try {
  setReadHandler(first, null);
} catch (e) {
  console.log(e.code);
}
const writer = open('cat; exit 3', 'w');
await writer.write('written\n');
console.log(await close(writer));
// Without a handler nobody reads: the pipe is closed, as pclose does it.
console.log(await close(open('yes', 'r')) !== 0);
