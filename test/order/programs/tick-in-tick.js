// script: one two three job
// module: job one two three
const log = (text) => console.log(text);
process.nextTick(() => {
  log('one');
  process.nextTick(() => log('three'));
});
process.nextTick(() => log('two'));
Promise.resolve().then(() => log('job'));
