// the process is that of node
import process, { argv, env, nextTick } from 'node:process';
import bare from 'process';
import { outcome } from './random.js';

console.log(process === globalThis.process, bare === process, argv === process.argv, env === process.env, nextTick === process.nextTick);
console.log(typeof process.version, process.version === `v${process.versions.node}`, process.platform, process.arch);
console.log(process.release.name, typeof process.pid, typeof process.ppid, process.argv0 !== '');
console.log(Object.prototype.toString.call(process), `${process}`);
console.log(Array.isArray(process.execArgv), Array.isArray(process.hrtime()), typeof process.hrtime.bigint(), process.hrtime(process.hrtime())[0]);
console.log(outcome(() => process.hrtime(5)), outcome(() => process.hrtime([1])));
console.log(process.uptime() > 0, Object.keys(process.memoryUsage()).join(), process.memoryUsage.rss() > 0);
console.log(Object.keys(process.cpuUsage()).join(), outcome(() => process.cpuUsage(5)));
const before = process.umask(0o22);
console.log(process.umask().toString(8), process.umask('077').toString(8), process.umask(before).toString(8), outcome(() => process.umask('9')));
console.log(outcome(() => process.chdir('/nowhere')).replace(/ '.*/, ''), outcome(() => process.chdir(5)));
process.chdir('/');
console.log(process.cwd());
console.log(outcome(() => process.kill(process.pid, 0)), outcome(() => process.kill(process.pid, 'SIGNONE')), outcome(() => process.kill('x')));
console.log(process.getuid() === process.geteuid(), typeof process.getgid(), typeof process.getegid());

// output
console.log(process.stdout.fd, process.stderr.fd, process.stdout.isTTY, process.stdout.columns);
process.stdout.write('text\n');
process.stdout.write(new Uint8Array([98, 121, 116, 101, 115, 10]));
console.log(process.stdout.write('x\n', 'utf8', () => console.log('written')), outcome(() => process.stdout.write(5)));

// events
const said = [];
const on = (name) => (...args) => said.push([name, ...args]);
console.log(process.on('x', on('x')) === process, process.emit('x', 1), process.emit('y'));
process.once('x', on('once'));
process.prependListener('x', on('first'));
process.emit('x', 2);
process.emit('x', 3);
console.log(JSON.stringify(said), process.listenerCount('x'), process.listeners('x').length);
process.removeAllListeners('x');
console.log(process.emit('x'), process.eventNames().includes('x'), outcome(() => process.on('x', 5)));
const f = () => {};
process.addListener('z', f);
process.off('z', f);
console.log(process.listenerCount('z'));

// warnings
process.on('warning', (w) => console.log('warning', w.name, w.message, w.code, w.detail));
process.emitWarning('one');
process.emitWarning('two', 'MyWarning', 'CODE');
process.emitWarning('three', { type: 'OtherWarning', code: 'C3', detail: 'more' });
process.emitWarning(Object.assign(new Error('four'), { name: 'ErrorWarning' }));
console.log(outcome(() => process.emitWarning(5)), outcome(() => process.emitWarning('x', 5)));
await new Promise((resolve) => setTimeout(resolve, 1));

// errors
process.on('uncaughtExceptionMonitor', (e, origin) => console.log('monitor', e.message, origin));
process.on('uncaughtException', (e, origin) => console.log('uncaught', e.message, origin));
setTimeout(() => { throw new Error('of a timer'); });
await new Promise((resolve) => setTimeout(resolve, 5));
Promise.reject(new Error('of a promise'));
await new Promise((resolve) => setTimeout(resolve, 5));
const late = Promise.reject(new Error('late'));
process.on('unhandledRejection', (reason, promise) => {
  console.log('unhandled', reason.message, promise instanceof Promise);
  setTimeout(() => promise.catch(() => {}));
});
process.on('rejectionHandled', (promise) => console.log('handled', promise instanceof Promise));
await new Promise((resolve) => setTimeout(resolve, 10));

// exit
let times = 0;
process.on('beforeExit', (code) => {
  console.log('beforeExit', code);
  if (times++ < 1) setTimeout(() => console.log('more'));
});
process.on('exit', (code) => {
  console.log('exit', code, process.exitCode);
  process.exitCode = 3;
  setTimeout(() => console.log('never'));
});
