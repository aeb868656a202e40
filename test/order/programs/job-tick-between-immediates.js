// script: job job2 tick immediate2
// module: job job2 tick immediate2
const log = (text) => console.log(text);
setImmediate(() => {
  Promise.resolve().then(() => {
    log('job');
    process.nextTick(() => log('tick'));
    queueMicrotask(() => log('job2'));
  });
});
setImmediate(() => log('immediate2'));
