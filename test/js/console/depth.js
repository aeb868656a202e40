// What lies deeper than two levels is named only.
// expect: { a: { b: { c: [Object] } } }
// expect: { a: { b: { c: {} } } } { a: { b: { c: [] } } }
// expect: [ [ [ [Array] ] ] ] [ [ [ [] ] ] ]
// expect: {
// expect:   a: {
// expect:     b: {
// expect:       c: [Map],
// expect:       d: 1970-01-01T00:00:00.000Z,
// expect:       e: /x/g,
// expect:       f: [Function: f]
// expect:     }
// expect:   }
// expect: }
// expect: { a: { b: { c: [Object: null prototype] } } }
// expect: Map(1) { { a: { b: [Object] } } => { a: { b: {} } } }
console.log({ a: { b: { c: { d: 1 } } } });
console.log({ a: { b: { c: {} } } }, { a: { b: { c: [] } } });
console.log([[[[1]]]], [[[[]]]]);
console.log({ a: { b: { c: new Map([[1, 2]]), d: new Date(0), e: /x/g, f() {} } } });
console.log({ a: { b: { c: Object.create(null, { x: { value: 1, enumerable: true } }) } } });
console.log(new Map([[{ a: { b: { c: 1 } } }, { a: { b: {} } }]]));
