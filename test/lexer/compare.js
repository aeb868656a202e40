// Compares what the program `names` finds in sources with what node's own lexer
// finds in them. Where that refuses a source, nothing is compared: it is no
// CommonJS, or none that it understands.
//
// usage: node compare.js WHAT NAMES PACKAGES
'use strict';
const fs = require('fs');
const path = require('path');
const { spawnSync } = require('child_process');

const [what, program, packages] = process.argv.slice(2);
const modules = path.resolve(packages, 'node_modules');
const { parse } = require(path.join(modules, 'cjs-module-lexer'));

// --- Forms -------------------------------------------------------------------

const names = ['a', '$b', '_c1', 'é', 'default', 'let', '__esModule', 'enum'];
const texts = ["'a'", '"a"', "'a b'", "''", "'\\u0061'", "'\\x62\\\nc'",
  "'\\u{1F600}'", "'\\ud83d\\ude00'", "'\\ud83d'", "'\\ude00'", "'\\q\\8\\101'",
  "'\\u{110000}'", "'\\xg'", "'a\\0b'", "'\\\r\nz'", "'é'", "'__proto__'"];
const spaces = ['', ' ', '\n', '/* exports.no = 1 */', '// no\n', '\t\u00a0'];
const objects = ['exports', 'module.exports', 'module . exports', 'x.exports',
  'module.x.exports', '$exports', 'exports$', 'xmodule.exports', '...exports'];

function* simple() {
  for (const object of objects) {
    for (const name of names)
      for (const space of spaces)
        yield `${object}${space}.${space}${name}${space}=${space}1`;
    for (const text of texts)
      for (const space of spaces)
        yield `${object}${space}[${space}${text}${space}]${space}=1`;
    for (const end of ['== 1', '+= 1', '.b = 1', '()', '', '?.b'])
      yield `${object}.a ${end}`;
  }
}

const getters = ['return q', 'return q;', 'return q.p', "return q['p'];",
  'return q.p.r', 'return f()', 'return 1', "return 'x'", 'return this',
  'q; return q', 'return q[0]', ''];
const heads = [': function () {', ': function n() {', '() {', ' () {', ': () => {',
  ': function* () {', ': async function () {', ': function (x) {'];

function* defined() {
  for (const object of objects)
    for (const text of texts)
      yield `Object.defineProperty(${object}, ${text}, { value: 1 })`;
  for (const first of ['', 'enumerable: true, ', 'enumerable: false, ',
    'enumerable: !0, ', 'configurable: true, ', 'enumerable: true,/**/'])
    for (const head of heads)
      for (const body of getters)
        for (const end of ['} })', '}, })', '}, set: x })'])
          yield `Object.defineProperty(exports, 'a', { ${first}get${head} ` +
            `${body} ${end}`;
  for (const value of ['{ value: f() }', '{ value }', '{ value: 1, x: 2 }', 'x',
    '{ get }', '{ get: f }', '{ writable: true, value: 1 }', '{}'])
    for (const other of ['', 'exports.a = 1; ',
      "Object.defineProperty(exports, 'a', { value: 1 }); "])
      yield `${other}Object.defineProperty(exports, 'a', ${value})`;
}

const members = ['a', 'b: c', "'d': e", "'f'", '...g', "...require('h')",
  "i: require('j')", 'k: 1', "l: 'm'", 'n() {}', 'get o() {}', 'p: q.r',
  'async s() {}', '[t]: u', '...v.w', '...x()', 'y: -z', '1: a', 'b = c',
  "d: exports.e = 1", 'f: class {}', 'g: h ? i : j', '/**/k/**/:/**/l'];

function* literals() {
  for (const one of members)
    for (const two of members)
      for (const left of ['module.exports', 'exports = module.exports',
        'module.exports = exports', '0 && (module.exports'])
        yield `${left} = { ${one}, ${two}, last }` +
          (left[0] === '0' ? ')' : '');
  for (const text of texts) yield `module.exports = { ${text}: a }`;
}

const requires = ["require('a')", 'require("a")', "require ( 'a' )",
  'require(a)', 'require(`a`)', "require('a').b", "require('a')()",
  "require('a', 'b')", "require('\\u0061')", "require('\\ud800')"];

