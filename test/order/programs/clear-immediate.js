// script: two
// module: two
const log = (text) => console.log(text);
const one = setImmediate(() => log('one'));
const two = setImmediate(() => log('two'));
clearImmediate(one);
clearImmediate(one);
clearImmediate(undefined);
clearImmediate(null);
