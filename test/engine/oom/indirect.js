// Indirect eval of a call that fails by itself: for another reason when memory
// has run out.
{
  let out;
  try {
    (0, eval)('nope(1)');
  } catch (e) {
    if (e.message === 'out of memory') throw e;
    out = e.message;
  }
  globalThis.out = out;
}
