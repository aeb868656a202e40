// require, module, exports, and what is cached.
const cases = [];
const add = (name, files, more) => cases.push({ name, files, ...more });
export default cases;

add('what a file has', {
  'main.js': `
console.log(typeof require, typeof module, typeof exports, exports === module.exports);
console.log(this === exports, __filename, __dirname);
console.log(arguments.length, arguments[0] === exports, arguments[1] === require,
            arguments[2] === module, arguments[3] === __filename, arguments[4] === __dirname);
console.log(module.id, module.filename, module.path, module.loaded, module.children.length);
console.log(module.paths.slice(0, 2), Array.isArray(module.paths));
console.log(Object.keys(require).sort().join());
console.log(require.length, require.name);
console.log(new.target);
`,
});

add('return at the top, and what stands behind it', {
  'main.js': `console.log(1); if (true) return 5; console.log(2);`,
});

add('a hashbang, a byte-order mark, HTML-like comments', {
  'main.js': `#!/usr/bin/env node
console.log(require('./bom'), require('./html'));
`,
  'bom.js': '\ufeffmodule.exports = "bom";',
  'html.js': '<!-- hidden\nmodule.exports = "html";\n--> hidden too\n',
});

add('sloppy unless a directive says strict', {
  'main.js': `
console.log(require('./sloppy'), require('./strict'));
`,
  'sloppy.js': `module.exports = (function () { return this === globalThis; })(); undeclared = 1; delete globalThis.undeclared;`,
  'strict.js': `'use strict'; let r = [(function () { return this === undefined; })()]; try { undeclared2 = 1; } catch (e) { r.push(e.name); } module.exports = r;`,
});

add('variables of a file are its own', {
  'main.js': `
var a = 1; function f() {} let b = 2; const c = 3; class D {}
console.log('a' in globalThis, 'f' in globalThis, typeof globalThis.D);
console.log(eval('a + b + c'), typeof (0, eval)('typeof a'), (0, eval)('typeof a'), new Function('return typeof a')());
require('./other');
`,
  'other.js': `console.log(typeof a, typeof b, typeof f);`,
});

add('parameters may be declared again by var and function', {
  'main.js': `
var require; var module; var exports;
console.log(typeof require, typeof module, typeof exports);
function __filename() {}
console.log(typeof __filename);
exports = null;
console.log(module.exports);
`,
});

add('let of a parameter is an error', {
  'main.js': `try { require('./bad'); } catch (e) { console.log(e.name); }`,
  'bad.cjs': 'let require = 1;',
  'bad/index.cjs': '',
  'bad/package.json': { main: '../bad.cjs' },
});

add('exports that are replaced', {
  'main.js': `
console.log(require('./fn')(2), require('./num'), require('./str'), require('./nul'), require('./undef'),
            typeof require('./sym'), require('./arr'), require('./bool'), require('./big'));
console.log(require('./date') instanceof Date, new (require('./cls'))().x);
`,
  'fn.js': 'module.exports = x => x * 2;',
  'num.js': 'module.exports = 42;',
  'str.js': 'module.exports = "text";',
  'nul.js': 'module.exports = null;',
  'undef.js': 'module.exports = undefined;',
  'sym.js': 'module.exports = Symbol("x");',
  'arr.js': 'module.exports = [1, [2]];',
  'bool.js': 'module.exports = false;',
  'big.js': 'module.exports = 10n;',
  'date.js': 'module.exports = new Date(0);',
  'cls.js': 'module.exports = class { x = 7 };',
});

add('exports that are no plain objects: proxy, frozen, without prototype', {
  'main.js': `
console.log(require('./proxy').anything, Object.isFrozen(require('./frozen')), require('./bare').x,
            Object.getPrototypeOf(require('./bare')));
const s = require('./symbols');
console.log(s[Symbol.for('k')], Object.getOwnPropertySymbols(s).length);
`,
  'proxy.js': 'module.exports = new Proxy({}, { get: (t, k) => typeof k === "string" ? `got ${k}` : undefined });',
  'frozen.js': 'exports.a = 1; Object.freeze(exports);',
  'bare.js': 'module.exports = Object.create(null); module.exports.x = 1;',
  'symbols.js': 'exports[Symbol.for("k")] = "v";',
});

