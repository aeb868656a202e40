// What %s, %d, %i, %f and %j make of objects.
// expect: own|class
// expect: [ 1, [Array] ]|Map(1) { 1 => [Object] }|{ a: [Object] }
// expect: [Object: null prototype] {}|1970-01-01T00:00:00.000Z|prim
// expect: 42|NaN|0|0
// expect: 42|NaN|42.9|NaN
// expect: {"a":1}|"x"|undefined
// expect: [Circular]
// expect: mine
// expect: mine
// expect: mine
console.log('%s|%s', { toString() { return 'own'; } }, new (class A { toString() { return 'class'; } })());
console.log('%s|%s|%s', [1, [2, [3]]], new Map([[1, { a: 1 }]]), { a: { b: 1 } });
console.log('%s|%s|%s', Object.create(null), new Date(0), { [Symbol.toPrimitive]() { return 'prim'; } });
console.log('%d|%d|%d|%d', '42', {}, '', null);
console.log('%i|%i|%f|%f', '42.9', {}, '42.9x', Symbol('x'));
console.log('%j|%j|%j', { a: 1 }, 'x', undefined);
const circular = {};
circular.c = circular;
console.log('%j', circular);
for (const f of ['%d', '%s', '%j']) {
  const fail = () => { throw new RangeError('mine'); };
  try {
    console.log(f, { valueOf: fail, toString: fail, toJSON: fail });
  } catch (e) {
    console.log(e.message);
  }
}
