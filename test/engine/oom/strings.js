// Ropes, slices, templates, split and join, normalize, well-formedness.
{
  let rope = '';
  for (let i = 0; i < 60; i++) rope = rope + 'x'.repeat(300) + i;
  let wide = 'ж'.repeat(600);
  wide = wide + rope + wide;
  const slice = rope.slice(1000, 6000);
  const tag = (s, ...v) => s.raw.join('_') + v.join();
  globalThis.out = [rope.length, rope.indexOf('59'), wide.charCodeAt(700),
    slice.length, slice.split('xxx').length, 'žluťoučký'.split('').length,
    'e\u0301'.normalize('NFC').length, '각한'.repeat(9).normalize('NFD').length, 'ﬁ'.normalize('NFKD'),
    tag`a${1}\n${2}`, 'a-b-c'.split('-').join('+'), 'İß'.toLowerCase().length,
    'ß'.toUpperCase(), 'abc'.padStart(600, 'de').length, 'x\ud800'.toWellFormed(),
    'a,b'.replace(',', '$&$&'), 'aXbX'.replaceAll('X', () => 'y'),
    [...'a😀b'].length, 'abc'.at(-1), String.raw`\x`, 'a'.localeCompare('b'),
    encodeURIComponent('ü /'), decodeURIComponent('%C3%BC'), escape('ü'),
    btoa('hi'), atob('aGk='), ' x '.trim(), String.fromCodePoint(128512),
    rope === rope + '', wide > rope, 'abc'.substring(1), 'q'.concat(1, null),
  ].join('|');
}