add('a file runs once', {
  'main.js': `
console.log(require('./a') === require('./a.js'), require('./a') === require('./b'));
console.log(global_count);
`,
  'a.js': 'globalThis.global_count = (globalThis.global_count ?? 0) + 1;',
  'b.js': 'module.exports = require("./a");',
});

add('a cycle has what is exported so far', {
  'main.js': `const a = require('./a'); const b = require('./b'); console.log('main', a.done, b.done);`,
  'a.js': `exports.done = false; const b = require('./b'); console.log('a sees', b.done); exports.done = true;`,
  'b.js': `exports.done = false; const a = require('./a'); console.log('b sees', a.done); exports.done = true;`,
});

add('a cycle of three, with replaced exports', {
  'main.js': `console.log(require('./a').name, require('./b')(), require('./c').seen);`,
  'a.js': `exports.early = 1; const b = require('./b'); module.exports = { name: 'a', b };`,
  'b.js': `const c = require('./c'); module.exports = () => c.seen;`,
  'c.js': `exports.seen = JSON.stringify(require('./a'));`,
});

add('a file that requires itself', {
  'main.js': `exports.x = 1; console.log(require('./main').x, require('./main') === exports); const me = require(__filename); console.log(me === module.exports);`,
});

add('a file that throws is tried again', {
  'main.js': `
globalThis.tries = 0;
for (let i = 0; i < 3; i++) {
  try { console.log('got', require('./throws')); } catch (e) { console.log(e.message); }
}
console.log(Object.keys(require.cache).length, module.children.length);
`,
  'throws.js': `if (++tries < 3) throw new Error('try ' + tries); module.exports = tries;`,
});

add('what a file that throws has required stays', {
  'main.js': `
try { require('./throws'); } catch (e) { console.log(e); }
console.log(Object.keys(require.cache).map(f => f.split('/').pop()), require('./dep').n);
`,
  'throws.js': `require('./dep'); throw 'a text';`,
  'dep.js': `exports.n = (globalThis.n = (globalThis.n ?? 0) + 1);`,
});

add('a file with a syntax error', {
  'main.js': `
for (let i = 0; i < 2; i++)
  try { require('./bad'); } catch (e) { console.log(e.name, e instanceof SyntaxError, e.code); }
console.log(Object.keys(require.cache).length);
`,
  'bad.js': 'let = = ;',
});

add('a source cannot leave its wrapper', {
  'main.js': `try { require('./evil'); } catch (e) { console.log(e.name); } console.log(globalThis.evil);`,
  'evil.js': `}); globalThis.evil = 1; (function () {`,
});

add('the cache: keys, deletion', {
  'main.js': `
const a = require('./a');
console.log(Object.getPrototypeOf(require.cache), Object.keys(require.cache));
const key = require.resolve('./a');
console.log(require.cache[key].exports === a, require.cache[key].loaded, require.cache[key].id === key);
delete require.cache[key];
console.log(require('./a') === a, require('./a').n);
`,
  'a.js': 'globalThis.n = (globalThis.n ?? 0) + 1; exports.n = globalThis.n;',
});

add('the cache: replacement, and what is put there', {
  'main.js': `
const key = require.resolve('./a');
require('./a');
require.cache[key] = { exports: 'fake', loaded: true };
console.log(require('./a'));
require.cache[key].exports = 'other';
console.log(require('./a'), require('./b'));
require.cache[key] = { exports: 'not loaded', loaded: false };
console.log(require('./a'));
`,
  'a.js': 'exports.real = 1;',
  'b.js': 'module.exports = require("./a");',
});

add('exports are what they are when they are asked for', {
  'main.js': `
const { later } = require('./a'), a = require('./a');
console.log(later);
setTimeout(() => { console.log(a.later, require('./a').later, require('./a') === a); }, 5);
`,
  'a.js': `setTimeout(() => { exports.later = 1; module.exports = { later: 2 }; }, 0);`,
});

