// script: main tick job
// module: main job tick
const log = (text) => console.log(text);
Promise.resolve().then(() => log('job'));
process.nextTick(() => log('tick'));
log('main');
