// Columns of a list count what a terminal shows: two for wide characters and emoji,
// none for what is combined.
// expect: [
// expect:   '日本語', 'ab',
// expect:   '日本語', 'ab',
// expect:   '日本語', 'ab',
// expect:   '日本語', 'ab',
// expect:   '日本語', 'ab'
// expect: ]
// expect: [
// expect:   '😀',   'abcd', '😀',
// expect:   'abcd', '😀',   'abcd',
// expect:   '😀',   'abcd', '😀',
// expect:   'abcd'
// expect: ]
// expect: [
// expect:   'é', 'é', 'é', 'é',
// expect:   'é', 'é', 'é', 'é',
// expect:   'é', 'é'
// expect: ]
// expect: [
// expect:   '​', 'ｆｕｌｌ',
// expect:   '​', 'ｆｕｌｌ',
// expect:   '​', 'ｆｕｌｌ',
// expect:   '​', 'ｆｕｌｌ',
// expect:   '​', 'ｆｕｌｌ'
// expect: ]
// expect: [
// expect:   '한국어', 'x',
// expect:   '한국어', 'x',
// expect:   '한국어', 'x',
// expect:   '한국어', 'x',
// expect:   '한국어', 'x'
// expect: ]
// expect: [
// expect:   '①★♥', 'y',   '①★♥',
// expect:   'y',   '①★♥', 'y',
// expect:   '①★♥', 'y',   '①★♥',
// expect:   'y'
// expect: ]
// expect: [
// expect:   'ab­c', 'zz',   'ab­c',
// expect:   'zz',   'ab­c', 'zz',
// expect:   'ab­c', 'zz',   'ab­c',
// expect:   'zz'
// expect: ]
// expect: [
// expect:   '👨‍👩‍👧', 'k',
// expect:   '👨‍👩‍👧', 'k',
// expect:   '👨‍👩‍👧', 'k',
// expect:   '👨‍👩‍👧', 'k',
// expect:   '👨‍👩‍👧', 'k'
// expect: ]
for (const pair of [['日本語', 'ab'], ['😀', 'abcd'], ['e\u0301', 'é'], ['\u200b', 'ｆｕｌｌ'],
  ['한국어', 'x'], ['①★♥', 'y'], ['ab\u00adc', 'zz'], ['👨‍👩‍👧', 'k']]) {
  console.log(Array.from({ length: 10 }, (_, i) => pair[i % 2]));
}
