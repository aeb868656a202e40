// functions of util are those of node
import util, {
  callbackify, debuglog, deprecate, format, formatWithOptions, inherits, inspect,
  isDeepStrictEqual, parseArgs, promisify, stripVTControlCharacters, styleText,
  toUSVString, types,
} from 'node:util';
import typesToo from 'node:util/types';
import { outcome } from './random.js';

console.log(types === typesToo, util.isArray === Array.isArray, util.debug === util.debuglog);

for (const args of [[], ['%s'], ['%s', 1], ['%s %s', 'a'], ['%d', '5'], ['%i', 5.7],
                    ['%f', '1.5x'], ['%j', { a: 1 }], ['%o', [1]], ['%O', { a: { b: { c: {} } } }],
                    ['%c', 'x'], ['%%', 1], ['%x', 1], ['a', 'b', { c: 1 }], [1, 2, '3'],
                    ['%s', null, undefined], ['%s', -0], ['%d', 1n], ['%s', Symbol('a')],
                    [{ a: 1 }], [new Error('x').message], ['%s', { toString() { return 'own'; } }],
                    ['%s', class A {}], ['%s', () => 1], ['100%', 1], ['%s', [1, [2, [3]]]]]) {
  console.log(format(...args));
}
console.log(formatWithOptions({ colors: true }, '%O', { a: 1 }));
console.log(formatWithOptions({ compact: false }, { a: 1 }));
console.log(outcome(() => formatWithOptions('x', 'y')));

console.log(inspect({ a: { b: { c: { d: 1 } } } }), inspect({ a: { b: { c: { d: 1 } } } }, { depth: 0 }));
console.log(inspect({ [inspect.custom](depth, options, f) { return `own ${depth} ${f === inspect}`; } }));
console.log(Object.keys(inspect.colors).length > 30, inspect.styles.string, inspect.custom);
console.log(inspect('a\nb'), inspect(new Map([[{ a: 1 }, new Set([1])]]), { showHidden: true }));

for (const text of ['a', '\x1b[31mred\x1b[39m', '\x1b]8;;http://a\x07link\x1b]8;;\x07', '\u009b4mx']) {
  console.log(JSON.stringify(stripVTControlCharacters(text)));
}
console.log(styleText('red', 'x'),
            JSON.stringify(styleText('red', 'x', { validateStream: false })),
            JSON.stringify(styleText(['bold', 'underline'], 'x', { validateStream: false })));
console.log(toUSVString('a\ud800b') === 'a\ufffdb', toUSVString(5));

// promisify
const sum = (a, b, done) => done(null, a + b);
const bad = (done) => done(new Error('bad'));
console.log(await promisify(sum)(1, 2), await promisify(bad)().catch((e) => e.message));
console.log(promisify(promisify(sum)) === promisify(promisify(sum)), promisify(sum).name, promisify(sum).length);
const own = () => {};
own[promisify.custom] = async () => 'own';
console.log(await promisify(own)(), promisify(own) === own[promisify.custom], promisify.custom);
console.log(outcome(() => promisify('x')), outcome(() => promisify(Object.assign(() => {}, { [promisify.custom]: 1 }))));
console.log(await promisify(function(done) { done(null, this.n); }).call({ n: 7 }));

// callbackify
const later = (f, ...args) => new Promise((resolve) => callbackify(f)(...args, (...got) => resolve(got)));
console.log(await later(async (a) => a + 1, 1));
console.log((await later(async () => { throw new Error('bad'); }))[0].message);
const falsy = (await later(async () => { throw null; }))[0];
console.log(falsy.code, falsy.message, falsy.reason);
async function named(a, b) {}
console.log(callbackify(named).name, callbackify(named).length);
console.log(outcome(() => callbackify(1)), outcome(() => callbackify(named)(1)));

// inherits
function Base() {}
Base.prototype.hi = function() { return 'hi'; };
function Derived() {}
inherits(Derived, Base);
console.log(new Derived().hi(), Derived.super_ === Base, new Derived() instanceof Base);
for (const args of [[], [Derived], [Derived, null], [null, Base], [Derived, {}]]) {
  console.log(outcome(() => inherits(...args)));
}