add('require.main', {
  'main.js': `console.log(require.main === module, require.main.id, require.main.filename); require('./a');`,
  'a.js': `console.log(require.main === module, require.main.filename, require.main.loaded);`,
});

add('children, parent, loaded', {
  'main.js': `
const b = require('./b');
require('./a');
console.log(module.children.map(c => c.id), module.parent);
console.log(b.parent === module, b.whileLoading, b.module.loaded, module.loaded);
process.nextTick ? Promise.resolve().then(() => console.log(module.loaded)) : 0;
`,
  'a.js': `require('./b');`,
  'b.js': `exports.parent = module.parent; exports.whileLoading = module.loaded; exports.module = module;`,
});

add('JSON', {
  'main.js': `
console.log(require('./a.json'), require('./a'), require('./a') === require('./a.json'));
require('./a').x = 5;
console.log(require('./a').x, require('./bom.json'), require('./nul.json'), require('./text.json'));
`,
  'a.json': '{ "x": [1, 2, { "y": null }], "__proto__": 1 }',
  'bom.json': '\ufeff{"bom": true}',
  'nul.json': 'null',
  'text.json': '"text"',
});

add('wrong JSON names the file and is tried again', {
  'main.js': `
for (let i = 0; i < 2; i++)
  try { require('./a.json'); } catch (e) { console.log(e.name, e.message.startsWith(__dirname + '/a.json: ')); }
try { require('./empty.json'); } catch (e) { console.log(e.name); }
require('fs') ? console.log(Object.keys(require.cache).length) : 0;
`.replace("require('fs') ? ", 'true ? '),
  'a.json': '{ "x": 1, }',
  'empty.json': '',
});

add('endings: which file a name means', {
  'main.js': `console.log(require('./a'), require('./b'), require('./c'), require('./d'), require('./e.min'));`,
  'a.js': 'module.exports = "a.js";', 'a.json': '"a.json"', 'a/index.js': 'module.exports = "a/";',
  'b.json': '"b.json"', 'b/index.js': 'module.exports = "b/";',
  'c': 'module.exports = "c";', 'c.js': 'module.exports = "c.js";',
  'd/index.json': '"d/index.json"',
  'e.min.js': 'module.exports = "e.min.js";',
});

add('folders: main, and what it falls back to', {
  'main.js': `
console.log(require('./a'), require('./b'), require('./c'), require('./d/'), require('./e'), require('./f'), require('.'), require('./'));
try { require('./g'); } catch (e) { console.log(e.code); }
`,
  'index.js': 'module.exports = "index";',
  'a/package.json': { main: 'lib/x.js' }, 'a/lib/x.js': 'module.exports = "a/lib/x.js";',
  'b/package.json': { main: './lib' }, 'b/lib/index.js': 'module.exports = "b/lib/index.js";',
  'c/package.json': { main: 'x' }, 'c/x.json': '"c/x.json"',
  'd/index.js': 'module.exports = "d";', 'd.js': 'module.exports = "d.js";',
  'e/package.json': { main: 'gone.js' }, 'e/index.js': 'module.exports = "e/index.js";',
  'f/package.json': { main: 5 }, 'f/index.js': 'module.exports = "f";',
  'g/package.json': { main: 'gone.js' },
});

add('what is not there', {
  'main.js': `
for (const s of ['./gone', 'gone', '@s/gone', '../gone', '/gone', './dir', 'node:gone', 'gone/sub'])
  try { require(s); } catch (e) { console.log(s, e.code, e.requireStack); }
require('./a');
`,
  'a.js': `try { require('./gone'); } catch (e) { console.log(e.requireStack, e.message.includes('Require stack:\\n- ' + __filename), e instanceof Error); }`,
  'dir/x.js': '',
});

