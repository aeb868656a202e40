import * as module from './callbacks.c';
import { done, is, leftOut, ok, throws, watch } from './check.mjs';

const m = watch(module);

const seen = [];
is('each', m.each(3, (i) => { seen.push(i); }), undefined);
is('each has called', seen, [0, 1, 2]);
is('user data is no argument', module.each.length, 2);
ok('near', Math.abs(m.integrate((x) => x * x, 0, 3, 100) - 9) < 1e-3);
is('user data in front', m.count_if((i) => i % 3 === 0, 10), 4);
const a = Int32Array.of(5, 1, 4, 1, 3);
m.sort_ints(a, 5, (x, y) => x - y);
is('without user data', [...a], [1, 1, 3, 4, 5]);
m.sort_ints(a, 5, (x, y) => y - x);
is('another one', [...a], [5, 4, 3, 1, 1]);
is('structs', m.map_point({ x: 1, y: 2 }, (p, k) => ({ x: p.y * k, y: p.x })),
  { x: 14, y: 1 });
const texts = [];
is('text', m.with_text((s, n) => texts.push(s) * n), 1 + 4);
is('what text', texts, ['zażółć', '']);
is('enums', m.recolor('RED', (c) => c === 'RED' ? 'GREEN' : 'RED'), 'GREEN');
throws('an enum of no name', () => m.recolor('RED', () => 'PINK'), /TypeError/);
let args;
is('all widths', m.widths((...all) => { args = all; return -5; }), -5);
is('arguments', args, [-1, 255, -2, 4294967295, -9007199254740991, 0.5, true]);
is('many', m.many((...all) => { args = all; return 11; }), 11);
is('many arguments', args, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
is('two of them', m.both((n) => n + 2, (n) => n + 3), 35);
is('opt', [m.maybe((n) => n), m.maybe(null), m.maybe(undefined), m.maybe()],
  [5, -1, -1, -1]);
for (const f of [1, 'f', {}, null, undefined])
  throws(`no function, ${f}`, () => m.sum_of(1, f), /TypeError/);

const error = new Error('mine');
let calls = 0;
let thrown;
try {
  m.sum_of(5, (i) => {
    calls++;
    if (i === 2) throw error;
    return i;
  });
} catch (e) {
  thrown = e;
}
ok('what it throws is thrown', thrown === error);
is('it is not called again', calls, 2);
is('C goes on', [m.calls_after(), m.result_after()], [5, 0]);
is('and works again', m.sum_of(3, (i) => i), 6);
throws('a wrong result', () => m.sum_of(2, () => 'x'), /TypeError/);
throws('a result out of range', () => m.sum_of(2, () => 2 ** 31), /RangeError/);
throws('no result', () => m.sum_of(2, () => {}), /TypeError/);
is('recursion', m.depth_of(20, function f(n) { return m.depth_of(n, f); }), 20);
throws('through many calls', () => m.depth_of(20, function f(n) {
  if (n === 3) throw new RangeError('deep');
  return m.depth_of(n, f);
}), /RangeError: deep/);
is('without user data, a result', m.fold(4, (n) => n * n), 30);
is('without user data, nested', m.fold(2, (n) => m.fold(n, (k) => k) * 10), 40);
throws('without user data, thrown', () => m.fold(4, (n) => {
  if (n === 2) throw new RangeError('two');
  return n;
}), /RangeError: two/);
is('off the loop', await m.sum_of.async(4, (i) => i), 10);
is('off the loop, several', await Promise.all([1, 2, 3].map((k) =>
  m.sum_of.async(20, (i) => i * k))), [210, 420, 630]);
is('off the loop, thrown', await m.sum_of.async(4, () => {
  throw new RangeError('far');
}).catch((e) => e.message), 'far');
is('off the loop, without user data', await Promise.all([1, 2, 3].map((k) =>
  m.fold.async(20, (i) => i * k))), [210, 420, 630]);
const url = new URL('./callbacks.c', import.meta.url).href;
await leftOut(url, 'left_given_pointer', /callback/);
await leftOut(url, 'left_returns_text', /callback/);
done();
