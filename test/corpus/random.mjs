// Writes random-SEED.c, functions of random signatures, and random-SEED.mjs, which
// calls them: tenon random.mjs SEED FLAGS
//
// Each function puts together, of everything it is given, a checksum of all
// bytes that have a meaning, and a result that is made of its arguments. The
// script knows both.
import { writeFileSync } from 'node:fs';

const seed = Number(process.argv[2] ?? 1);
const flags = process.argv[3] ?? '-O2';
const FUNCTIONS = 200;

let state = BigInt(seed) * 0x9e3779b97f4a7c15n & 0xffffffffffffffffn;
function random(n) {
  state = state * 6364136223846793005n + 1442695040888963407n & 0xffffffffffffffffn;
  return Number(state >> 33n) % n;
}
const pick = (list) => list[random(list.length)];

// `low` and `high` are what may be given; `of` is how C makes a number of it.
const scalars = [
  ['signed char', -128, 127], ['unsigned char', 0, 255], ['char', -128, 127],
  ['short', -32768, 32767], ['unsigned short', 0, 65535],
  ['int', -2147483648, 2147483647], ['unsigned', 0, 4294967295],
  ['int64_t', -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ['uint64_t', 0, Number.MAX_SAFE_INTEGER],
].map(([name, low, high]) => ({ kind: 'int', name, low, high }));
scalars.push({ kind: 'bool', name: 'bool' }, { kind: 'float', name: 'float' },
  { kind: 'float', name: 'double' }, { kind: 'float', name: 'double' });
const longDouble = { kind: 'float', name: 'long double', isLong: true };
const c = [];
const enums = Array.from({ length: 4 }, (_, i) => {
  const names = Array.from({ length: 2 + random(5) }, (_, k) => `E${i}_${k}`);
  const numbers = names.map((_, k) => k * (1 + random(50)) + k + (i % 2 ? -k * 2 : 0));
  const unique = [...new Set(numbers)].length === numbers.length
    ? numbers : numbers.map((_, k) => k);
  c.push(`enum e${i} { ${names.map((n, k) => `${n} = ${unique[k]}`).join(', ')} };`);
  return { kind: 'enum', name: `enum e${i}`, names, numbers: unique };
});

const structs = [];
function member(depth) {
  const r = random(20);
  if (r < 12) return { type: pick(scalars) };
  if (r < 14) return { type: pick(enums) };
  if (r < 16 && structs.length && depth) return { type: pick(structs) };
  if (r < 18) return { type: pick(scalars), count: 1 + random(4) };
  return { type: pick(scalars.filter((t) => t.kind === 'int')), bits: true };
}

for (let i = 0; i < 30; i++) {
  const members = Array.from({ length: 1 + random(6) }, (_, k) => {
    const m = { name: `m${k}`, ...member(true) };
    // An array of them is a string, with a NUL at its end.
    if (m.count && m.type.name === 'char')
      m.type = { kind: 'text', name: 'char', size: m.count };
    if (!m.bits) return m;
    const most = { 'signed char': 8, 'unsigned char': 8, char: 8, short: 16,
      'unsigned short': 16, int: 32, unsigned: 32 }[m.type.name] ?? 53;
    // A plain char of few bits has no sign that all compilers agree on.
    if (m.type.name === 'char') m.type = scalars[0];
    m.bits = 2 + random(most - 1);
    m.isFull = m.bits === most;
    const isSigned = m.type.low < 0;
    m.type = { ...m.type, bits: m.bits,
      low: isSigned ? -(2 ** (m.bits - 1)) : 0,
      high: isSigned ? 2 ** (m.bits - 1) - 1 : 2 ** m.bits - 1 };
    return m;
  });
  const attribute = pick(['', '', '', ' __attribute__((packed))', ' __attribute__((packed))',
    ' __attribute__((aligned(16)))']);
  c.push(`struct s${i} {\n${members.map((m) => `  ${m.type.name} ${m.name}` +
    `${m.count ? `[${m.count}]` : ''}${m.bits ? ` : ${m.bits}` : ''};`).join('\n')}\n}` +
    `${attribute};`);
  // Of packed structs with aligned ones in them clang tells another alignment, so
  // that such structs are left out by value, packed or not; and of bit-fields of all
  // bits of their type it tells another place.
  const isAligned = attribute.includes('aligned') ||
    members.some((m) => m.type.isAligned);
  structs.push({ kind: 'struct', name: `struct s${i}`, members, isAligned,
    isDoubtful: members.some((m) => m.type.isDoubtful) ||
      members.some((m) => m.type.isAligned) ||
      (attribute.includes('packed') && members.some((m) => m.isFull)) });
}

// --- Values, and what C makes of them -------------------------------------------

function value(t) {
  switch (t.kind) {
    case 'int': {
      const special = [t.low, t.high, 0, 1, t.low + 1, t.high - 1];
      if (random(3) === 0) {
        const n = pick(special);
        return n < t.low || n > t.high ? 0 : n;
      }
      const span = Math.min(t.high - t.low, 2 ** 30);
      const n = Math.trunc(random(2 ** 30) % (span + 1));
      return random(2) && t.low < 0 ? Math.max(-n, t.low) : Math.min(n, t.high);
    }
    case 'bool': return random(2) === 1;
    case 'text': return Array.from({ length: random(t.size) }, () =>
      pick('abcXYZ09 ')).join('');
    case 'float': return (random(4001) - 2000) / pick([1, 2, 4, 8]);
    case 'enum': return pick(t.names);
    default: {
      const o = {};
      for (const m of t.members)
        o[m.name] = m.count && m.type.kind !== 'text' ? Array.from({ length: m.count }, () => value(m.type))
          : value(m.type);
      return o;
    }
  }
}

// Parts of a value in the order in which C sees them, each an int64.
function parts(t, v, to) {
  if (t.kind === 'int') to.push(BigInt(v));
  else if (t.kind === 'text')
    for (let i = 0; i < t.size; i++) to.push(BigInt(v.charCodeAt(i) || 0));
  else if (t.kind === 'bool') to.push(v ? 1n : 0n);
  else if (t.kind === 'float') to.push(BigInt(v * 8));
  else if (t.kind === 'enum') to.push(BigInt(t.numbers[t.names.indexOf(v)]));
  else for (const m of t.members)
    if (m.count && m.type.kind !== 'text') for (const x of v[m.name]) parts(m.type, x, to);
    else parts(m.type, v[m.name], to);
}

function cParts(t, name, to) {
  if (t.kind === 'float') to.push(`(int64_t)(${name} * 8)`);
  else if (t.kind !== 'struct') to.push(`(int64_t)${name}`);
  else for (const m of t.members)
    if (m.count)
      for (let i = 0; i < m.count; i++) cParts(m.type, `${name}.${m.name}[${i}]`, to);
    else cParts(m.type, `${name}.${m.name}`, to);
}

const MASK = (1n << 48n) - 1n;
function checksum(list) {
  let sum = 7n;
  for (const n of list) sum = (sum * 31n + (n & MASK)) & MASK;
  return Number(sum);
}

const calls = [];
const anyType = () => {
  const r = random(20);
  return r < 11 ? pick(scalars) : r < 12 ? longDouble : r < 14 ? pick(enums)
    : pick(structs);
};
c.push('static int64_t last;',
  'static void add(int64_t n)\n{\n  last = (last * 31 + (n & 0xffffffffffff)) & ' +
  '0xffffffffffff;\n}',
  'int64_t last_sum(void)\n{\n  return last;\n}');
for (let i = 0; i < FUNCTIONS; i++) {
  const params = Array.from({ length: random(random(4) ? 6 : 16) }, (_, k) => {
    const type = anyType();
    // Some structs by pointer.
    return { name: `p${k}`, type, isPointer: type.kind === 'struct' && random(4) === 0 };
  });
  // The result is one of the arguments, or made of nothing.
  const given = params.filter((p) => !p.type.isLong);
  const back = given.length && random(4) ? pick(given) : null;
  // A callback is given some of them, and what it returns is added; others go out
  // once more.
  const cb = random(4) === 0 && { given: given.filter(() => random(2)),
    type: random(5) ? pick([...scalars, ...enums, ...structs]) : null };
  const outs = random(4) === 0 ? given.filter(() => random(3) === 0).slice(0, 6) : [];
  const typeOf = (p) => `${p.isPointer ? 'const ' : ''}${p.type.name} ` +
    `${p.isPointer ? '*' : ''}`;
  const extra = outs.map((p) => `${p.type.name} *o${p.name}`);
  if (cb)
    extra.push(`${cb.type?.name ?? 'void'} (*cb)(${[...cb.given.map((p) =>
      `${typeOf(p)}${p.name}`), 'void *user'].join(', ')})`, 'void *user');
  const list = [...params.map((p) => `${p.isPointer ? 'const ' : ''}${p.type.name} ` +
    `${p.isPointer ? '*' : ''}${p.name}`), ...extra].join(', ') || 'void';
  const adds = [];
  for (const p of params) cParts(p.type, p.isPointer ? `(*${p.name})` : p.name, adds);
  const more = outs.map((p) => `  *o${p.name} = ${p.isPointer ? '*' : ''}${p.name};\n`);
  if (cb) {
    const call = `cb(${[...cb.given.map((p) => p.name), 'user'].join(', ')})`;
    const back = [];
    if (cb.type) cParts(cb.type, 'r', back);
    more.push(cb.type ? `  {\n    ${cb.type.name} r = ${call};\n${back.map((a) =>
      `    add(${a});\n`).join('')}  }\n` : `  ${call};\n`);
  }
  const note = outs.length ? `// @js f${i}(${outs.map((p) => `out o${p.name}`).join(', ')})\n`
    : '';
  c.push(`${note}${back ? back.type.name : 'void'} f${i}(${list})\n{\n  last = 7;\n` +
    `${adds.map((a) => `  add(${a});\n`).join('')}` +
    `${more.join('')}${back ? `  return ${back.isPointer ? '*' : ''}${back.name};\n` : ''}}`);
  for (let k = 0; k < 3; k++) {
    const args = params.map((p) => value(p.type));
    const all = [];
    params.forEach((p, n) => parts(p.type, args[n], all));
    const of = (p) => args[params.indexOf(p)];
    const callback = cb ? { expects: cb.given.map(of),
      gives: cb.type ? value(cb.type) : undefined } : undefined;
    if (cb && cb.type) parts(cb.type, callback.gives, all);
    let result = back ? of(back) : undefined;
    if (outs.length === 1 && !back) result = of(outs[0]);
    else if (outs.length)
      result = { ...(back ? { result } : {}),
        ...Object.fromEntries(outs.map((p) => [`o${p.name}`, of(p)])) };
    calls.push({ f: `f${i}`,
      isDoubtful: params.some((p) => p.type.isDoubtful) || Boolean(cb?.type?.isDoubtful),
      args, callback, sum: checksum(all), result });
  }
}

writeFileSync(`random-${seed}.c`,
  `// @js cflags: ${flags}\n#include <stdbool.h>\n#include <stdint.h>\n\n` +
  `${c.join('\n\n')}\n`);
writeFileSync(`random-${seed}.mjs`, `import * as module from './random-${seed}.c';
import { done, is, watch } from './check.mjs';

const m = watch(module);
const calls = ${JSON.stringify(calls).replaceAll('},{"f"', '},\n  {"f"')};

for (const { f, isDoubtful, args, callback, sum, result } of calls) {
  let given;
  if (callback)
    args.push((...all) => {
      given = all;
      return callback.gives;
    });
  if (!m[f]) {
    if (isDoubtful) continue;
    is(\`\${f} is there\`, false, true);
    continue;
  }
  try {
    is(\`\${f} gives\`, m[f](...args), result);
    is(\`\${f} was given\`, m.last_sum(), sum);
    if (callback) is(\`\${f} has given\`, given, callback.expects);
  } catch (e) {
    is(\`\${f} throws\`, String(e), undefined);
  }
}
done();
`);
