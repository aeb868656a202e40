// Numbers and booleans go both ways, strictly.
import * as n from 'native';
console.log(n.not(true), n.not(false));
console.log(n.numbers(1, 2, 3, 4, 5, 6, 7, 8, 9, 0.5, -10, 20));
console.log(n.i64_back(-9007199254740991), n.i64_back(5n), n.f32_back(0.1));
console.log(n.big(-(2n ** 63n), 1n));
for (const f of [() => n.not(1), () => n.i64_back(2 ** 53), () => n.i64_back(),
  () => n.big(2n ** 63n, 1n), () => n.big(1, 1n), () => n.i64_back(1.5),
  () => n.numbers(128, 2, 3, 4, 5, 6, 7, 8, 9, 0.5, -10, 0.25)])
  try { f(); console.log('?'); } catch (e) { console.log(String(e)); }
// expect: false true
// expect: 55.5
// expect: -9007199254740991 5 0.10000000149011612
// expect: -9223372036854775807n
// expect: TypeError: not: argument 1 'b': expected boolean, got 1
// expect: RangeError: i64_back: argument 1 'n': 9007199254740992 is not a safe integer, pass a BigInt
// expect: TypeError: i64_back: expected 1 argument, got 0
// expect: RangeError: big: argument 1 'a': expected integer from -9223372036854775808 to 9223372036854775807, got 9223372036854775808n
// expect: TypeError: big: argument 1 'a': expected bigint, got 1
// expect: TypeError: i64_back: argument 1 'n': expected integer, got 1.5
// expect: RangeError: numbers: argument 1 'a': expected integer from -128 to 127, got 128
