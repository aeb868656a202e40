// script: unrefd kept
// module: unrefd kept
const log = (text) => console.log(text);
setImmediate(() => log('unrefd')).unref();
setImmediate(() => log('kept'));
