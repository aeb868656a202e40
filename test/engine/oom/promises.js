// Combinators, chains, rejections, species, withResolvers, try.
(async () => {
  const log = [];
  const p = v => Promise.resolve(v), q = m => Promise.reject(new RangeError(m));
  log.push(await Promise.all([p(1), 2, p(3)]));
  log.push(await Promise.race([new Promise(() => {}), p('raced')]));
  log.push(JSON.stringify((await Promise.allSettled([p(1), q('no')]))
    .map(s => s.status + (s.value ?? s.reason.message))));
  log.push(await Promise.any([q('x'), p('any')]));
  try { await Promise.any([q('a'), q('b')]); } catch (e) {
    if (!(e instanceof AggregateError)) throw e;
    log.push(e.errors.map(x => x.message).join());
  }
  log.push(await p(1).then(x => x + 1).then(x => { throw x; })
    .catch(x => { if (x !== 2) throw x; return x * 10; })
    .finally(() => p(0)).then(x => x + 1));
  class P extends Promise {}
  log.push(await new P(r => r(1)).then(x => x) , P.resolve(1) instanceof P);
  const { promise, resolve } = Promise.withResolvers();
  queueMicrotask(() => resolve('with'));
  log.push(await promise, await Promise.try(x => x, 'tried'));
  globalThis.out = log.join('|');
})();
