// script: one handled two job immediate
// module: job one handled two immediate
const log = (text) => console.log(text);
const onError = (f) => (process.on
  ? process.on('uncaughtException', f)
  : addEventListener('error', (e) => {
    f(e.error);
    e.preventDefault();
  }));
onError(() => log('handled'));
process.nextTick(() => { log('one'); throw new Error('x'); });
process.nextTick(() => log('two'));
Promise.resolve().then(() => log('job'));
setImmediate(() => log('immediate'));
