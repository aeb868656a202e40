// Patterns with defaults, rest and computed names; spread everywhere.
{
  const { a, b: { c = 5, ...restB } = {}, ['d' + 1]: d1, ...rest } =
    { a: 1, b: { e: 6, f: 7 }, d1: 2, g: 3, h: 4 };
  const [x, , y = 9, [z] = 'q', ...more] = [1, 2, undefined, undefined, 3, 4];
  const f = ({ m, n = m }, [o, p] = [7, 8], ...q) => [m, n, o, p, ...q];
  let s, t;
  [s, t] = [1, 2];
  [s, t] = [t, s];
  ({ s, k: t = 4 } = { s: 'S' });
  const o = { ...{ p: 1, q: 2 }, ...'ab', ...null, q: 3 };
  globalThis.out = JSON.stringify([a, c, restB, d1, rest, x, y, z, more,
    f({ m: 1 }, undefined, 5), s, t, o, Math.max(...[1, 2], ...new Set([7])),
    [...'ab', ...[1], ...new Map([[1, 2]])], new Date(...[2020, 1]).getMonth()]);
}
