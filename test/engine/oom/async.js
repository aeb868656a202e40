// Async functions: await of values, promises and thenables; catch; finally.
(async () => {
  const log = [];
  const later = v => new Promise(r => r(v));
  const f = async (a, { b } = {}) => { const x = await later(a); return x + b; };
  log.push(await f(1, { b: 2 }));
  log.push(await { then(r) { r('thenable'); } });
  try { await (async () => { throw new TypeError('t'); })(); } catch (e) {
    if (!(e instanceof TypeError)) throw e;
    log.push(e.message);
  } finally { log.push(await 'finally'); }
  const captured = [];
  for (let i = 0; i < 2; i++) { await null; captured.push(() => i); }
  log.push(captured.map(c => c()).join());
  class K { async m() { return await this.#p(); } async #p() { return 'p'; } }
  log.push(await new K().m());
  globalThis.out = log.join('|');
})();
