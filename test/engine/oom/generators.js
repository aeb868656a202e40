// Generators: delegation, return, throw, destructuring that closes one.
{
  const log = [];
  function* inner() {
    try { const x = yield 1; log.push('got ' + x); yield 2; }
    finally { log.push('closed'); }
  }
  function* outer(a) { const r = yield* inner(); yield a; return r; }
  const g = outer(3);
  log.push(g.next().value, g.next('v').value, g.next().value, g.next().done);
  const [first] = inner();
  log.push(first);
  const h = outer(5);
  h.next();
  log.push(JSON.stringify(h.return(9)));
  const k = inner();
  k.next();
  try { k.throw(new RangeError('r')); } catch (e) {
    if (!(e instanceof RangeError)) throw e;
    log.push(e.message);
  }
  const o = { *[Symbol.iterator]() { yield* [1, 2, 3]; } };
  log.push([...o].join(), Math.max(...o));
  globalThis.out = log.join('|');
}
