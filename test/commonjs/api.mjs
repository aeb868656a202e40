// require.resolve, and what programs replace of node:module.
const cases = [];
const add = (name, files, more) => cases.push({ name, files, ...more });
export default cases;

add('require.resolve', {
  'main.js': `
console.log(require.resolve('./a'), require.resolve('./a.js'), require.resolve('pkg'), require.resolve('pkg/x'), require.resolve('./d'));
console.log(require.resolve('module'), require.resolve('node:module'));
console.log(Object.keys(require.cache).length);
for (const s of ['./gone', 'gone', 'pkg/gone'])
  try { require.resolve(s); } catch (e) { console.log(e.code, e.requireStack); }
`,
  'a.js': '', 'd/index.js': '', 'node_modules/pkg/index.js': '', 'node_modules/pkg/x.js': '',
});

add('require.resolve with paths', {
  'main.js': `
console.log(require.resolve('pkg', { paths: [__dirname + '/sub'] }), require.resolve('pkg', { paths: [__dirname + '/none', __dirname + '/sub'] }));
console.log(require.resolve('./x', { paths: [__dirname + '/sub'] }), require.resolve(__dirname + '/sub/x', { paths: [] }).length > 0);
for (const [s, paths] of [['pkg', [__dirname + '/none']], ['./x', []], ['pkg', []]])
  try { console.log(require.resolve(s, { paths })); } catch (e) { console.log(e.code); }
console.log(require.resolve('./main', {}), require.resolve('./main', undefined));
`,
  'sub/node_modules/pkg/index.js': '', 'sub/x.js': '',
});

add('require.resolve.paths', {
  'main.js': `
const inside = p => p && p.filter(f => f.startsWith(__dirname));
console.log(inside(require.resolve.paths('x')), require.resolve.paths('./x'), require.resolve.paths('../x'), require.resolve.paths('module'), require.resolve.paths('.'));
`,
});

add('Module, its own objects', {
  'main.js': `
const Module = require('module');
console.log(module instanceof Module, module.constructor === Module, Module.Module === Module, Module._cache === require.cache, Module._extensions === require.extensions);
const m = new Module('/x/y.js', module);
console.log(m.id, m.path, m.filename, m.loaded, m.exports, m.children, m.paths, m.parent === module, module.children.includes(m));
console.log(Object.keys(new Module('a')).filter(k => k !== 'parent'));
console.log(new Module().id, new Module('').path, new Module('a').path, new Module('/').path, new Module('/a/').path);
`,
});

add('_nodeModulePaths', {
  'main.js': `
const { _nodeModulePaths: f } = require('module');
for (const s of ['/', '/a', '/a/b', '/a/node_modules', '/a/node_modules/b', '/node_modules', '/node_modules/x/node_modules', '/a/b/', '/a//b/../c'])
  console.log(s, f(s));
`,
});

add('_resolveFilename, _load, _findPath, _resolveLookupPaths', {
  'main.js': `
const Module = require('module');
console.log(Module._resolveFilename('./a', module), Module._resolveFilename('module', module));
console.log(Module._resolveFilename('./b', { id: __dirname + '/sub/x.js', filename: __dirname + '/sub/x.js', paths: Module._nodeModulePaths(__dirname + '/sub') }));
console.log(Module._load('./a', module, false), Module._load(__dirname + '/a.js', null, false));
console.log(Module._findPath('./a', [__dirname]), Module._findPath('gone', [__dirname]), Module._findPath(__dirname + '/a.js', ''));
console.log(Module._resolveLookupPaths('./x', module), Module._resolveLookupPaths('module', module));
`,
  'a.js': 'module.exports = "a";', 'sub/b.js': '',
});

add('a module made by hand', {
  'main.js': `
const Module = require('module');
const m = new Module('virtual');
m.filename = __dirname + '/virtual.js';
m.paths = Module._nodeModulePaths(__dirname);
m._compile('module.exports = [__filename, __dirname, require("./a"), typeof exports, this === exports];', m.filename);
console.log(m.exports, m.loaded);
const p = new Module('only paths');
p.paths = [__dirname + '/node_modules'];
console.log(p.require('pkg'));
try { new Module('x')._compile('(', '/x.js'); } catch (e) { console.log(e.name); }
`,
  'a.js': 'module.exports = "a";', 'node_modules/pkg/index.js': 'module.exports = "pkg";',
});