add('wrong arguments', {
  'main.js': `
for (const v of [undefined, null, 1, {}, '', Symbol('x')])
  try { require(v); } catch (e) { console.log(e.name, e.code); }
try { require.resolve(1); } catch (e) { console.log(e.name, e.code); }
try { require.resolve.paths(1); } catch (e) { console.log(e.name, e.code); }
try { require.resolve('./a', { paths: 1 }); } catch (e) { console.log(e.name, e.code); }
`,
});

add('paths with dots, doubled slashes, spaces, percent signs, other letters', {
  'main.js': `
console.log(require('./d/../a') === require('./a'), require('.//a') === require('./a'),
            require('./d/./../d/b'), require('./a b'), require('./a%20b'), require('./é'), require('./a#b?c'));
`,
  'a.js': '', 'd/b.js': 'module.exports = "b";', 'a b.js': 'module.exports = "space";',
  'a%20b.js': 'module.exports = "percent";', 'é.js': 'module.exports = "é";', 'a#b?c.js': 'module.exports = "marks";',
});

add('a file by a symbolic link is the file', {
  'main.js': `console.log(require('./link') === require('./real/a'), require('./link').file, require('./linked/a').file);`,
  'real/a.js': 'exports.file = __filename; exports.near = require("./near");',
  'real/near.js': 'module.exports = "near";',
}, { links: { 'link.js': 'real/a.js', 'linked': 'real' } });

add('the program by a symbolic link', {
  'real/main.js': `console.log(__filename, require('./near'));`,
  'real/near.js': 'module.exports = "near";',
}, { main: 'link.js', links: { 'link.js': 'real/main.js' } });

add('packages', {
  'main.js': `
console.log(require('a'), require('a/lib/x'), require('a/lib/x.js'), require('@s/b'), require('c'), require('d/sub'));
console.log(require.resolve('a'), require('a/package.json').name);
try { require('a/gone'); } catch (e) { console.log(e.code); }
`,
  'node_modules/a/package.json': { name: 'a', main: 'm.js' },
  'node_modules/a/m.js': 'module.exports = ["a", require("./lib/x")];',
  'node_modules/a/lib/x.js': 'module.exports = "x";',
  'node_modules/@s/b/index.js': 'module.exports = require("a");',
  'node_modules/c.js': 'module.exports = "c.js";',
  'node_modules/d/sub/index.js': 'module.exports = __filename;',
});

add('packages in packages', {
  'main.js': `console.log(require('a'), require('b'));`,
  'node_modules/a/index.js': 'module.exports = require("b");',
  'node_modules/a/node_modules/b/index.js': 'module.exports = "inner b";',
  'node_modules/b/index.js': 'module.exports = "outer b";',
});

add('exports and conditions', {
  'main.js': `
console.log(require('a'), require('a/sub'), require('a/pattern/x'), require('b'));
for (const s of ['a/hidden.js', 'a/null', 'a/package.json', 'a/pattern/gone', 'c'])
  try { console.log(require(s)); } catch (e) { console.log(s, e.code); }
`,
  'node_modules/a/package.json': { exports: {
    '.': { import: './i.mjs', require: './r.cjs' }, './sub': { node: './n.cjs', default: './d.cjs' },
    './pattern/*': './lib/*.cjs', './null': null } },
  'node_modules/a/r.cjs': 'module.exports = "required";',
  'node_modules/a/n.cjs': 'module.exports = "node";',
  'node_modules/a/d.cjs': 'module.exports = "default";',
  'node_modules/a/hidden.js': '',
  'node_modules/a/lib/x.cjs': 'module.exports = "x";',
  'node_modules/b/package.json': { exports: ['./gone.js', './b.js'], main: 'm.js' },
  'node_modules/b/gone.js': 'module.exports = "first";',
  'node_modules/c/package.json': { exports: { import: './c.mjs' } },
});

