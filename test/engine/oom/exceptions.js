// Stacks, causes, aggregates, finally that overrides, prepareStackTrace.
{
  const log = [];
  function thrower(n) { if (n) thrower(n - 1); else null.property; }
  try { thrower(3); } catch (e) {
    if (!(e instanceof TypeError)) throw e;
    e.stack?.split('\n');
    log.push(e.message);
  }
  const f = () => { try { throw 1; } finally { return 'overridden'; } };
  log.push(f());
  const e = new Error('outer', { cause: new RangeError('inner') });
  log.push(e.cause.message, String(e));
  const agg = new AggregateError([e, 2], 'agg');
  log.push(agg.errors.length, agg.message);
  const holder = {};
  Error.captureStackTrace(holder, thrower);
  // a stack is best effort
  log.push('stack' in holder);
  try {
    Error.prepareStackTrace = (err, sites) =>
      sites.map(s => s.getFunctionName()).join('<');
    function named() { return new Error('p').stack; }
    named();
  } finally {
    Error.prepareStackTrace = undefined;
  }
  try { undefinedName; } catch (x) {
    if (!(x instanceof ReferenceError)) throw x;
    log.push(x.message);
  }
  try { new Function('let 1'); } catch (x) {
    if (!(x instanceof SyntaxError)) throw x;
    log.push('syntax');
  }
  log.push(new DOMException('m', 'AbortError').code);
  globalThis.out = log.join('|');
}