function* again() {
  for (const r of requires) {
    for (const left of ['module.exports = ', 'exports = ', 'exports.x = ',
      'exports = module.exports = ', 'module.exports = exports = '])
      yield left + r;
    for (const call of ['__export', '__exportStar', 'tslib_1.__exportStar',
      'a.b.__export', '_export', '__exports', '$__export'])
      for (const end of ['', ', exports'])
        for (const [before, after] of [['', ''], ['{', '}'], ['(', ')'],
          ['if (x) ', ''], ['x = ', ''], ['(0, ', ')']])
          yield `${before}${call}(${r}${end})${after}`;
  }
  const statements = ["module.exports = require('a')", 'module.exports = {x}',
    "module.exports = {...require('b')}", "__export(require('c'))",
    'module.exports = x', 'exports.y = 1'];
  for (const one of statements)
    for (const two of statements)
      for (const three of statements) yield [one, two, three].join('; ');
}

const refusals = ["k === 'default' || k === '__esModule'",
  'k === "default" || k === "__esModule"', "k == 'default'",
  "k === 'default' || k === 'x'"];
const more = ['', ' if (Object.prototype.hasOwnProperty.call(_n, k)) return;',
  ' if (Object.hasOwnProperty.call(_n, k)) return;',
  ' if (k in exports && exports[k] === _x[k]) return;',
  ' if (Object.prototype.hasOwnProperty.call(_n, k)) return;' +
    ' if (k in module.exports && module.exports[k] === _x[k]) return',
  ' if (k in exports && exports[k] === _y[k]) return;'];
const conditions = ["k !== 'default'", "k !== 'x'",
  "k !== 'default' && !exports.hasOwnProperty(k)",
  "k !== 'default' && !Object.prototype.hasOwnProperty.call(exports, k)",
  "k !== 'default' && !Object.hasOwnProperty.call(_n, k)"];
const exported = ['exports[k] = _x[k];', 'exports[k] = _x[k]',
  'module.exports[k] = _x[k]', 'exports[k] = _y[k]', 'exports[j] = _x[k]',
  'Object.defineProperty(exports, k, { enumerable: true, get: function () ' +
    '{ return _x[k]; } });',
  'Object.defineProperty(exports, k, { enumerable: true, get() ' +
    '{ return _x[k] } })',
  'Object.defineProperty(exports, k, { get() { return _x[k] } })'];

function* stars() {
  const star = (inner) => `Object.keys(_x).forEach(function (k) { ${inner} })`;
  const bodies = [];
  for (const e of exported) {
    for (const r of refusals)
      for (const m of more) bodies.push(`if (${r}) return;${m} ${e}`);
    for (const c of conditions) bodies.push(`if (${c}) ${e}`);
  }
  for (const body of bodies) yield `var _x = require('x'); ${star(body)}`;
  const good = star(bodies[0]);
  for (const v of ["let _x = require('x')", "const _x = require('x')",
    "_x = require('x')", "var y, _x = require('x')", "{ var _x = require('x') }",
    "var _x = _interopRequireWildcard(require('x'))",
    "var _x = _other(require('x'))", "var _x = require('x'), y = 1",
    "var _x = require('x'); var _x = require('z')"]) {
    yield `${v}; ${good}`;
    yield `${v}; { ${good} }`;
    yield `${v}; x.${good}`;
    yield `${good}; ${v}`;
  }
}

// Where a '/' divides, and where it begins a regular expression. Each has an
// export behind it that only a right reading finds.
function* slashes() {
  for (const before of ['x = 1', 'x = y', 'f()', 'a[0]', "'s'", '`t`', 'x++'])
    yield `${before} / exports.in / 2; exports.a = 1`;
  for (const before of ['x =', '(', '[', 'f(', 'x ? ', 'x &&', 'if (x)',
    'while (x)', 'for (;;)', 'typeof', '{ }', 'function f() { }', '!', 'x,',
    'do', 'else', 'case', 'x = `a${', 'return', 'void', '=>'])
    yield `; ${before} /['"\`{(]/g.test`;
  for (const text of ['`${`${exports.a = 1}`}`', '`\\`${{}}`; exports.a = 1',
    '`}${"}"}`; exports.a = 1', '`${/}/}`; exports.a = 1',
    'x = /[/]"/; exports.a = 1', "x = /\\/'/; exports.a = 1",
    '#!/usr/bin/env node\nexports.a = 1', '#!exports.a = 1',
    '(function () { exports.a = 1 })()', 'a.if (x) / 1; exports.a = 1',
    "import('x'); exports.a = 1", 'x.import; exports.a = 1'])
    yield text;
}

