// A value may show itself: what its method returns is shown, a text as it is.
// expect: SHOWN {
// expect:   a: two
// expect:   lines
// expect: }
// expect: { depth: 2, keys: 13, inner: 2, type: 'function', custom: true }
// expect: [ [ [ depth -1 ] ] ]
// expect: { x: [ 1, { y: [Object] } ] }
// expect: <{ x: [Object] }>
// expect: plain
// expect: {
// expect:   a: 1,
// expect:   [Symbol(nodejs.util.inspect.custom)]: [Function: [nodejs.util.inspect.custom]]
// expect: } { [Symbol(nodejs.util.inspect.custom)]: 5 }
// expect: { v: undefined }
// expect: { v: null }
// expect: { v: 5 }
// expect: { v: [ 'x' ] }
// expect: { v: Symbol(s) }
// expect: [ P!, [class P], {} ] STATIC
// expect: P!|P!|P!
// expect: P { a: 1 }
// expect: nested { a: 1 }
// expect: 'x' after
const custom = Symbol.for('nodejs.util.inspect.custom');
console.log({ [custom]() { return 'SHOWN'; } }, { a: { [custom]() { return 'two\nlines'; } } });
console.log({ [custom](depth, options, inspect) {
  return { depth, keys: Object.keys(options).length, inner: options.depth, type: typeof inspect, custom: inspect.custom === custom };
} });
console.log([[[{ [custom](depth) { return `depth ${depth}`; } }]]]);
console.log({ [custom](d, options, inspect) { return inspect({ x: [1, { y: { z: { w: 1 } } }] }, options); } });
console.log({ [custom](d, options, inspect) { return `<${inspect({ x: { y: 1 } }, { ...options, depth: 0 })}>`; } });
console.log({ [custom](d, options) { return options.stylize('plain', 'number'); } });
console.log({ a: 1, [custom]() { return this; } }, { [custom]: 5 });
for (const v of [undefined, null, 5, ['x'], Symbol('s')]) console.log({ v: { [custom]() { return v; } } });
class P { [custom]() { return 'P!'; } }
console.log([new P(), P, P.prototype], class { static [custom]() { return 'STATIC'; } });
console.log('%s|%O|%o', new P(), new P(), new P());
console.dir(Object.assign(new P(), { a: 1 }));
console.log({ [custom](d, o, inspect) { console.log('nested', { a: 1 }); return inspect('x', o); } }, 'after');
