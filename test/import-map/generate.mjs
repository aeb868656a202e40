// Writes import maps map-N.json and what is asked of them, ask.mjs, into the
// working directory: the same ones each time. Run by node.
import { writeFileSync, mkdirSync } from 'node:fs';

let state = 20260127;
const below = (n) => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 8) % n;
};
const pick = (list) => list[below(list.length)];

const keys = ['a', 'b', 'a/', 'a/b/', 'a/b', '@s/p', '@s/p/', './r.js', './d/',
  '/abs.js', 'https://x.org/', 'https://x.org/y.js', 'file:///tmp/z/', '../up/',
  'data:text/javascript,1', 'c//d', './d/e/', 'weird key', 'a/b/c/'];
const addresses = ['./one.js', './two.mjs?q#f', '/three.js', '../four.js',
  'https://e.org/five.js', 'file:///tmp/six.js', './s%C3%A9.js',
  'https://e.org:8443/seven/../eight.js'];
const folders = ['./lib/', '/', '../', 'https://e.org/v1/', './lib/deeper/',
  'file:///tmp/dir/'];
const scopes = ['./', './s/', './s/t/', './s/inner.mjs', 'https://x.org/', '/',
  './s/t/deep.mjs/'];

const table = (most) => {
  const t = {};
  for (let n = below(most); n >= 0; n--) {
    const key = pick(keys);
    t[key] = below(8) === 0 ? null : pick(key.endsWith('/') ? folders : addresses);
  }
  return t;
};

const count = Number(process.argv[2]);
for (let i = 0; i < count; i++) {
  const map = { imports: table(10) };
  if (below(3)) {
    map.scopes = {};
    for (let n = below(4); n >= 0; n--) map.scopes[pick(scopes)] = table(6);
  }
  writeFileSync(`map-${i}.json`, JSON.stringify(map));
}

// Not 'a/b/../../x.js': deno lets it stay in the address, where the standard has
// it climb out.
const asked = [...keys, 'a/x.js', 'a/b/x.js', 'a/b/c/x.js', 'a/../x.js',
  'a/./x.js', '@s/p/x', './d/x.js', './d/e/x.js',
  '../up/x.js', '../r.js', '../../r.js', 'https://x.org/z.js',
  'https://x.org/y.js?q', 'file:///tmp/z/x.js', 'none', './r.js?q', 'a?q',
  './s/../r.js', 'a/%2e%2e/x.js', 'a//x.js', '../d/x.js'];
const body = `export default (s) => {
  try { return import.meta.resolve(s); } catch { return 'error'; }
};\n`;
mkdirSync('s/t', { recursive: true });
for (const file of ['s/inner.mjs', 's/t/deep.mjs', 'own.mjs'])
  writeFileSync(file, body);
writeFileSync('ask.mjs', `const files = ['own.mjs', 's/inner.mjs', 's/t/deep.mjs'];
const asked = ${JSON.stringify(asked)};
for (const file of files) {
  const { default: resolve } = await import(new URL(file, import.meta.url).href);
  for (const s of asked) console.log(file + ' ' + s + ' -> ' + resolve(s));
}\n`.replace("new URL(file, import.meta.url).href",
  "import.meta.url.replace('ask.mjs', file)"));
