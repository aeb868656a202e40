// script: one
// module: one
const log = (text) => console.log(text);
setImmediate(() => { log('one'); throw new Error('end'); });
setImmediate(() => log('never'));
