// Parse with a reviver, stringify with indent, replacer and toJSON.
{
  const o = { a: [1, 2.5, -3e10, true, null, 'é\u2028"\n'], b: { c: {} },
    d: { toJSON() { return 'json'; } }, e: undefined, f: new Date(0) };
  const text = JSON.stringify(o, null, 2);
  const back = JSON.parse(text, function (k, v) {
    return typeof v === 'number' ? v + 1 : v;
  });
  const picked = JSON.stringify(o, ['a', 'd']);
  const fn = JSON.stringify([1, { x: 1 }], (k, v) => k === 'x' ? [v] : v);
  let cyc = '';
  o.self = o;
  try { JSON.stringify(o); } catch (e) {
    if (!(e instanceof TypeError)) throw e;
    cyc = 'circular';
  }
  let bad = '';
  try { JSON.parse('{"a": 1, }'); } catch (e) {
    if (!(e instanceof SyntaxError)) throw e;
    bad = e.message;
  }
  const wide = JSON.parse('{"ключ": ["значение", "\\ud83d\\ude00"]}');
  globalThis.out = [text.length, JSON.stringify(back), picked, fn, cyc, bad,
    JSON.stringify(wide)].join('|');
}
