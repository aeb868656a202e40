// A recursion without end is a RangeError that can be caught.
// expect: RangeError
// expect: RangeError
// expect: RangeError
// expect: RangeError
const deep = [() => { (function f() { f(); })(); },
  () => new Function('['.repeat(1e4)),
  () => JSON.parse('['.repeat(1e6)),
  () => { const a = []; let b = a; for (let i = 0; i < 1e5; i++) b = [b]; JSON.stringify(b); }];
for (const f of deep) {
  try { f(); } catch (error) { console.log(error.name); }
}
