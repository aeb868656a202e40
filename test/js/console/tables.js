// console.table draws rows of lists, objects and collections.
// expect: ┌─────────┬───┬───┐
// expect: │ (index) │ 0 │ 1 │
// expect: ├─────────┼───┼───┤
// expect: │ 0       │ 1 │ 2 │
// expect: │ 1       │ 3 │ 4 │
// expect: └─────────┴───┴───┘
// expect: ┌─────────┬───┬─────┬───┐
// expect: │ (index) │ a │ b   │ c │
// expect: ├─────────┼───┼─────┼───┤
// expect: │ 0       │ 1 │ 'x' │   │
// expect: │ 1       │ 2 │     │ 3 │
// expect: └─────────┴───┴─────┴───┘
// expect: ┌─────────┬─────┬────┐
// expect: │ (index) │ b   │ zz │
// expect: ├─────────┼─────┼────┤
// expect: │ 0       │ 'x' │    │
// expect: │ 1       │     │    │
// expect: └─────────┴─────┴────┘
// expect: ┌─────────┬───┬────────┐
// expect: │ (index) │ a │ Values │
// expect: ├─────────┼───┼────────┤
// expect: │ 0       │   │ 1      │
// expect: │ 1       │   │ 'a'    │
// expect: │ 2       │   │ null   │
// expect: │ 3       │ 1 │        │
// expect: └─────────┴───┴────────┘
// expect: ┌─────────┬───┬───┬────────┐
// expect: │ (index) │ x │ y │ Values │
// expect: ├─────────┼───┼───┼────────┤
// expect: │ a       │ 1 │   │        │
// expect: │ b       │   │ 2 │        │
// expect: │ c       │   │   │ 5      │
// expect: └─────────┴───┴───┴────────┘
// expect: ┌───────────────────┬─────┬──────────┐
// expect: │ (iteration index) │ Key │ Values   │
// expect: ├───────────────────┼─────┼──────────┤
// expect: │ 0                 │ 'a' │ 1        │
// expect: │ 1                 │ 'b' │ { c: 1 } │
// expect: └───────────────────┴─────┴──────────┘
// expect: ┌───────────────────┬──────────┐
// expect: │ (iteration index) │ Values   │
// expect: ├───────────────────┼──────────┤
// expect: │ 0                 │ 1        │
// expect: │ 1                 │ 'x'      │
// expect: │ 2                 │ { a: 1 } │
// expect: └───────────────────┴──────────┘
// expect: ┌───────────────────┬─────┬────────┐
// expect: │ (iteration index) │ Key │ Values │
// expect: ├───────────────────┼─────┼────────┤
// expect: │ 0                 │ 'a' │ 1      │
// expect: └───────────────────┴─────┴────────┘
// expect: ┌───────────────────┬────────┐
// expect: │ (iteration index) │ Values │
// expect: ├───────────────────┼────────┤
// expect: │ 0                 │ 'a'    │
// expect: └───────────────────┴────────┘
// expect: ┌───────────────────┬────────┐
// expect: │ (iteration index) │ Values │
// expect: ├───────────────────┼────────┤
// expect: │ 0                 │ 1      │
// expect: └───────────────────┴────────┘
// expect: ┌─────────┬─────────────────┬───────────────────────────────┐
// expect: │ (index) │ a               │ d                             │
// expect: ├─────────┼─────────────────┼───────────────────────────────┤
// expect: │ 0       │ { b: [Object] } │ [ 1, 2, 3, ... 2 more items ] │
// expect: │ 1       │ [Object]        │                               │
// expect: └─────────┴─────────────────┴───────────────────────────────┘
// expect: ┌─────────┬──────┬──────┐
// expect: │ (index) │ 日本 │ e    │
// expect: ├─────────┼──────┼──────┤
// expect: │ 0       │ '語' │ '😀' │
// expect: └─────────┴──────┴──────┘
// expect: ┌─────────┬────────┐
// expect: │ (index) │ Values │
// expect: ├─────────┼────────┤
// expect: │ 0       │ 1      │
// expect: │ 1       │ 2      │
// expect: └─────────┴────────┘
// expect: ┌─────────┬───┬───┐
// expect: │ (index) │ 0 │ 2 │
// expect: ├─────────┼───┼───┤
// expect: │ 0       │ 1 │ 3 │
// expect: └─────────┴───┴───┘
// expect: ┌─────────┐
// expect: │ (index) │
// expect: ├─────────┤
// expect: └─────────┘
// expect: ┌─────────┐
// expect: │ (index) │
// expect: ├─────────┤
// expect: └─────────┘
// expect: ┌─────────┬───┬───┬───┐
// expect: │ (index) │ 0 │ 1 │ b │
// expect: ├─────────┼───┼───┼───┤
// expect: │ 0       │ 0 │ 1 │ 2 │
// expect: └─────────┴───┴───┴───┘
// expect: ┌─────────┬───┐
// expect: │ (index) │ a │
// expect: ├─────────┼───┤
// expect: │ 0       │   │
// expect: │ 1       │   │
// expect: └─────────┴───┘
// expect: ┌─────────┐
// expect: │ (index) │
// expect: ├─────────┤
// expect: │ 0       │
// expect: └─────────┘
// expect: text
// expect: 5
// expect: null
// expect: undefined
console.table([[1, 2], [3, 4]]);
console.table([{ a: 1, b: 'x' }, { a: 2, c: 3 }]);
console.table([{ a: 1, b: 'x' }, { a: 2, c: 3 }], ['b', 'zz']);
console.table([1, 'a', null, { a: 1 }]);
console.table({ a: { x: 1 }, b: { y: 2 }, c: 5 });
console.table(new Map([['a', 1], ['b', { c: 1 }]]));
console.table(new Set([1, 'x', { a: 1 }]));
console.table(new Map([['a', 1]]).entries());
console.table(new Map([['a', 1]]).keys());
console.table(new Set([1]).values());
console.table([{ a: { b: { c: 1 } }, d: [1, 2, 3, 4, 5] }, { a: { b: 1, c: 2, d: 3 } }]);
console.table([{ '日本': '語', e: '😀' }]);
console.table(new Uint8Array([1, 2]));
console.table([[1, , 3]]);
console.table([]);
console.table({});
console.table([{ 1: 1, 0: 0, b: 2 }]);
console.table([1, 2], ['a']);
console.table([{ a: 1 }], []);
console.table('text');
console.table(5);
console.table(null);
console.table();
