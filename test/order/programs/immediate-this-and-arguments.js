// script: 1,2,3 Immediate
// module: 1,2,3 Immediate
const log = (text) => console.log(text);
setImmediate(function (...all) { log(all.join()); log(String(this.constructor.name)); }, 1, 2, 3);
