// A file without module syntax is a script: sloppy, `this` is the global object.
// expect: true true
// expect: 8 function
// expect: 1
console.log(this === globalThis, (function () { return this; })() === globalThis);
var global = 010;
function visible() {}
console.log(globalThis.global, typeof globalThis.visible);
with ({ inside: 1 }) console.log(inside);
