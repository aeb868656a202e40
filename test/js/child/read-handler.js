// A read handler can be set, taken away and set again; what it throws is its own.
// expect: nothing
// expect: a
// expect: kept
// expect: b
// expect: end
// expect-error: Error: of a handler
// exit: 1
import { close, open, setReadHandler } from 'tenon:process';

const later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const say = (s) => console.log(s === null ? 'end' : s.trim());
const command = open('echo a; sleep 0.1; echo b', 'r');
await later(30);
console.log('nothing');
setReadHandler(command, say, 'utf-8');
await later(30);
setReadHandler(command, null);
await later(150);
console.log('kept');
setReadHandler(command, say, 'utf-8');
await close(command);
const other = open('echo', 'r');
setReadHandler(other, (data) => { if (data) throw new Error('of a handler'); });
await close(other);
