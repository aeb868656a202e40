// script: one
// module: one
const log = (text) => console.log(text);
const one = setImmediate(() => {
  clearImmediate(one);
  log('one');
});
