// Text inside of a value is quoted, by the mark that needs the fewest escapes.
// expect: [ "it's", 'say "x"', `both ' and "` ]
// expect: [ 'all \' and " and `', '\' and " and ${', 'back\\slash' ]
// expect: [
// expect:   '\n\t\b\f\r\x0B',
// expect:   '\x00\x01\x1F',
// expect:   '\x7F\x9F',
// expect:   'é€',
// expect:   '😀',
// expect:   '\ud800',
// expect:   '\udc00x'
// expect: ]
// expect: { '1': 6, "it's": 1, 'a-b': 2, '$': 3, _: 4, a1: 5, 'é': 7, '': 8 }
// expect: {
// expect:   text: 'a line\n' +
// expect:     'a line\n' +
// expect:     'a line\n' +
// expect:     'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
// expect: }
// expect: 10010
console.log(["it's", 'say "x"', `both ' and "`]);
console.log([`all ' and " and \``, `' and " and \${`, 'back\\slash']);
console.log(['\n\t\b\f\r\v', '\0\x01\x1f', '\x7f\x9f', 'é€', '😀', '\ud800', '\udc00x']);
console.log({ "it's": 1, 'a-b': 2, $: 3, _: 4, a1: 5, 1: 6, 'é': 7, '': 8 });
console.log({ text: 'a line\n'.repeat(3) + 'x'.repeat(60) });
console.log(['x'.repeat(10010)].toString().length);
