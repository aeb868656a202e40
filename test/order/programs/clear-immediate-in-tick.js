// script: tick
// module: tick
const log = (text) => console.log(text);
const one = setImmediate(() => log('never'));
process.nextTick(() => { log('tick'); clearImmediate(one); });
