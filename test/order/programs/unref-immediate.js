// script: true true false
const log = (text) => console.log(text);
const one = setImmediate(() => log('never'));
log(String(one.hasRef()));
log(String(one.unref() === one));
log(String(one.hasRef()));
