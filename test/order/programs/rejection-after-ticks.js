// script: tick caught
// module: tick caught
const log = (text) => console.log(text);
const bad = Promise.reject(new Error('handled in a tick'));
process.nextTick(() => {
  log('tick');
  bad.catch((e) => log('caught'));
});
