// script: main tick microtask
// module: main microtask tick
const log = (text) => console.log(text);
queueMicrotask(() => log('microtask'));
process.nextTick(() => log('tick'));
log('main');
