// script: one
// module: job one
const log = (text) => console.log(text);
process.nextTick(() => { log('one'); process.exit(); });
process.nextTick(() => log('never'));
Promise.resolve().then(() => log('job'));
