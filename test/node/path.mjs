// paths are those of node
import path from 'node:path';
import posix from 'node:path/posix';
import win32 from 'path/win32';
import { below, outcome, pick } from './random.js';

console.log(path === posix, path.win32 === win32, path.posix === posix,
            win32.posix === posix, win32.win32 === win32);
console.log(posix.sep, posix.delimiter, win32.sep, win32.delimiter);

const wrong = [undefined, null, 1, true, {}, [], 1n, Symbol('x'), () => 1];
for (const kind of [posix, win32]) {
  for (const name of ['basename', 'dirname', 'extname', 'isAbsolute', 'join',
                      'normalize', 'parse', 'resolve', 'format',
                      'toNamespacedPath']) {
    for (const value of wrong) {
      if (name === 'format' && typeof value === 'object' && value) continue;
      if (name === 'toNamespacedPath' && typeof value !== 'string') continue;
      console.log(name, String(typeof value), outcome(() => kind[name](value)));
    }
  }
  for (const value of wrong) {
    console.log(outcome(() => kind.basename('a', value)),
                outcome(() => kind.relative('a', value)),
                outcome(() => kind.relative(value, 'a')),
                outcome(() => kind.join('a', value)),
                outcome(() => kind.resolve('/a', value)),
                outcome(() => kind.resolve(value, 'c:/a')));
  }
}

const parts = ['', 'a', 'b', 'bb', '.', '..', '...', '.a', 'a.', 'a.b', '.a.b',
               '..a', 'a..', 'C:', 'c:', 'D:', 'x:y', '?', 'com1', 'com1:', 'NUL:', 'con', ' ', 'é',
               'İ', 'UNC', '%20'];
const separators = ['/', '/', '/', '\\', '\\', '//', '\\\\', '///'];

function any() {
  let s = below(3) ? '' : pick(separators);
  if (!below(4)) s += pick(['C:', 'd:', 'C:\\', 'C:/', '\\\\a\\b', '//a/b',
                            '\\\\?\\', '//./', '\\\\a', '\\\\?\\con:']);
  for (let n = below(6); n > 0; n--) {
    s += pick(parts);
    if (below(5)) s += pick(separators);
  }
  return s;
}

function check(kind, name, ...args) {
  console.log(name, JSON.stringify(args), outcome(() => kind[name](...args)));
}

for (const kind of [posix, win32]) {
  for (const parts of [{ root: 1, dir: 1, base: 2 }, { dir: 1, base: 2 },
                       { name: 5 }, { name: 5, ext: 6 }, { base: 7 }, {},
                       { name: null, ext: true }, { root: '/', base: '/x' }]) {
    check(kind, 'format', parts);
  }
}

for (let i = 0; i < 1500; i++) {
  const a = any();
  const b = any();
  const ending = pick(['.a', '.b', 'a', 'b', '', a, 'a.b', '/b', 'bb']);
  for (const [label, kind] of [['posix', posix], ['win32', win32]]) {
    console.log(label);
    for (const name of ['basename', 'dirname', 'extname', 'isAbsolute',
                        'normalize', 'parse', 'toNamespacedPath']) {
      check(kind, name, a);
    }
    check(kind, 'basename', a, ending);
    check(kind, 'join', a, b);
    check(kind, 'join', a, b, any());
    check(kind, 'resolve', a, b);
    check(kind, 'relative', a, b);
    check(kind, 'relative', kind.join(a, b), a);
    check(kind, 'relative', a, kind.join(a, b));
    check(kind, 'format', {
      dir: pick([undefined, '', a]), root: pick([undefined, '', '/', a]),
      base: pick([undefined, '', b]), name: pick([undefined, 'n']),
      ext: pick([undefined, '.e', 'e']),
    });
  }
}
