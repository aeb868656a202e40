// Symbols: registry, well-known ones that are overridden.
{
  class M {
    static [Symbol.hasInstance](x) { return x === 1; }
    get [Symbol.toStringTag]() { return 'M'; }
    [Symbol.toPrimitive](hint) { return hint === 'number' ? 42 : hint; }
    static get [Symbol.species]() { return Array; }
  }
  const m = new M(), s = Symbol('desc'), o = { [s]: 1 };
  const spread = { length: 1, 0: 'x', [Symbol.isConcatSpreadable]: true };
  globalThis.out = [1 instanceof M, String(Object.prototype.toString.call(m)),
    +m, `${m}`, s.description, String(s), Symbol.for('k') === Symbol.for('k'),
    Symbol.keyFor(Symbol.for('k')), Object.getOwnPropertySymbols(o).length,
    [1].concat(spread).join(), Object(s) == s, 'x'.replace({
      [Symbol.replace]: (str, r) => str + r }, 'y')].join('|');
}
