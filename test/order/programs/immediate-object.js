// script: Immediate function true false
// module: Immediate function true false
const log = (text) => console.log(text);
const one = setImmediate(() => {});
log(one.constructor.name);
log(typeof one.ref);
log(String(one.hasRef()));
clearImmediate(one);
log(String(one.hasRef()));