add('an ending is registered', {
  'main.js': `
require.extensions['.txt'] = (module, filename) => { module.exports = 'text of ' + filename.split('/').pop(); };
require.extensions['.x.js'] = (module, filename) => { module._compile('module.exports = "from x"', filename); };
console.log(require('./a.txt'), require('./b.x.js'), require('./c.js'), require('./a'));
console.log(Object.keys(require.extensions).includes('.txt'));
`,
  'a.txt': 'x', 'b.x.js': 'x', 'c.js': 'module.exports = "c";',
});

add('an ending is wrapped, as loaders of other languages do', {
  'main.js': `
const old = require.extensions['.js'];
require.extensions['.js'] = function (module, filename) {
  const compile = module._compile;
  module._compile = function (code, name) { return compile.call(this, code.replace('BEFORE', 'after'), name); };
  old(module, filename);
};
console.log(require('./a'), require('./b'));
`,
  'a.js': 'module.exports = "BEFORE";', 'b.js': 'module.exports = require("./a") + "BEFORE";',
});

add('_load is replaced', {
  'main.js': `
const Module = require('module'), load = Module._load;
Module._load = function (request, parent, isMain) { return request === 'fake' ? { fake: parent.id } : load.apply(this, arguments); };
console.log(require('fake'), require('./a'));
`,
  'a.js': 'module.exports = require("fake");',
});

add('_resolveFilename is replaced', {
  'main.js': `
const Module = require('module'), resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) { return resolve.call(this, request.replace(/^~/, __dirname), ...rest); };
console.log(require('~/a'), require.resolve('~/a'));
`,
  'a.js': 'module.exports = "a";',
});

add('prototype.require is replaced', {
  'main.js': `
const Module = require('module'), old = Module.prototype.require;
Module.prototype.require = function (id) { console.log('require', id); return old.call(this, id); };
require('./a');
`,
  'a.js': 'require("./b");', 'b.js': 'console.log("b");',
});

add('wrap and wrapper', {
  'main.js': `
const Module = require('module');
console.log(Module.wrap('x'), Module.wrapper.length);
const old = Module.wrap;
Module.wrap = s => old(s + '; exports.wrapped = true');
console.log(require('./a'));
`,
  'a.js': 'exports.a = 1',
});

add('a builtin is before a package of its name', {
  'main.js': `console.log(require('module') === require('node:module'), require('module').fake, require('./node_modules/module').fake, require('module/').fake);`,
  'node_modules/module/index.js': 'exports.fake = true;',
});

add('a builtin by the cache', {
  'main.js': `
require.cache.module = { exports: 'mocked', loaded: true };
console.log(require('module'), typeof require('node:module'));
`,
});

add('parent of what two require, and of what is required again', {
  'main.js': `
const a = require('./a'), b = require('./b');
console.log(a.parent.id, b.c.parent.id, require('./c').parent.id);
console.log(module.children.map(m => m.id.split('/').pop()));
`,
  'a.js': 'exports.parent = module.parent; require("./c");',
  'b.js': 'exports.c = require("./c");',
  'c.js': 'exports.parent = module.parent;',
});

add('require of a folder with slashes, of .. and of .', {
  'main.js': `console.log(require('./a/b/x'), require('./a/b/y'), require('./a/b/z'));`,
  'a/index.js': 'module.exports = "a";', 'a/b/index.js': 'module.exports = "b";',
  'a/b/x.js': 'module.exports = require("..");', 'a/b/y.js': 'module.exports = require("./");', 'a/b/z.js': 'module.exports = require("../");',
});

add('errors in package.json', {
  'main.js': `
for (const s of ['bad', './bad2'])
  try { require(s); } catch (e) { console.log(s, e instanceof Error, e.message.includes('package.json')); }
`,
  'node_modules/bad/package.json': '{ "main": ', 'node_modules/bad/index.js': '',
  'bad2/package.json': '{', 'bad2/index.js': '',
});
