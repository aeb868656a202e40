// Dynamic import: of a module with its own await, and of one that is missing.
(async () => {
  const [m, n] = await Promise.all([import('tla'), import('tla')]);
  let error = 'none';
  try { await import('missing'); } catch (e) {
    if (!(e instanceof ReferenceError)) throw e;
    error = e.message;
  }
  const { default: d } = await import('a');
  globalThis.out = [m === n, m.value, error, d].join('|');
})();
