// Errors that have a hint; without memory for it they go without.
const o = { a: {}, later: async () => {} };
let none;
const words = [
  () => none(), () => o.a.b(1), () => o.later().json(), () => o.later()(),
  () => [...o.later()], () => { const [x] = o.later(); return x; },
  () => (0, eval)('function f() { await x; }'),
].map((f) => {
  try {
    return f();
  } catch (e) {
    if (e instanceof InternalError) throw e;
    return /not a function|not iterable|await is/.exec(e.message)[0];
  }
});
globalThis.out = words.join('|');
