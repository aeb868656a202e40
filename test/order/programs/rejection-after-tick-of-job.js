// script: caught
// module: caught
const log = (text) => console.log(text);
const bad = Promise.reject(new Error('handled behind a job'));
Promise.resolve().then(() => process.nextTick(() => bad.catch(() => log('caught'))));
