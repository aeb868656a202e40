// module: main job resumed job2 tick tick2
const log = (text) => console.log(text);
log('main');
process.nextTick(() => log('tick'));
Promise.resolve().then(() => log('job'));
await null;
log('resumed');
process.nextTick(() => log('tick2'));
Promise.resolve().then(() => log('job2'));
