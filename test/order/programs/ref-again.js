// script: runs
// module: runs
const log = (text) => console.log(text);
setImmediate(() => log('runs')).unref().ref();
