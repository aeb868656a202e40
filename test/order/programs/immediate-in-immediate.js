// script: one two three
// module: one two three
const log = (text) => console.log(text);
setImmediate(() => {
  log('one');
  setImmediate(() => log('three'));
});
setImmediate(() => log('two'));
