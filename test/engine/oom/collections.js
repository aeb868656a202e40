// Map, Set and their methods, iteration while they change, grouping.
{
  const m = new Map([[1, 'a'], ['k', 'b'], [NaN, 'c']]);
  for (let i = 0; i < 40; i++) m.set('key' + i, i);
  m.delete('key3');
  const seen = [];
  for (const [k] of m) { if (k === 'key1') { m.delete('key2'); } seen.push(k); }
  const s = new Set([1, 2, 3]), t = new Set([2, 3, 4]);
  const g = Object.groupBy([1, 2, 3], x => x % 2 ? 'odd' : 'even');
  const h = Map.groupBy([1, 2, 3], x => x % 2);
  globalThis.out = [m.size, seen.length, m.get(NaN), [...s.union(t)].join(),
    [...s.intersection(t)].join(), [...s.difference(t)].join(),
    [...s.symmetricDifference(t)].join(), s.isSubsetOf(t),
    JSON.stringify(g), h.get(1).join(), [...m.entries()].length,
    [...new Map(m).keys()].length].join('|');
}
