// script: sum49995000
// module: sum49995000
const log = (text) => console.log(text);
let sum = 0;
for (let i = 0; i < 10000; i++) process.nextTick((k) => { sum += k; }, i);
process.nextTick(() => log(`sum${sum}`));
