// Map, Set, their weak kin and Promise show what they hold.
// expect: Map(0) {} Set(0) {} Map(2) { 1 => { a: 1 }, 'k' => [ 1 ] } Set(3) { 1, 'a', {} }
// expect: M(1) [Map] { 1 => 2 } Set(1) { 1, a: 1 }
// expect: WeakMap { <items unknown> } WeakSet { <items unknown> }
// expect: Promise { { a: 1 } } Promise { <pending> } Promise { <rejected> 2 }
// expect: [Map(1): null prototype] { 1 => 2 }
console.log(new Map(), new Set(), new Map([[1, { a: 1 }], ['k', [1]]]), new Set([1, 'a', {}]));
console.log(new (class M extends Map {})([[1, 2]]), Object.assign(new Set([1]), { a: 1 }));
console.log(new WeakMap(), new WeakSet());
const rejected = Promise.reject(2);
rejected.catch(() => {});
console.log(Promise.resolve({ a: 1 }), new Promise(() => {}), rejected);
console.log(Object.setPrototypeOf(new Map([[1, 2]]), null));
