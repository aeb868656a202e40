// What is long is cut, and short items stand in columns.
// expect: [
// expect:    0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11,
// expect:   12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
// expect:   24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35,
// expect:   36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
// expect:   48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59,
// expect:   60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71,
// expect:   72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83,
// expect:   84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95,
// expect:   96, 97, 98, 99,
// expect:   ... 20 more items
// expect: ]
// expect: [
// expect:   'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x',
// expect:   'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x',
// expect:   'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x',
// expect:   'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x',
// expect:   'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x',
// expect:   'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x',
// expect:   'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x',
// expect:   'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x',
// expect:   'x', 'x', 'x', 'x',
// expect:   ... 1 more item
// expect: ]
// expect: 102
// expect: [
// expect:   'item 0', 'item 1',
// expect:   'item 2', 'item 3',
// expect:   'item 4', 'item 5',
// expect:   'item 6'
// expect: ]
// expect: [
// expect:   '',         'x',
// expect:   'xx',       'xxx',
// expect:   'xxxx',     'xxxxx',
// expect:   'xxxxxx',   'xxxxxxx',
// expect:   'xxxxxxxx', 'xxxxxxxxx'
// expect: ]
// expect: Uint8Array(200) [
// expect:   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
// expect:   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
// expect:   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
// expect:   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
// expect:   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
// expect:   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
// expect:   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
// expect:   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
// expect:   0, 0, 0, 0,
// expect:   ... 100 more items
// expect: ]
// expect: [ 1.5, -2, 1000000, 0, 1, 2, 3, 4 ]
// expect: [
// expect:   1n, 20n, 300n,
// expect:   4n,  5n,   6n,
// expect:   7n
// expect: ]
// expect: [ [ 1, 2, [ 3 ] ], [ 4, 5, [ 6 ] ], {}, [], 7, 8, 9 ]
console.log(Array.from({ length: 120 }, (_, i) => i));
console.log(Array.from({ length: 101 }, () => 'x'));
console.log(new Set(Array.from({ length: 102 }, (_, i) => i * 1000)).size);
console.log(Array.from({ length: 7 }, (_, i) => `item ${i}`));
console.log(Array.from({ length: 10 }, (_, i) => 'x'.repeat(i)));
console.log(new Uint8Array(200));
console.log([1.5, -2, 1000000, 0, 1, 2, 3, 4]);
console.log([1n, 20n, 300n, 4n, 5n, 6n, 7n]);
console.log([[1, 2, [3]], [4, 5, [6]], {}, [], 7, 8, 9]);
