// script: tick1 tick2 job
// module: tick1 tick2 job
const log = (text) => console.log(text);
process.nextTick(() => {
  log('tick1');
  Promise.resolve().then(() => log('job'));
});
process.nextTick(() => log('tick2'));
