// Named groups, sticky, lookbehind, replace with functions, split, matchAll.
{
  const re = /(?<year>\d{4})-(?<month>\d\d)/g;
  const s = 'on 2024-05 and 2025-06';
  const log = [];
  log.push(s.replace(re, '$<month>/$<year>'));
  log.push(s.replace(re, (...a) => a.at(-1).year));
  log.push([...s.matchAll(re)].map(m => m.groups.month).join());
  log.push('a1b22c'.split(/(\d+)/).join());
  log.push(/(?<=\$)\d+/.exec('cost $42').index);
  log.push(/^[\p{Lu}\d]+$/u.test('ÄÖ1'), /[\p{L}--[a-z]]/v.test('b'));
  const y = /foo/y; y.lastIndex = 3;
  log.push(y.test('barfoo'), y.lastIndex);
  log.push('aBc'.replaceAll(/[a-z]/g, x => x.toUpperCase()));
  log.push(/(a*)*b/.test('aaaa'), new RegExp('[' + '\\w' + ']', 'gi').flags);
  log.push(/(?<a>.)(?<b>.)/d.exec('xy').indices.groups.b.join());
  log.push('x'.search(/x/), 'abc'.match(/./g).length, RegExp.escape('a.b'));
  try { new RegExp('('); } catch (e) {
    if (!(e instanceof SyntaxError)) throw e;
    log.push('bad');
  }
  globalThis.out = log.join('|');
}
