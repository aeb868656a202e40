// script: 1,two, object
// module: 1,two, true
const log = (text) => console.log(text);
process.nextTick((...all) => log(all.join()), 1, 'two', null);
process.nextTick(function () { log(String(this === undefined || this === process || typeof this)); });