// deprecate
const old = deprecate((a) => a * 2, 'old is old', 'DEP_X');
class Thing { constructor(x) { this.x = x; } }
const OldThing = deprecate(Thing, 'OldThing is old', 'DEP_X');
console.log(old(2), new OldThing(3).x, new OldThing(3) instanceof Thing);
console.log(outcome(() => deprecate(() => {}, 'x', 5)));

console.log(debuglog('x').enabled, debuglog('x')('nothing'));

for (const [a, b] of [[1, 1], [{ a: 1 }, { a: 1 }], [{ a: 1 }, { a: '1' }], [NaN, NaN], [0, -0]]) {
  console.log(isDeepStrictEqual(a, b));
}

// types
const values = [1, 'a', null, undefined, {}, [], () => 1, async () => 1, function*() {}, async function*() {},
                (function*() {})(), new Date(), /a/, new Error('x'), new TypeError('x'),
                Object.create(Error.prototype), new Map(), new Set(), new WeakMap(), new WeakSet(),
                new Map().entries(), new Set().values(), [].values(), Promise.resolve(), { then() {} },
                new ArrayBuffer(1), new SharedArrayBuffer(1), new DataView(new ArrayBuffer(1)),
                new Uint8Array(1), new Uint8ClampedArray(1), new Int8Array(1), new Uint16Array(1),
                new Int16Array(1), new Uint32Array(1), new Int32Array(1), new Float32Array(1),
                new Float64Array(1), new BigInt64Array(1), new BigUint64Array(1), new Number(1),
                new String(''), new Boolean(true), Object(Symbol()), Object(1n), new Proxy({}, {}),
                new Proxy([], {}), (function() { return arguments; })(), class {}, Symbol('x'), 1n,
                await import('node:util')];
const names = Object.keys(types).filter((n) => !['isEventTarget', 'isFloat16Array'].includes(n)).sort();
console.log(names.join());
for (const name of names) {
  console.log(name, values.map((v) => (types[name](v) ? 1 : 0)).join(''));
}
for (const name of ['isArray', 'isBoolean', 'isDate', 'isError', 'isFunction', 'isNull',
                    'isNullOrUndefined', 'isNumber', 'isObject', 'isPrimitive', 'isRegExp',
                    'isString', 'isSymbol', 'isUndefined']) {
  console.log(name, values.map((v) => (util[name](v) ? 1 : 0)).join(''));
}

// parseArgs
const options = {
  foo: { type: 'boolean', short: 'f' },
  bar: { type: 'string', short: 'b' },
  many: { type: 'string', short: 'm', multiple: true },
  flags: { type: 'boolean', multiple: true, short: 'x' },
  named: { type: 'string', default: 'default' },
};
for (const args of [[], ['-f'], ['--foo', '--bar', 'b'], ['--bar=b'], ['-b', 'b'], ['-bb'], ['-fb', 'x'],
                    ['-fbx'], ['-m', '1', '-m', '2'], ['-xxx'], ['--bar='], ['--', '-f'], ['pos'],
                    ['-f', 'pos', '--', '--bar'], ['--unknown'], ['-u'], ['--bar'], ['--foo=1'],
                    ['--bar', '-f'], ['-b', '-f'], ['-'], ['--no-foo'], ['--named', 'x'], ['-fu']]) {
  for (const more of [{}, { strict: false }, { allowPositionals: true }, { strict: false, tokens: true }]) {
    console.log(args.join(' '), outcome(() => parseArgs({ args, options, ...more })));
  }
}
for (const config of [{ args: 5 }, { options: { a: {} } }, { options: { a: { type: 'x' } } },
                      { options: { a: { type: 'string', short: 'ab' } } }, { strict: 1 },
                      { options: { a: { type: 'string', default: 1 } } },
                      { options: { a: { type: 'string', multiple: true, default: 'x' } } },
                      { options: { a: { type: 'string', multiple: 1 } } }]) {
  console.log(outcome(() => parseArgs(config === null ? null : { args: [], ...config })));
}

// aborted
const c = new AbortController();
setTimeout(() => c.abort(), 1);
const kept = {};
console.log((await util.aborted(c.signal, kept)).type, await util.aborted(c.signal, kept));
console.log(await util.aborted(undefined, kept).catch((e) => e.code), kept);
