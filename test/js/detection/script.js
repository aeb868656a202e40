// A file without module syntax is CommonJS: sloppy, its variables are its own.
// expect: true true
// expect: undefined undefined 8
// expect: 1
console.log(this === module.exports, (function () { return this; })() === globalThis);
var own = 010;
function hidden() {}
console.log(globalThis.own, globalThis.hidden, own);
with ({ inside: 1 }) console.log(inside);
