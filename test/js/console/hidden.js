// %o shows what is not enumerable too, and the Proxy.
// expect: { a: [ 1, { b: 2 }, [length]: 2 ], m: Map(1) { 1 => { q: 1 } } }
// expect: <ref *1> [class A] {
// expect:   [length]: 0,
// expect:   [name]: 'A',
// expect:   [prototype]: { [constructor]: [Circular *1] }
// expect: }
// expect: [Function (anonymous)] { [length]: 0, [name]: '' }
// expect: Foo { x: [ 1, [length]: 1 ] }
// expect: 1970-01-01T00:00:00.000Z /x/ { [lastIndex]: 0 } 'text'
// expect: Proxy [ { a: 1 }, {} ]
// expect: [ 1, [length]: 1, [x]: 1 ]
console.log('%o', { a: [1, { b: 2 }], m: new Map([[1, { q: 1 }]]) });
console.log('%o', class A {});
console.log('%o', () => {});
console.log('%o', new (class Foo { x = [1]; })());
console.log('%o %o %o', new Date(0), /x/, 'text');
console.log('%o', new Proxy({ a: 1 }, {}));
console.log('%o', Object.defineProperty([1], 'x', { value: 1 }));
