// console.table asks no getter and no Proxy, and wants a list of columns.
// expect: ┌─────────┬──────────┬───┐
// expect: │ (index) │ a        │ b │
// expect: ├─────────┼──────────┼───┤
// expect: │ 0       │ [Getter] │ 1 │
// expect: └─────────┴──────────┴───┘
// expect: ┌─────────┬───┐
// expect: │ (index) │ a │
// expect: ├─────────┼───┤
// expect: │ 0       │ 1 │
// expect: └─────────┴───┘
// expect: ┌─────────┬───┐
// expect: │ (index) │ a │
// expect: ├─────────┼───┤
// expect: │ 0       │ 1 │
// expect: └─────────┴───┘
// expect: 0
// expect: TypeError ERR_INVALID_ARG_TYPE
// expect: TypeError ERR_INVALID_ARG_TYPE
// expect: TypeError ERR_INVALID_ARG_TYPE
// expect: ┌─────────┬─────────────────┬─────────────────┐
// expect: │ (index) │ a               │ Values          │
// expect: ├─────────┼─────────────────┼─────────────────┤
// expect: │ 0       │                 │ <Revoked Proxy> │
// expect: │ 1       │ <Revoked Proxy> │                 │
// expect: └─────────┴─────────────────┴─────────────────┘
// expect: [Error: e] { errors: <Revoked Proxy> }
let called = 0;
const trap = new Proxy({}, { get() { called++; } });
console.table([{ get a() { called++; }, b: 1 }]);
console.table(new Proxy([{ a: 1 }], trap));
console.table([new Proxy({ a: 1 }, trap)]);
console.log(called);
for (const bad of ['x', null, {}]) {
  try {
    console.table([1], bad);
  } catch (e) {
    console.log(e.name, e.code);
  }
}
const { proxy, revoke } = Proxy.revocable([], {});
revoke();
console.table([proxy, { a: proxy }]);
console.log(Object.assign(new Error('e'), { stack: '', errors: proxy }));
