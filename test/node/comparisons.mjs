// deep equality is that of node: each value of a table with each other
import assert from 'node:assert';
import { isDeepStrictEqual } from 'node:util';

const date = new Date(5);
const cycle = () => { const a = { n: 1 }; a.self = a; return a; };
const twoCycle = () => { const a = { n: 1 }; a.self = { n: 1, self: a }; return a; };
const arrayCycle = () => { const a = [1]; a.push(a); return a; };
const withKeys = (o, keys) => Object.assign(o, keys);
const tagged = (o, tag) => Object.defineProperty(o, Symbol.toStringTag, { value: tag });
const hidden = (o) => Object.defineProperty(o, 'hidden', { value: 1 });
class A { constructor(x) { this.x = x; } }
class B extends A {}
class MyError extends Error {}
class MyMap extends Map {}

// Each twice, as values of their own.
const makers = [
  () => 0, () => -0, () => 1, () => '1', () => 1n, () => NaN, () => 'NaN',
  () => true, () => false, () => null, () => undefined, () => '', () => 'a',
  () => Symbol.for('a'), () => Infinity,
  () => ({}), () => ({ a: 1 }), () => ({ a: '1' }), () => ({ a: 1, b: 2 }),
  () => ({ b: 2, a: 1 }), () => ({ a: undefined }), () => ({ b: undefined }),
  () => ({ a: { b: { c: 1 } } }), () => ({ a: { b: { c: 2 } } }),
  () => Object.create(null), () => withKeys(Object.create(null), { a: 1 }),
  () => new A(1), () => new B(1), () => new A(2), () => ({ x: 1 }),
  () => ({ [Symbol.for('s')]: 1 }), () => ({ [Symbol.for('s')]: 2 }),
  () => hidden({ a: 1 }), () => tagged({ a: 1 }, 'Tag'),
  () => ({ 0: 1, length: 1 }),
  () => [], () => [1], () => ['1'], () => [1, 2], () => [2, 1], () => [, 1],
  () => [undefined, 1], () => [,], () => [undefined], () => [null],
  () => [[1]], () => [[[]]], () => withKeys([1], { a: 1 }),
  () => withKeys([1], { b: 1 }), () => withKeys([1], { [Symbol.for('s')]: 1 }),
  () => (function() { return arguments; })(1),
  () => new Date(5), () => new Date(6), () => date, () => withKeys(new Date(5), { a: 1 }),
  () => /a/, () => /a/g, () => /b/, () => withKeys(/a/g, { lastIndex: 1 }),
  () => new Error('m'), () => new Error('n'), () => new TypeError('m'),
  () => new MyError('m'), () => withKeys(new Error('m'), { code: 1 }),
  () => withKeys(new Error('m'), { name: 'Other' }),
  () => new Uint8Array([1, 2]), () => new Uint8Array([1, 3]),
  () => new Uint8Array([1, 2, 3]).subarray(0, 2), () => new Int8Array([1, 2]),
  () => new Uint8ClampedArray([1, 2]),
  () => new Float32Array([0]), () => new Float32Array([-0]),
  () => new Float64Array([NaN]), () => new BigInt64Array([1n]),
  () => new DataView(new ArrayBuffer(2)), () => new ArrayBuffer(2),
  () => new Uint8Array([1, 2]).buffer,
  () => withKeys(new Uint8Array([1, 2]), { a: 1 }),
  () => new Set(), () => new Set([1]), () => new Set(['1']), () => new Set([1, 2]),
  () => new Set([2, 1]), () => new Set([{ a: 1 }]), () => new Set([{ a: '1' }]),
  () => new Set([{}, { a: 1 }]), () => new Set([{ a: 1 }, {}]), () => new Set([[1], [2]]),
  () => new Set([[2], [1]]), () => new Set([null]), () => new Set([undefined]),
  () => new Set([NaN]), () => withKeys(new Set([1]), { a: 1 }),
  () => new Set([new Set([1])]), () => new Set([true]), () => new Set([1n]),
  () => new Map(), () => new Map([[1, 2]]), () => new Map([['1', 2]]),
  () => new Map([[1, '2']]), () => new Map([[1, { a: 1 }]]),
  () => new Map([[{ a: 1 }, 1]]), () => new Map([[{ a: 1 }, '1']]),
  () => new Map([[{}, 1], [{ a: 1 }, 2]]), () => new Map([[{ a: 1 }, 2], [{}, 1]]),
  () => new Map([[{ a: 1 }, 1], [{ a: 1 }, 2]]), () => new Map([[1, undefined]]),
  () => new Map([[2, undefined]]), () => new Map([[null, 1]]),
  () => new Map([[undefined, 1]]), () => new MyMap([[1, 2]]),
  () => new Map([[1, new Map([[1, 2]])]]),
  () => new Number(1), () => new Number(2), () => new Number(-0), () => new Number(0),
  () => new String('a'), () => new String('1'), () => new Boolean(true),
  () => new Boolean(false), () => Object(1n), () => Object(Symbol.for('a')),
  () => withKeys(new Number(1), { a: 1 }), () => withKeys(new String('a'), { a: 1 }),
  () => Math.max, () => Math.min,
  () => new Proxy({ a: 1 }, {}), () => new Proxy([1], {}),
  () => Promise.resolve(1), () => new WeakSet(), () => new WeakMap(),
  cycle, twoCycle, arrayCycle,
  () => ({ a: [{ b: new Set([new Map([['k', [1, 2]]])]) }] }),
  () => ({ a: [{ b: new Set([new Map([['k', [1, 3]]])]) }] }),
  () => globalThis, () => Math, () => JSON,
];

const is = (f, a, b) => {
  try {
    f(a, b);
    return 1;
  } catch (e) {
    return e.code === 'ERR_ASSERTION' ? 0 : e.name;
  }
};
const quiet = (f) => (a, b) => f(a, b, 'said');

for (let i = 0; i < makers.length; i++) {
  let loose = '';
  let strict = '';
  let other = '';
  for (let k = 0; k < makers.length; k++) {
    loose += is(quiet(assert.deepEqual), makers[i](), makers[k]());
    strict += is(quiet(assert.deepStrictEqual), makers[i](), makers[k]());
    other += is(quiet(assert.notDeepEqual), makers[i](), makers[k]());
    if (isDeepStrictEqual(makers[i](), makers[k]()) !== (strict.at(-1) === '1')) {
      console.log('util differs', i, k);
    }
  }
  console.log(i, loose);
  console.log(i, strict);
  console.log(i, other);
}