function* forms() {
  yield* simple();
  yield* defined();
  yield* literals();
  yield* again();
  yield* stars();
  yield* slashes();
}

// --- Differences that are meant ----------------------------------------------

// Here node's reads what the language does not say, or less than it documents.
const differences = [
  // A line ends at U+2028, which is space.
  ['exports\u2028.a = 1', ['a'], []],
  // U+FEFF is space.
  ['exports.a\ufeff = 1', ['a'], []],
  // A comment and a line end may stand between all tokens.
  ["var _x = /**/ require('x'); " +
    "Object.keys(_x).forEach(function (k) { if (k !== 'default') " +
    'exports[k] = _x[k] })', [], ['x']],
  // A block ends, then a regular expression begins.
  ['{} /exports.a = 1/', [], []],
  // The first word of a source is a keyword, too.
  ['return /exports.a = 1/', [], []],
  // Behind a function or a class that is an operand '/' divides.
  ['x = function f() {} / (exports.a = 1) / 2', ['a'], []],
  ['x = class {} / (exports.a = 1) / 2', ['a'], []],
  // Comments of HTML are there in scripts.
  ['x = 1 <!-- exports.a = 1\nexports.b = 1', ['b'], []],
  ['--> exports.a = 1', [], []],
  // Space may stand before a comma.
  ['module.exports = { a: b , c }', ['a', 'c'], []],
  // A source may begin with a byte-order mark.
  ['\ufeffexports.a = 1', ['a'], []],
];

// --- Comparing ---------------------------------------------------------------

function* files(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* files(file);
    else if (entry.isFile() && /\.c?js$/.test(file)) yield file;
  }
}

function read(sources) {
  const input = sources.flatMap((s) => {
    const bytes = Buffer.from(s);
    return [Buffer.from(`${bytes.length}\n`), bytes];
  });
  const done = spawnSync(program, {
    input: Buffer.concat(input), maxBuffer: 1 << 28 });
  if (done.status !== 0) throw new Error(`names: ${done.status} ${done.stderr}`);
  return done.stdout.toString().trimEnd().split('\n').map((line) =>
    JSON.parse(line));
}

const sorted = (list) => [...new Set(list)].sort();
const shown = (exports, reexports) =>
  JSON.stringify([sorted(exports), sorted(reexports)]);

let sources, labels;
if (what.startsWith('the files')) {
  labels = [...files(modules)];
  sources = labels.map((file) => fs.readFileSync(file, 'utf8'));
} else {
  labels = sources = [...forms()];
}
const found = read(sources);
let compared = 0, failed = 0, all = 0;
function fail(label, expected, actual) {
  if (failed++ < 10) console.log(`${label}\n  ${expected}\n  ${actual}`);
}
sources.forEach((source, i) => {
  let expected;
  try {
    const { exports, reexports } = parse(source.replace(/^\ufeff/, ''));
    all += exports.length + reexports.length;
    expected = shown(exports, reexports);
  } catch {
    return;
  }
  compared++;
  const actual = shown(found[i].exports, found[i].reexports);
  if (actual !== expected) fail(labels[i], expected, actual);
});
if (what === 'forms') {
  read(differences.map(([source]) => source)).forEach((f, i) => {
    const [source, exports, reexports] = differences[i];
    const actual = shown(f.exports, f.reexports);
    if (actual !== shown(exports, reexports))
      fail(source, shown(exports, reexports), actual);
  });
}
console.log(`# ${what}: ${compared} compared, ${all} names, ${failed} differ`);
process.exit(failed || compared < 1000 ? 1 : 0);
