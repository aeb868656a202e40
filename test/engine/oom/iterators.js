// Iterator helpers, concat, zip, from, closing.
{
  const log = [];
  function* nat() { let i = 0; try { for (;;) yield i++; } finally { log.push('c'); } }
  log.push(nat().filter(x => x % 2).map(x => x * x).drop(1).take(3).toArray().join());
  log.push(nat().flatMap(x => [x, x]).take(4).reduce((a, b) => a + b));
  log.push(nat().some(x => x > 3), nat().take(2).every(x => x < 2), nat().find(x => x > 5));
  nat().take(2).forEach(x => log.push(x));
  log.push(Iterator.from({ next() { return { done: true }; } }).toArray().length);
  log.push(Iterator.concat([1], new Set([2]), ['ab']).toArray().join());
  if (Iterator.zip)
    log.push(JSON.stringify(Iterator.zip([[1, 2], ['a', 'b']]).toArray()),
      JSON.stringify(Iterator.zipKeyed({ a: [1], b: [2] }).toArray()));
  log.push([...[5, 6].entries()].join(), [...'ab'].keys().toArray().join());
  class I extends Iterator { n = 0; next() { return { value: this.n++, done: this.n > 3 }; } }
  log.push([...new I()].join());
  globalThis.out = log.join('|');
}
