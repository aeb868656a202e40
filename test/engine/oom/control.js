// Labels, switch, nested finally, comma, optional chaining, exponent, with.
{
  const log = [];
  outer: for (let i = 0; ; i++) {
    for (const j of [1, 2, 3]) {
      if (j === 2) continue outer;
      if (i === 3) break outer;
      log.push(i * 10 + j);
    }
  }
  for (const v of ['a', 2, 'z']) switch (v) {
    case 'a': log.push('A');
    case 2: { let v2 = v; log.push(v2); break; }
    default: log.push('d');
  }
  (() => { l: try { try { return; } finally { break l; } } finally { log.push('f'); } })();
  var i = 0; do { i++; if (i == 2) continue; } while (i < 4);
  for (var k in { x: 1, y: { z: 2 } }) log.push(k);
  const o = { f: { g: x => x ?? 'nil' } };
  log.push(i, o?.f?.g?.(), o.n?.m.k, 2 ** 3 ** 2, (1, 2), void 0, typeof nope);
  let u = null; u ??= 4; u ||= 5; u &&= 6; log.push(u, delete o.f);
  Function('o', 'log', 'with (o) { w = 3; log.push(w); }')({ w: 1 }, log);
  globalThis.out = log.join('|');
}
