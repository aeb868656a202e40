import * as module from './rust.rs';
import { done, is, leftOut, ok, throws, watch } from './check.mjs';

const m = watch(module);
const url = new URL('./rust.rs', import.meta.url).href;

for (const [name, low, high] of [['i8', -128, 127], ['u8', 0, 255],
  ['i16', -32768, 32767], ['u16', 0, 65535], ['i32', -2147483648, 2147483647],
  ['u32', 0, 4294967295]]) {
  const f = m[`rs_${name}`];
  is(`${name} least`, f(low), low);
  is(`${name} most`, f(high), high);
  throws(`${name} below`, () => f(low - 1), /RangeError/);
  throws(`${name} above`, () => f(high + 1), /RangeError/);
}
for (const name of ['i64', 'u64', 'usize', 'isize'])
  is(name, m[`rs_${name}`](9007199254740991), 9007199254740991);
is('negative', [m.rs_i64(-5), m.rs_isize(-6)], [-5, -6]);
throws('unsigned', () => m.rs_u64(-1), /RangeError/);
is('f32', m.rs_f32(0.1), Math.fround(0.1));
is('f64', m.rs_f64(-0), -0);
is('bool', [m.rs_bool(true), m.rs_bool(false)], [true, false]);
is('struct', m.rs_swap({ x: 1, y: 2 }), { x: 2, y: 1 });
is('large struct', m.rs_mixed({ a: 255, b: 5, c: 1.5, d: [1, 2, 3], at: { x: 1, y: 2 } }),
  { a: 0, b: -5, c: 3, d: [3, 2, 1], at: { x: 2, y: 1 } });
is('enum', ['Red', 'Green', 'Blue'].map((c) => m.rs_next(c)), ['Green', 'Blue', 'Red']);
throws('no variant', () => m.rs_next('Pink'), /TypeError/);
is('enum of a byte', [m.rs_other('No'), m.rs_other('Yes')], ['Yes', 'No']);
is('typed array', m.rs_sum(Float64Array.of(1, 2, 3.5), 3), 6.5);
is('bytes', m.rs_bytes(Uint8Array.of(1, 2, 255)), 258);
const a = Int32Array.of(1, 2, 3);
m.rs_twice(a, 2);
is('written', [...a], [2, 4, 3]);
is('text', m.rs_length('zażółć'), 6);
is('own', m.rs_shout('zażółć'), 'ZAŻÓŁĆ');
is('out', m.rs_divmod(17, 5), { quot: 3, rem: 2 });
is('callback', m.rs_map(3, (n) => n * 10), 70);
throws('exception of a callback', () => m.rs_map(3, () => { throw new RangeError('x'); }),
  /RangeError: x/);
is('references', m.rs_dot({ x: 1, y: 2 }, { x: 3, y: 4 }), 11);
const t = m.rs_tally_new(1);
m.rs_tally_add(t, 41);
is('handle', m.rs_tally_total(t), 42);
ok('its class', t instanceof module.Tally);
m.rs_tally_free(t);
throws('after close', () => m.rs_tally_total(t), /TypeError/);
is('tuple', m.rs_tuple({ __0: 5, __1: 2.5 }), 75);
is('nothing', m.rs_nothing(), undefined);
is('off the loop', await m.rs_i32.async(5), 5);
await leftOut(url, 'left_wide', /128/);
await leftOut(url, 'left_char', /char/);
await leftOut(url, 'left_option', /./);
await leftOut(url, 'left_text', /./);
done();
