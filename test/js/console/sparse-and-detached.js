// A list with a hole of billions and a view whose buffer is gone are shown.
// expect: [ <4294967294 empty items>, 1 ]
// expect: Uint8Array(0) []
// expect: ArrayBuffer { (detached), byteLength: 0 }
// expect: [ [ [ [Array] ] ] ]
const sparse = [];
sparse[4294967294] = 1;
console.log(sparse);
const view = new Uint8Array(8), { buffer } = view;
buffer.transfer();
console.log(view);
console.log(buffer);
let deep = [];
for (let i = 0; i < 100000; i++) deep = [deep];
console.log(deep);
