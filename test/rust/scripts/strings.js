// Strings keep NUL, emoji and accents; a lone surrogate is U+FFFD.
import * as n from 'native';
const texts = ['', 'a\0b', '\u{1f600} caf\xe9', '\xff', 'x'.repeat(100000),
  'a' + 'b'.repeat(50)];
for (const f of [n.str_back, n.string_back])
  console.log(texts.every((t) => f(t) === t));
console.log(n.chars('a\u{1f600}\ud800\0\xe9'));
console.log(n.str_back('\udfff!') === '\ufffd!', n.static_str());
console.log(n.repeated('ab', 0) === '', n.repeated('\u20ac', 1e6).length);
console.log(n.type(3), n.type(3, 4), n.delete('it'), n.visible());
// expect: true
// expect: true
// expect: [ 97, 128512, 65533, 0, 233 ]
// expect: true static
// expect: true 1000000
// expect: 15 12 deleted it 1
