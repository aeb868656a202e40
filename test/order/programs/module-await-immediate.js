// module: resumed job end tick
const log = (text) => console.log(text);
await new Promise((resolve) => setImmediate(resolve));
log('resumed');
process.nextTick(() => log('tick'));
Promise.resolve().then(() => log('job'));
await null;
log('end');
