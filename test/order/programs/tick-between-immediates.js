// script: immediate1 tick job immediate2
// module: immediate1 tick job immediate2
const log = (text) => console.log(text);
setImmediate(() => {
  log('immediate1');
  process.nextTick(() => log('tick'));
  Promise.resolve().then(() => log('job'));
});
setImmediate(() => log('immediate2'));
