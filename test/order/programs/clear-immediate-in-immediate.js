// script: one three
// module: one three
const log = (text) => console.log(text);
setImmediate(() => {
  log('one');
  clearImmediate(two);
});
const two = setImmediate(() => log('two'));
setImmediate(() => log('three'));
