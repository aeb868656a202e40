// script: tick
// module: tick
const log = (text) => console.log(text);
process.nextTick(() => log('tick'));
setImmediate(() => { process.nextTick(() => log('never')); throw new Error('end'); });
