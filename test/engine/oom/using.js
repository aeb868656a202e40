// using, await using, disposable stacks, suppressed errors.
(async () => {
  const log = [];
  const res = n => ({ [Symbol.dispose]() { log.push('d' + n); } });
  const ares = n => ({ async [Symbol.asyncDispose]() { log.push('ad' + n); } });
  { using a = res(1), b = res(2); log.push('body'); }
  { await using c = ares(3), d = res(4); log.push('abody'); }
  for (using e of [res(5)]) log.push('loop');
  try {
    using f = { [Symbol.dispose]() { throw new RangeError('dispose'); } };
    throw new TypeError('body');
  } catch (e) {
    if (!(e instanceof SuppressedError)) throw e;
    log.push(e.error.message, e.suppressed.message);
  }
  const stack = new DisposableStack();
  stack.use(res(6)); stack.defer(() => log.push('defer')); stack.adopt(1, v => log.push(v));
  const moved = stack.move();
  moved.dispose();
  const as = new AsyncDisposableStack();
  as.use(ares(7)); as.use(res(8));
  await as.disposeAsync();
  globalThis.out = log.join('|');
})();
