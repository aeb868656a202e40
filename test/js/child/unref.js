// A program does not wait for a child that was let go of, and takes it along.
// expect: end
import { spawn } from 'tenon:process';

const child = spawn('sleep', ['100']).unref();
child.stdout.text().then(() => console.log('never'));
const other = spawn('sleep', ['0.05']).unref().ref();
await other.status;
console.log('end');
