// script: start main tick1 one two tick2
// module: start main one two tick1 tick2
const log = (text) => console.log(text);
(async () => {
  log('start');
  process.nextTick(() => log('tick1'));
  await null;
  log('one');
  process.nextTick(() => log('tick2'));
  await null;
  log('two');
})();
log('main');
