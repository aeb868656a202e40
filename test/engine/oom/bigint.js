// Arithmetic beyond 64 bits, conversion, shifts, the wrap functions.
{
  let a = 2n ** 200n + 12345678901234567890n, b = -(3n ** 90n);
  let r;
  try { r = 1n / 0n; } catch (e) {
    if (!(e instanceof RangeError)) throw e;
    r = 'div';
  }
  globalThis.out = [a * b, a / b, a % b, a - b, a & b, a | b, a ^ b, ~a,
    a << 70n, a >> 33n, -a, BigInt.asIntN(64, a), BigInt.asUintN(100, b),
    BigInt('0x' + 'f'.repeat(50)), a.toString(36), BigInt(1e30), Number(a),
    a > b, a == 5, 5n == 5, typeof Object(a), r, (-7n) ** 3n, a++ + 1n,
    parseInt('123'), BigInt('  42 '), 10n ** 50n].join('|');
}
