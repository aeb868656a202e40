// script: handled two tick job
// module: handled two tick job
const log = (text) => console.log(text);
const onError = (f) => (process.on
  ? process.on('uncaughtException', f)
  : addEventListener('error', (e) => {
    f(e.error);
    e.preventDefault();
  }));
onError(() => log('handled'));
setImmediate(() => {
  process.nextTick(() => log('tick'));
  Promise.resolve().then(() => log('job'));
  throw new Error('x');
});
setImmediate(() => log('two'));
