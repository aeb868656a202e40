import * as module from './ints.c';
import { done, is, ok, throws, watch } from './check.mjs';

const m = watch(module);

function inRange(name, low, high) {
  const f = m[`same_${name}`];
  for (const n of [low, low + 1, 0, 1, high - 1, high])
    is(`${name} ${n}`, f(n), n);
  throws(`${name} below`, () => f(low - 1), /RangeError/);
  throws(`${name} above`, () => f(high + 1), /RangeError/);
}

const safe = Number.MAX_SAFE_INTEGER;
for (const name of ['char', 'schar', 'i8']) inRange(name, -128, 127);
for (const name of ['uchar', 'u8']) inRange(name, 0, 255);
for (const name of ['short', 'i16']) inRange(name, -32768, 32767);
for (const name of ['ushort', 'u16', 'char16']) inRange(name, 0, 65535);
for (const name of ['int', 'i32', 'wchar', 'cv'])
  inRange(name, -2147483648, 2147483647);
for (const name of ['uint', 'u32', 'char32']) inRange(name, 0, 4294967295);

for (const name of ['long', 'llong', 'i64', 'ssize', 'ptrdiff', 'intptr']) {
  const f = m[`same_${name}`];
  for (const n of [-safe, -1, 0, 1, safe]) is(`${name} ${n}`, f(n), n);
  is(`${name} of a BigInt`, f(5n), 5);
  throws(`${name} unsafe`, () => f(safe + 1), /RangeError/);
  throws(`${name} too large`, () => f(2n ** 63n), /RangeError/);
  throws(`${name} unsafe result`, () => f(2n ** 62n), /RangeError/);
}
for (const name of ['ulong', 'ullong', 'u64', 'size', 'uintptr']) {
  const f = m[`same_${name}`];
  for (const n of [0, 1, safe]) is(`${name} ${n}`, f(n), n);
  is(`${name} of a BigInt`, f(7n), 7);
  throws(`${name} negative`, () => f(-1), /RangeError/);
  throws(`${name} too large`, () => f(2n ** 64n), /RangeError/);
  throws(`${name} unsafe result`, () => f(2n ** 64n - 1n), /RangeError/);
}
is('true', m.same_bool(true), true);
is('false', m.same_bool(false), false);
for (const v of [1, 0, 'true', null, undefined])
  throws(`bool ${v}`, () => m.same_bool(v), /TypeError/);
for (const v of [1.5, NaN, Infinity, '1', null, undefined, {}, [1], true])
  throws(`int ${v}`, () => m.same_int(v), /TypeError|RangeError/);

is('widen i8', m.widen_i8(-128, -1), -257);
is('widen u8', m.widen_u8(255, 255), 765);
is('widen i16', m.widen_i16(-32768, -1), -65537);
is('widen u16', m.widen_u16(65535, 65535), 196605);
is('widen i32', m.widen_i32(-2147483648, -1), -4294967297);
is('widen u32', m.widen_u32(4294967295, 4294967295), 12884901885);
is('widen bool', m.widen_bool(true, true), 3);
is('narrow i8', m.narrow_i8(0x1ff), -1);
is('narrow i8 up', m.narrow_i8(-129), 127);
is('narrow u16', m.narrow_u16(-1), 65535);
is('odd', m.is_odd(4294967297), true);
is('even', m.is_odd(4294967296), false);
is('void', m.nothing(), undefined);
is('state', m.count_calls(), 1);
is('state again', m.count_calls(), 2);
is('order', m.first(1, 2, 3), 1);
is('more arguments', m.first(1, 2, 3, 4), 1);
throws('fewer arguments', () => m.first(1, 2), /TypeError: first: expected 3/);
is('length', module.first.length, 3);
is('name', module.first.name, 'first');
ok('async', module.first.async);
is('off the loop', await m.first.async(7, 8, 9), 7);
done();
