// Properties that a program gives to all objects and lists have no part in
// what a console in use does.
// expect: {}
// expect: ┌─────────┐
// expect: │ (index) │
// expect: ├─────────┤
// expect: └─────────┘
// expect: { k: [ 1, 2, { l: 'x' } ], m: Map(0) {}, n: Symbol(s) } text 5
// expect: [Error: e] [Set Iterator] {  } Promise { 1 } Uint8Array(2) [ 0, 0 ]
// expect: x 1 { k: 1 }
// expect: ┌─────────┬───┬────────┐
// expect: │ (index) │ k │ Values │
// expect: ├─────────┼───┼────────┤
// expect: │ 0       │ 1 │        │
// expect: │ 1       │   │ 5      │
// expect: └─────────┴───┴────────┘
// expect:   c: 1
// expect: { k: 1 }
// expect: 0
// expect-error: Assertion failed: said 1
// expect-error: Trace: said 2
console.log('%s', {});
console.table([]);
let touched = 0;
const error = new Error('e'), map = new Map(), values = new Set().values();
const names = ['value', 'get', 'set', 'flags', 'enumerable', 'colors', 'depth', 'compact', 'seen', 'fill',
  'keys', 'style', 'user', 'head', 'cells', 'width', 'out', 'next', 'a', 'b', 'default', 'x', 'stack', 'cause',
  'errors', 'stylize', 'showHidden', 'spent', 'indent', 'customInspect', 'then', 'toJSON', 'index'];
const trap = { __proto__: null, configurable: true, get() { touched++; return 'bad'; }, set() { touched++; } };
for (const name of names) Object.defineProperty(Object.prototype, name, trap);
for (let i = 0; i < 20; i++) Object.defineProperty(Array.prototype, i, trap);
Array.prototype[Symbol.iterator] = Array.prototype.push = null;
Object.defineProperty(error, 'stack', { __proto__: null, value: '', writable: true, configurable: true });
console.log({ k: [1, 2, { l: 'x' }], m: map, n: Symbol('s') }, 'text', 5);
console.log(error, values, Promise.resolve(1), new Uint8Array(2));
console.log('%s %d %O', 'x', 1, { k: 1 });
console.table([{ k: 1 }, 5]);
console.group();
console.count('c');
console.groupEnd();
console.dir({ k: 1 });
console.assert(false, 'said', 1);
console.trace('said', 2);
console.log(touched);