add('a package by its own name, and #imports', {
  'main.js': `
console.log(require('me'), require('me/x'), require('#inner'), require('#dep'), require('#p/y'));
for (const s of ['#gone', 'me/gone', '#'])
  try { require(s); } catch (e) { console.log(s, e.code); }
`,
  'package.json': { name: 'me', exports: { '.': './self.js', './x': './x.js' },
    imports: { '#inner': { require: './inner.cjs', default: './inner.mjs' }, '#dep': 'dep', '#p/*': './lib/*.js' } },
  'self.js': 'module.exports = "self";', 'x.js': 'module.exports = "x";',
  'inner.cjs': 'module.exports = "inner";', 'lib/y.js': 'module.exports = "y";',
  'node_modules/dep/index.js': 'module.exports = "dep";',
});

add('type of a package: .js', {
  'main.js': `
console.log(require('./cjs/a'), require('./none/a'), require('./esm/a').x, require('./esm/b.cjs'), require('./cjs/c.mjs').x);
`,
  'package.json': { type: 'commonjs' },
  'cjs/a.js': 'module.exports = "cjs";', 'cjs/c.mjs': 'export const x = "mjs";',
  'none/package.json': {}, 'none/a.js': 'module.exports = typeof require;',
  'esm/package.json': { type: 'module' }, 'esm/a.js': 'export const x = typeof require;', 'esm/b.cjs': 'module.exports = "b.cjs";',
});

add('import and export in a package of type commonjs', {
  'main.js': `
for (const s of ['./a', './b.cjs', './c'])
  try { require(s); } catch (e) { console.log(s, e.name); }
`,
  'package.json': { type: 'commonjs' },
  'a.js': 'import "./x.js";', 'b.cjs': 'export const x = 1;', 'c.js': 'await 1;',
});

add('the program: a typeless file with module syntax', {
  'main.js': `import { x } from './a.js'; console.log(x, typeof require, this); await 1; console.log('awaited');`,
  'a.js': 'export const x = 1;',
});

add('the program: .cjs, and one without an ending', {
  'main': `console.log(typeof require, __filename); require('./b.cjs');`,
  'b.cjs': `console.log(__filename, require.main.filename);`,
}, { main: 'main' });

add('the program throws', {
  'main.js': `console.log('before'); throw new TypeError('x');`,
});

add('the program requires what throws', {
  'main.js': `console.log('before'); require('./a'); console.log('never');`,
  'a.js': `throw new RangeError('y');`,
});

add('the program is not found: what is required is', {
  'main.js': `console.log('before'); require('./gone');`,
});

add('functions know their file', {
  'main.js': `const { f } = require('./d/a'); console.log(f());`,
  'd/a.js': `exports.f = () => require('./b') + __dirname;`,
  'd/b.js': `module.exports = 'b';`,
});

add('a getter in exports', {
  'main.js': `const a = require('./a'); console.log(a.count, a.count, Object.keys(a));`,
  'a.js': `let n = 0; Object.defineProperty(exports, 'count', { enumerable: true, get: () => ++n });`,
});

add('many in a chain', {
  'main.js': `console.log(require('./c0'));`,
  ...Object.fromEntries(Array.from({ length: 100 }, (_, i) =>
    [`c${i}.js`, i === 99 ? 'module.exports = 1;' : `module.exports = 1 + require('./c${i + 1}');`])),
});

add('process.exit in a file', {
  'main.js': `console.log(1); require('./a'); console.log(2);`,
  'a.js': `process.exit(3);`,
});

add('timers and promises run behind the whole program', {
  'main.js': `
Promise.resolve().then(() => console.log('job'));
setTimeout(() => console.log('timer'));
require('./a');
console.log('end');
`,
  'a.js': `Promise.resolve().then(() => console.log('job of a')); console.log('a');`,
});

add('text can require', { 'a.json': '{"x": 1}', 'b/c.js': 'module.exports = [require.main === undefined, module.parent && module.parent.id];' }, {
  eval: `console.log(require('./a.json'), require('./b/c'), __filename, __dirname, module.id, module.filename, module.exports === exports, require.main);`,
});

add('text that requires what is not there', { 'x': '' }, {
  eval: `try { require('./gone') } catch (e) { console.log(e.code, e.requireStack) }`,
});
