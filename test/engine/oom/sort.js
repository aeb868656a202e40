// Sorting with and without a comparator, stable, of holes and of strings.
{
  const a = Array.from({ length: 50 }, (_, i) => ({ k: i * 7919 % 10, i }));
  a.sort((x, y) => x.k - y.k);
  const stable = a.every((x, i) => !i || a[i - 1].k < x.k || a[i - 1].i < x.i);
  const holes = [3, , 1, undefined, 2];
  holes.sort();
  globalThis.out = [stable, holes.length, 1 in holes, holes.join(),
    [10, 9, 1].sort().join(), ['b', 'a', 'C'].sort().join(),
    [3, 1, 2].toSorted((x, y) => y - x).join(),
    new Float64Array([2, NaN, -0, 0]).sort().join(),
    Array.prototype.sort.call({ 0: 'b', 1: 'a', length: 2 })[0]].join('|');
}
