// script: i0 i1 i2 i3 i4
// module: i0 i1 i2 i3 i4
const log = (text) => console.log(text);
for (let i = 0; i < 5; i++) setImmediate((n) => log(`i${n}`), i);
