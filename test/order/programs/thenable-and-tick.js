// script: tick then x
// module: then x tick
const log = (text) => console.log(text);
Promise.resolve({ then(f) { log('then'); f('x'); } }).then(log);
process.nextTick(() => log('tick'));
