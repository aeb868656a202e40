// script: two
// module: two
const log = (text) => console.log(text);
const one = setImmediate(() => log('never'));
setImmediate(() => log('two'));
if (Symbol.dispose && one[Symbol.dispose]) one[Symbol.dispose]();
else clearImmediate(one);
