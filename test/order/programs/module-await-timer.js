// module: main job tick immediate
const log = (text) => console.log(text);
await new Promise((resolve) => setTimeout(resolve, 2));
process.nextTick(() => log('tick'));
Promise.resolve().then(() => log('job'));
setImmediate(() => log('immediate'));
log('main');
