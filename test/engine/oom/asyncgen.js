// Async generators: for await, delegation, return and throw while queued.
(async () => {
  const log = [];
  async function* inner() {
    try { yield 1; yield Promise.resolve(2); } finally { log.push('fin'); }
  }
  async function* outer() { yield* inner(); return 'r'; }
  for await (const v of outer()) log.push(v);
  for await (const v of [Promise.resolve('a'), 'b']) log.push(v);
  const g = inner();
  const all = await Promise.all([g.next(), g.next(), g.return('ret'), g.next()]);
  log.push(JSON.stringify(all));
  const h = inner();
  await h.next();
  try { await h.throw(new RangeError('x')); } catch (e) {
    if (!(e instanceof RangeError)) throw e;
    log.push(e.message);
  }
  for await (const v of inner()) { log.push('only ' + v); break; }
  log.push(JSON.stringify(await outer().return(Promise.resolve(7))));
  globalThis.out = log.join('|');
})();
