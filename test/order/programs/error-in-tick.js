// script: one
// module: one
const log = (text) => console.log(text);
process.nextTick(() => { log('one'); throw new Error('end'); });
process.nextTick(() => log('never'));
setImmediate(() => log('never'));
