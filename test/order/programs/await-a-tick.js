// script: one immediate two three
// module: one immediate two three
const log = (text) => console.log(text);
(async () => {
  await new Promise((resolve) => process.nextTick(resolve));
  log('one');
  await new Promise((resolve) => setImmediate(resolve));
  log('two');
  await new Promise((resolve) => setTimeout(resolve, 1));
  log('three');
})();
setImmediate(() => log('immediate'));
