// Weak collections and references, a registry whose target goes away.
(async () => {
  const key = {}, wm = new WeakMap([[key, 1]]), ws = new WeakSet([key]);
  wm.set({}, 2);
  const r = new WeakRef(key), sym = new WeakRef(Symbol('s'));
  const gone = [];
  const reg = new FinalizationRegistry(v => gone.push(v));
  const token = {};
  reg.register({}, 'dropped');
  reg.register(key, 'kept', token);
  (() => { const o = {}; o.self = o; reg.register(o, 'cycle'); wm.set(o, o); })();
  reg.unregister(token);
  await null;
  await null;
  globalThis.out = [wm.get(key), ws.has(key), r.deref() === key,
    typeof sym.deref(), gone.includes('dropped')].join('|');
})();
