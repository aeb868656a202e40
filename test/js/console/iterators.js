// Iterators of collections show what is still to come, and stay where they are.
// expect: [Map Iterator] { 'a', 'b' } [Map Iterator] { 1, { c: 2 } } [Map Entries] { [ 'a', 1 ], [ 'b', { c: 2 } ] } [Map Entries] { [ 'a', 1 ], [ 'b', { c: 2 } ] }
// expect: [Set Iterator] { 'a', { b: 1 } } [Set Iterator] { 'a', { b: 1 } } [Set Entries] { [ 'a', 'a' ], [ { b: 1 }, { b: 1 } ] }
// expect: [Map Iterator] {  } [Map Iterator] {  } b [Map Iterator] {  }
// expect: [Map Iterator] {  } [Map Iterator] {  } [Set Entries] {  }
// expect: [Map Iterator] {
// expect:   0,
// expect:   1,
// expect:   2,
// expect:   3,
// expect:   4,
// expect:   5,
// expect:   6,
// expect:   7,
// expect:   8,
// expect:   9,
// expect:   10,
// expect:   11,
// expect:   12,
// expect:   13,
// expect:   14,
// expect:   15,
// expect:   16,
// expect:   17,
// expect:   18,
// expect:   19,
// expect:   20,
// expect:   21,
// expect:   22,
// expect:   23,
// expect:   24,
// expect:   25,
// expect:   26,
// expect:   27,
// expect:   28,
// expect:   29,
// expect:   30,
// expect:   31,
// expect:   32,
// expect:   33,
// expect:   34,
// expect:   35,
// expect:   36,
// expect:   37,
// expect:   38,
// expect:   39,
// expect:   40,
// expect:   41,
// expect:   42,
// expect:   43,
// expect:   44,
// expect:   45,
// expect:   46,
// expect:   47,
// expect:   48,
// expect:   49,
// expect:   50,
// expect:   51,
// expect:   52,
// expect:   53,
// expect:   54,
// expect:   55,
// expect:   56,
// expect:   57,
// expect:   58,
// expect:   59,
// expect:   60,
// expect:   61,
// expect:   62,
// expect:   63,
// expect:   64,
// expect:   65,
// expect:   66,
// expect:   67,
// expect:   68,
// expect:   69,
// expect:   70,
// expect:   71,
// expect:   72,
// expect:   73,
// expect:   74,
// expect:   75,
// expect:   76,
// expect:   77,
// expect:   78,
// expect:   79,
// expect:   80,
// expect:   81,
// expect:   82,
// expect:   83,
// expect:   84,
// expect:   85,
// expect:   86,
// expect:   87,
// expect:   88,
// expect:   89,
// expect:   90,
// expect:   91,
// expect:   92,
// expect:   93,
// expect:   94,
// expect:   95,
// expect:   96,
// expect:   97,
// expect:   98,
// expect:   99,
// expect:   ... 2 more items
// expect: }
// expect: [Set Iterator] { 2, 3, extra: 1 } [ [Map Iterator] { 'a', 'b' } ] { a: { b: { c: [Object [Map Iterator]] } } }
// expect: [Map Iterator] { 3 }
// expect: Object [Array Iterator] {} Object [String Iterator] {} Object [RegExp String Iterator] {}
// expect: Object [Generator] {} Object [AsyncGenerator] {}
const map = new Map([['a', 1], ['b', { c: 2 }]]);
console.log(map.keys(), map.values(), map.entries(), map[Symbol.iterator]());
const set = new Set(['a', { b: 1 }]);
console.log(set.values(), set.keys(), set.entries());
const next = map.keys();
next.next();
console.log(next, next, next.next().value, next);
next.next();
console.log(next, new Map().keys(), new Set().entries());
console.log(new Map(Array.from({ length: 102 }, (_, i) => [i, i])).values());
const during = new Set([1, 2, 3]).values();
during.next();
console.log(Object.assign(during, { extra: 1 }), [map.keys()], { a: { b: { c: map.keys() } } });
const deleted = new Map([[1, 1], [2, 2], [3, 3]]), at = deleted.keys();
at.next();
deleted.delete(1);
deleted.delete(2);
console.log(at);
console.log([1][Symbol.iterator](), 'a'[Symbol.iterator](), 'a'.matchAll(/a/g));
console.log((function* () {})(), (async function* () {})());
