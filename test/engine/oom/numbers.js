// Number formatting and parsing, Math.
{
  globalThis.out = [0.1 + 0.2, 1e21, 1 / 3, (255).toString(16), (0.5).toString(2),
    (1234.5678).toFixed(2), (0.00001234).toExponential(3), (123.456).toPrecision(4),
    parseFloat('3.14abc'), parseInt('ff', 16), Number('0b101'), Number(''), -0,
    Math.hypot(3, 4), Math.fround(5.5), Math.clz32(1), Number.MAX_SAFE_INTEGER,
    (25).toLocaleString(), isNaN('x'), Math.imul(3, 4), Math.sumPrecise?.([1, 2]),
    Object.is(NaN, NaN), 5 % -3, 1 << 31 >>> 0, new Number(5) + 1].join('|');
}
