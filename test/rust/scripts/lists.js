// Lists are Arrays, of numbers also typed arrays; enums are strings.
import * as n from 'native';
console.log(n.sum([0]), n.sum([1, 2.5]), n.sum(new Float64Array([1, 2])), n.sum(new Int8Array([3, -1])));
console.log(n.doubled([1, -2147483648]), n.joined(['a', '', 'b']), n.joined(['a', 'b'], '\0') === 'a\0b');
console.log(n.holes([1, , undefined, 4]), n.transposed([[1, 2], [3, 4], [5, 6]]), n.transposed([]));
console.log(n.chunks([new Uint8Array([1]), new Uint8Array()]), n.flags([true, false]));
console.log(n.next_color('red'), n.next_color('light green'), n.next_color('Blue'), n.only('only'));
for (const f of [() => n.sum(['1']), () => n.next_color('green'), () => n.next_color(0),
  () => n.transposed([[1], [2, 'x']]), () => n.transposed([[1], []]), () => n.only('none'), () => n.joined('ab')])
  try { f(); console.log('?'); } catch (e) { console.log(String(e)); }
console.log(n.doubled(Array.from({ length: 1e5 }, (_, i) => i)).length);
// expect: 0 3.5 3 2
// expect: [ 2, -4294967296 ] a,,b true
// expect: [ 1, null, null, 4 ] [ [ 1, 3, 5 ], [ 2, 4, 6 ] ] []
// expect: [ Uint8Array(1) [ 1 ], Uint8Array(0) [] ] [ true, false ]
// expect: light green Blue red [ 'only', 'only' ]
// expect: TypeError: sum: argument 1 'list[0]': expected number, got string
// expect: TypeError: next_color: argument 1 'c': expected one of 'red', 'light green', 'Blue', got 'green'
// expect: TypeError: next_color: argument 1 'c': expected one of 'red', 'light green', 'Blue', got 0
// expect: TypeError: transposed: argument 1 'rows[1][1]': expected number, got string
// expect: Error: index out of bounds: the len is 0 but the index is 0
// expect: TypeError: only: argument 1 'o': expected 'only', got 'none'
// expect: TypeError: joined: argument 1 'list': expected array, got string
// expect: 100000
