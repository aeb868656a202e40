// Array methods on fast and slow arrays.
{
  const a = Array.from('hello', (c, i) => c + i);
  const big = new Array(5).fill(0).map((_, i) => i);
  const like = { length: 3, 0: 'a', 2: 'c' };
  const log = [a.join(), big.copyWithin(0, 3).join(), big.flat().length,
    [1, [2, [3, [4]]]].flat(Infinity).join(), [1, 2].flatMap(x => [x, x]).join(),
    a.splice(1, 2, 'x', 'y', 'z').join(), a.join(), a.slice(-2).join(),
    a.indexOf('x'), a.includes('z'), a.findLast(x => x < 'z'), a.reverse().join(),
    a.concat([1], [[2]]).length, a.reduceRight((p, c) => p + c), a.shift(), a.unshift(1, 2),
    a.pop(), a.lastIndexOf(2), a.every(Boolean), a.toSpliced(0, 1).length,
    a.toReversed().length, a.with(0, 'w')[0], Array.prototype.map.call(like, x => x).length,
    Array.prototype.join.call(like, '-'), [3, 2].entries().next().value.join(),
    Array.of(7).length, [, 1].findIndex(x => x === undefined), [1, 2, 3].toString(),
    [1, , 3].some(x => !x), Array.isArray(a), [].concat(...[[1], [2]]).length,
    new Array(3).join('-'), [1, 2, 3].filter(x => x & 1).keys().next().value];
  const sparse = []; sparse[100] = 1; sparse.push(2); sparse.unshift(0);
  log.push(sparse.length, sparse.filter(() => true).length);
  globalThis.out = log.join('|');
}
