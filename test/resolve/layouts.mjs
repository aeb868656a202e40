// Makes the layouts in the current folder, one folder a case, and the list of
// cases (cases.mjs) that run.mjs goes through in node and in Tenon.
//
// A case is a name, files, a specifier and maybe:
//   from     the file that imports it ('r.mjs')
//   links    symbolic links: path to target
//   resolve  ask import.meta.resolve and load nothing
//   tenon    what Tenon answers on purpose where node does not, and why
//   require  the same of require()
import fs from 'node:fs';
import path from 'node:path';

const cases = [];
const referrer = `export const load = s => import(s);
export const resolve = s => import.meta.resolve(s);
`;
const module = 'export default import.meta.url;\n';

function write(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (content === null) fs.mkdirSync(file);
  else if (typeof content === 'string') fs.writeFileSync(file, content);
  else fs.writeFileSync(file, JSON.stringify(content));
}

function add(name, files, specifier, more = {}) {
  const folder = `${cases.length}`;
  const from = more.from ?? 'r.mjs';
  for (const [file, content] of Object.entries(files))
    write(`${folder}/${file}`, content);
  for (const [link, target] of Object.entries(more.links ?? {})) {
    fs.mkdirSync(path.dirname(`${folder}/${link}`), { recursive: true });
    fs.symlinkSync(target, `${folder}/${link}`);
  }
  if (!fs.existsSync(`${folder}/${from}`)) write(`${folder}/${from}`, referrer);
  cases.push({ name, specifier, from: `${folder}/${from}`,
               resolve: Boolean(more.resolve), tenon: more.tenon,
               isRequire: Boolean(more.isRequire), require: more.require });
}

// The files of a package in node_modules; all are modules that give their URL.
function pkg(name, json, ...files) {
  const all = {};
  if (json !== undefined) all[`node_modules/${name}/package.json`] = json;
  for (const file of files) all[`node_modules/${name}/${file}`] = module;
  return all;
}

// The same of the program's own package.
function own(json, ...files) {
  const all = { 'package.json': json };
  for (const file of files) all[file] = module;
  return all;
}

// --- Names -------------------------------------------------------------------

const names = ['a', '@s/a', 'a-b', 'a.b', 'A', 'a_b', '_a', 'a b', '1',
               'node_modules', '@s/node_modules', "a'b", 'a+b', 'é', '@@/a'];
for (const name of names) {
  const files = pkg(name, { exports: { '.': './i.js', './x': './x.js' } },
                    'i.js', 'x.js');
  add(`the package ${name}`, files, name);
  add(`a path in the package ${name}`, files, `${name}/x`);
}
for (const name of ['.a', '..a', '@a', '@', 'a%20b', '%61', 'a\\b', '\\a',
                    '@s/a\\b', '@s/a%62', '@s\\a', '...', '.a/b', '@.s/a',
                    '@s/.a', 'a?x', 'a#x', ' ', '@s', '@s/a?q'])
  add(`the name ${JSON.stringify(name)}`, pkg('a', {}, 'index.js'), name);
const emptyName = { tenon: { code: 'ERR_INVALID_MODULE_SPECIFIER',
                             why: "node's documentation says so" } };
const emptyTarget = { ...emptyName, require: emptyName.tenon };
add('an empty specifier', pkg('a', {}, 'index.js'), '', emptyName);
add('a tilde', pkg('~a', {}, 'index.js'), '~a', {
  tenon: { path: 'node_modules/~a/index.js', why: 'a URL may hold ~' },
});
for (const name of ['@/', '@s/', '@s/.', '@s/..'])
  add(`the name ${name}`, pkg('@s/a', {}, 'index.js'), name, {
    tenon: { code: 'ERR_INVALID_MODULE_SPECIFIER',
             why: 'it names no folder of a package' },
  });

// --- Searching ---------------------------------------------------------------

add('a package that is missing', {}, 'a');
add('a path in a package that is missing', {}, 'a/x.js');
add('a package of a scope that is there', pkg('@s/a', {}, 'index.js'), '@s/b');
add('a file in node_modules is no package',
    { 'node_modules/a': module, 'node_modules/a.js': module }, 'a');
add('a file in node_modules is no module by its whole name',
    { 'node_modules/a.js': module }, 'a.js');
add('node_modules that is a file', { node_modules: 'x' }, 'a');
add('a package above', pkg('a', {}, 'index.js'), 'a', { from: 'b/c/d/r.mjs' });
add('the nearer of two packages', {
  ...pkg('a', {}, 'index.js'),
  'b/node_modules/a/index.js': module,
}, 'a', { from: 'b/c/r.mjs' });
add('a nearer folder without a file ends the search', {
  ...pkg('a', {}, 'index.js'),
  'b/node_modules/a/readme': 'x',
}, 'a', { from: 'b/r.mjs' });
add('a nearer package that does not export ends the search', {
  ...pkg('a', {}, 'x.js'),
  'b/node_modules/a/package.json': { exports: {} },
}, 'a/x.js', { from: 'b/r.mjs' });
add('a nearer file does not end the search', {
  ...pkg('a', {}, 'index.js'),
  'b/node_modules/a': 'x',
}, 'a', { from: 'b/r.mjs' });
add('a package next to the importing one', {
  ...pkg('a', {}, 'index.js'), ...pkg('b', {}, 'index.js'),
}, 'b', { from: 'node_modules/a/r.mjs' });
add('a package in the importing one', {
  ...pkg('a', {}, 'node_modules/b/index.js'), ...pkg('b', {}, 'index.js'),
}, 'b', { from: 'node_modules/a/lib/r.mjs' });
add('node_modules in node_modules', {
  'node_modules/node_modules/a/index.js': module,
}, 'a', { from: 'node_modules/r.mjs' });
add('from a folder in node_modules itself', pkg('a', {}, 'index.js'), 'a',
    { from: 'node_modules/r.mjs' });
add('a scoped package above', pkg('@s/a', {}, 'index.js'), '@s/a',
    { from: 'b/c/r.mjs' });

// --- "main" and the index ----------------------------------------------------

const mains = {
  'no main': [undefined, ['index.js', 'i.js']],
  'a main': ['i.js', ['index.js', 'i.js']],
  'a main with ./': ['./i.js', ['i.js']],
  'a main without its ending': ['i', ['i.js', 'index.js']],
  'a main that is a folder': ['lib', ['lib/index.js', 'index.js']],
  'a main that is a folder with a slash': ['lib/', ['lib/index.js']],
  'a main that is a folder without an index': ['lib', ['lib/x.js', 'index.js']],
  'a main in a folder': ['lib/i.js', ['lib/i.js']],
  'a file before a folder': ['lib', ['lib.js', 'lib/index.js']],
  'a main that is missing, with an index': ['no.js', ['index.js']],
  'a main that is missing': ['no.js', ['i.js']],
  'nothing at all': [undefined, ['i.js']],
  'an empty main': ['', ['index.js']],
  'a main that is a dot': ['.', ['index.js']],
  'a main that is a dot and a slash': ['./', ['index.js']],
  'a main that is a number': [5, ['index.js']],
  'a main that is null': [null, ['index.js']],
  'a main that is a list': [['i.js'], ['i.js', 'index.js']],
  'a main with a slash behind a file': ['i.js/', ['i.js', 'index.js']],
  'a main that begins with a slash': ['/i.js', ['i.js', 'index.js']],
  'a main that leaves the package': ['../b/i.js', ['../b/i.js', 'index.js']],
  'an encoded main': ['a%20b.js', ['a b.js', 'index.js']],
  'a main with a blank': ['a b.js', ['a b.js', 'index.js']],
  'a main with a backslash': ['lib\\i.js', ['lib/i.js', 'index.js']],
  'a main with a query': ['i.js?q', ['i.js', 'index.js']],
  'a main with a fragment': ['i.js#q', ['i.js', 'index.js']],
  'a main that ends with .mjs': ['i.mjs', ['i.mjs']],
  'a main without .mjs': ['i', ['i.mjs', 'index.js']],
  'a main in node_modules': ['node_modules/b/i.js', ['node_modules/b/i.js']],
};
for (const [what, [main, files]] of Object.entries(mains)) {
  add(`${what}`, pkg('a', { main }, ...files), 'a');
  add(`${what}, of a scoped package`, pkg('@s/a', { main }, ...files), '@s/a');
}
for (const file of ['i.json', 'i.node', 'i/index.json', 'i/index.node',
                    'index.json', 'index.node'])
  add(`a main that leads to ${file}`, pkg('a', { main: 'i' }, file), 'a',
      { resolve: true });
add('a package without package.json', pkg('a', undefined, 'index.js'), 'a');
add('an index.mjs is not looked for', pkg('a', {}, 'index.mjs'), 'a');
add('"module" says nothing', pkg('a', { module: 'm.js' }, 'm.js', 'index.js'),
    'a');
add('"browser" says nothing', pkg('a', { browser: 'm.js' }, 'm.js', 'index.js'),
    'a');
add('exports before main', pkg('a', { main: 'm.js', exports: './e.js' },
                               'm.js', 'e.js'), 'a');
add('exports that is null', pkg('a', { main: 'm.js', exports: null }, 'm.js'),
    'a');
add('the last of two exports', pkg('a',
    '{"exports":"./a.js","exports":"./b.js"}', 'a.js', 'b.js'), 'a');
add('exports of a prototype', pkg('a',
    '{"__proto__":{"exports":"./a.js"}}', 'a.js', 'index.js'), 'a');

// --- Paths in a package without exports --------------------------------------

for (const [what, specifier] of Object.entries({
  'a file': 'a/lib/x.js',
  'a file without its ending': 'a/lib/x',
  'a folder': 'a/lib',
  'a folder with a slash': 'a/lib/',
  'the package with a slash': 'a/',
  'the package with a dot': 'a/.',
  'a file with a slash': 'a/lib/x.js/',
  'a missing file': 'a/no.js',
  'a missing file with a slash': 'a/no.js/',
  'a missing folder': 'a/no/x.js',
  'a path with dots': 'a/lib/../lib/./x.js',
  'a path that leaves the package': 'a/../a/lib/x.js',
  'a path with an encoded dot': 'a/lib/%2e%2e/lib/x.js',
  'doubled slashes': 'a//lib//x.js',
  'an encoded letter': 'a/lib/%78.js',
  'an encoded blank': 'a/lib/a%20b.js',
  'a blank': 'a/lib/a b.js',
  'an encoded slash': 'a/lib%2fx.js',
  'an encoded slash in capitals': 'a/lib%2Fx.js',
  'an encoded backslash': 'a/lib%5cx.js',
  'a backslash': 'a/lib\\x.js',
  'a query': 'a/lib/x.js?q=1',
  'a fragment': 'a/lib/x.js#f',
  'a query and a fragment': 'a/lib/x.js?q=/../#f',
  'an umlaut': 'a/lib/ä.js',
  'an encoded umlaut': 'a/lib/%C3%A4.js',
  'the package.json': 'a/package.json',
  'a folder node_modules in it': 'a/node_modules/b/index.js',
}))
  add(`without exports: ${what}`, pkg('a', {}, 'lib/x.js', 'lib/index.js',
      'index.js', 'lib/a b.js', 'lib/ä.js', 'node_modules/b/index.js'),
      specifier, { resolve: specifier.endsWith('.json') });

// --- Targets -----------------------------------------------------------------

const targets = ['./i.js', './lib/i.js', './no.js', './lib', './lib/', './', '.',
  'i.js', 'lib/i.js', '../b/i.js', '/i.js', './../a/i.js', './lib/../i.js',
  './lib/./i.js', './lib//i.js', './/i.js', './node_modules/b/i.js',
  './NODE_modules/b/i.js', './node%5fmodules/b/i.js', './lib/%2e%2e/i.js',
  './lib/%2E/i.js', './lib\\..\\i.js', './lib\\i.js', './lib%2fi.js',
  './lib%5ci.js', './%69.js', './i.js?q', './i.js#f', './..?x', '',
  'file:///i.js', 'https://a/b', 'node:nothing', './i.js/', './nodemodules/i.js',
  './a b.js', 'c', '@s/c', '@s', 'c/x.js', '.c', 'c%20', './lib/...', './..i.js'];
const others = [5, true, false, null, [], {}, [null], [[]], [5], [{}]];
const inTarget = ['i.js', 'lib/i.js', 'node_modules/b/i.js', 'nodemodules/i.js',
  'a b.js', '..i.js'];
const foreign = { ...pkg('c', {}, 'index.js', 'x.js'),
                  ...pkg('@s/c', {}, 'index.js') };
for (const target of [...targets, ...others]) {
  const shown = JSON.stringify(target);
  add(`exports ${shown}`, { ...foreign, ...pkg('a', { exports: target },
      ...inTarget) }, 'a');
  add(`a path that exports ${shown}`, { ...foreign, ...pkg('a',
      { exports: { './x': target } }, ...inTarget) }, 'a/x');
  add(`a pattern that exports ${shown}`, { ...foreign, ...pkg('a',
      { exports: { './x/*': target } }, ...inTarget) }, 'a/x/y');
  add(`a condition that exports ${shown}`, { ...foreign, ...pkg('a',
      { exports: { import: target, default: './lib/i.js' } }, ...inTarget) },
      'a');
  add(`${shown} before another target`, { ...foreign, ...pkg('a',
      { exports: [target, './lib/i.js'] }, ...inTarget) }, 'a');
  add(`imports ${shown}`, { ...foreign, ...own({ imports: { '#x': target } },
      ...inTarget) }, '#x', target === '' ? emptyTarget : {});
  add(`a pattern that imports ${shown}`, { ...foreign, ...own(
      { imports: { '#x/*': target } }, ...inTarget) }, '#x/y', target === '' ? emptyTarget : {});
}
add('exports that is an empty list, with a path', pkg('a', { exports: [] }),
    'a/x');
add('exports that is a string, with a path', pkg('a', { exports: './i.js' },
    'i.js'), 'a/i.js');
add('exports that is a string, with a slash', pkg('a', { exports: './i.js' },
    'i.js'), 'a/');

// --- Conditions --------------------------------------------------------------

const conditions = {
  import: ['import', 'default'], node: ['node', 'default'],
  require: ['require', 'default'], default: ['default'],
  'the order of keys': ['default', 'import'],
  'node before import': ['node', 'import'],
  'import before node': ['import', 'node'],
  browser: ['browser', 'default'], 'only require': ['require'],
  'none that holds': ['browser', 'deno'], 'capitals': ['Import', 'default'],
  'a blank': ['import ', 'default'], types: ['types', 'import'],
  'the empty one': ['', 'default'], 'node-addons': ['x', 'default'],
  development: ['development', 'production', 'default'],
};
if (process.features.require_module)
  conditions['module-sync'] = ['module-sync', 'import'];
for (const [what, keys] of Object.entries(conditions)) {
  const choice = Object.fromEntries(keys.map((key, i) => [key, `./${i}.js`]));
  const files = ['0.js', '1.js', '2.js'];
  add(`conditions: ${what}`, pkg('a', { exports: choice }, ...files), 'a');
  add(`conditions of a path: ${what}`,
      pkg('a', { exports: { './x': choice } }, ...files), 'a/x');
  add(`conditions of an import: ${what}`,
      own({ imports: { '#x': choice } }, ...files), '#x');
}
for (const [what, exports] of Object.entries({
  'nested': { node: { import: './0.js', default: './1.js' } },
  'a nested one without an answer': { node: { browser: './0.js' },
                                      default: './1.js' },
  'nested null ends it': { node: { import: null }, default: './1.js' },
  'nested in a list': [{ browser: './0.js' }, { import: './1.js' }],
  'a list in a condition': { import: ['x', './0.js'], default: './1.js' },
  'an invalid target ends it': { import: 'x', default: './1.js' },
  'a list of refusals': ['x', null],
  'a list of refusals, null first': [null, 'x'],
  'a list with what does not hold': ['x', { browser: './0.js' }],
  'a list of what does not hold': [{ browser: './0.js' }, { deno: './1.js' }],
  'a list in lists': [[['x'], ['y', ['./0.js']]]],
  'an inner list of null': [[null], './0.js'],
  'an inner empty list': [[], './0.js'],
  'an empty object': {},
  'an empty object in a condition': { import: {}, default: './0.js' },
  'numbers as conditions': { 0: './0.js', import: './1.js' },
  'a nested number': { import: { 1: './0.js' }, default: './1.js' },
  'a number that is not reached': { import: './0.js', default: { 0: './1.js' } },
  'a large number': { 4294967294: './0.js', default: './1.js' },
  'no array index': { 4294967295: './0.js', default: './1.js' },
  'a number with a zero': { '00': './0.js', default: './1.js' },
  'a negative number': { '-1': './0.js', default: './1.js' },
  'a number in a list': [{ 0: './0.js' }, './1.js'],
  'a key __proto__': JSON.parse('{"__proto__":"./0.js","default":"./1.js"}'),
  'paths and conditions': { './x': './0.js', import: './1.js' },
  'conditions and paths': { import: './1.js', './x': './0.js' },
  'a dot and conditions': { '.': './0.js', default: './1.js' },
  'an empty key and a path': { '': './0.js', './x': './1.js' },
})) {
  const files = ['0.js', '1.js', '2.js'];
  add(`exports: ${what}`, pkg('a', { exports }, ...files), 'a');
  add(`exports of a path: ${what}`,
      pkg('a', { exports: { './x': exports } }, ...files), 'a/x');
  add(`imports: ${what}`, own({ imports: { '#x': exports } }, ...files), '#x');
}
for (const [key, why] of [['tenon', 'a condition of its own']]) {
  const choice = { [key]: './0.js', default: './1.js' };
  add('the condition tenon', pkg('a', { exports: choice }, '0.js', '1.js'), 'a',
      { tenon: { path: 'node_modules/a/0.js', why },
        require: { path: 'node_modules/a/0.js', why } });
  add('the condition tenon of an import', own({ imports: { '#x': choice } },
      '0.js', '1.js'), '#x', { tenon: { path: '0.js', why },
                               require: { path: '0.js', why } });
}

// --- Patterns ----------------------------------------------------------------

const patterns = {
  './*': './*', './*.js': './any/*.js', './f/*': './f/*.js',
  './f/*.js': './f/js/*.js', './f/g/*': './f/g/*', './f/private/*': null,
  './two/*/x': './two/*/*.js', './exact': './f/a.js', './f/exact': null,
  './dir/*': './*/', './cond/*': { import: './f/*.js' }, './star*star*': './0.js',
  './list/*': ['x', './f/*.js'], './lit/*': './f/a.js', './a*': './f/a.js',
  './t*l': './f/a.js', './nm/*': './node_modules/*',
};
for (const specifier of ['a/x.js', 'a/f/a', 'a/f/a.js', 'a/f/g/x.js',
  'a/f/private/x', 'a/two/b/x', 'a/exact', 'a/f/exact', 'a/dir/f', 'a/cond/a',
  'a/starXstarX', 'a/list/a', 'a/lit/', 'a/lit/q', 'a/a', 'a/ab', 'a/tl', 'a/txl',
  'a/nm/b', 'a/f/', 'a/f', 'a', 'a/', 'a/f/../x', 'a/f/./a', 'a/f/%2e%2e/x',
  'a/f//a', 'a/f/node_modules/x', 'a/f/Node_Modules/x', 'a/f/a?q', 'a/f/a#f',
  'a/f/*', 'a/*', 'a/f/%61', 'a/f/sub/b', 'a/f/a%2fb', 'a/f/sub\\b', 'a/f/..?x',
  'a/f/..', 'a/f/.', 'a/f/é', 'a/ä.js'])
  add(`of patterns: ${specifier}`, pkg('a', { exports: patterns }, 'x.js',
      'any/x.js', 'f/a.js', 'f/js/a.js', 'f/g/x.js', 'two/b/b.js', 'f/sub/b.js',
      'f/é.js', 'any/ä.js', 'f/*.js', '*'), specifier);
const importPatterns = Object.fromEntries(Object.entries(patterns)
  .map(([key, target]) => [key.replace('./', '#'), target]));
importPatterns['#pkg/*'] = '*';
importPatterns['#c/*'] = 'c/*.js';
importPatterns['#scoped/*'] = '@s/*';
for (const specifier of ['#x.js', '#f/a', '#f/a.js', '#f/private/x', '#exact',
  '#cond/a', '#list/a', '#f/../x', '#f/node_modules/x', '#pkg/c', '#pkg/no',
  '#pkg/@s', '#pkg/.c', '#pkg/c/x.js', '#c/x', '#c/no', '#scoped/c', '#two/b/x',
  '#f/', '#', '#/', '#/x', '#nothing/at/all', '#f/a?q', '#f/*', '##', '#pkg/..'])
  add(`of import patterns: ${specifier}`, { ...foreign, ...own({
      imports: importPatterns }, 'x.js', 'any/x.js', 'f/a.js', 'f/js/a.js',
      'two/b/b.js', 'f/*.js', 'any/nothing/at/all') }, specifier);

// --- "imports" ---------------------------------------------------------------

add('imports without a package.json', {}, '#x');
add('imports without imports', own({}), '#x');
for (const imports of [null, 5, 'x', [], ['#x'], true, {}])
  add(`imports that is ${JSON.stringify(imports)}`, own({ imports }), '#x');
add('imports from a folder of the package', own({ imports: { '#x': './i.js' } },
    'i.js'), '#x', { from: 'b/c/r.mjs' });
add('imports of the nearest package.json alone', {
  ...own({ imports: { '#x': './i.js' } }, 'i.js'), 'b/package.json': {},
}, '#x', { from: 'b/r.mjs' });
add('imports of a package above node_modules', own(
    { imports: { '#x': './i.js' } }, 'i.js'), '#x',
    { from: 'node_modules/a/r.mjs' });
add('imports of a package in node_modules', pkg('a',
    { imports: { '#x': './i.js' } }, 'i.js'), '#x',
    { from: 'node_modules/a/lib/r.mjs' });
add('imports to a package with conditions', {
  ...own({ imports: { '#x': 'c' } }),
  ...pkg('c', { exports: { require: './0.js', import: './1.js' } },
         '0.js', '1.js') }, '#x');
add('imports to what a package does not export', {
  ...own({ imports: { '#x': 'c/y' } }),
  ...pkg('c', { exports: './0.js' }, '0.js') }, '#x');
add('imports to the package itself', own({ name: 'me', exports: './i.js',
    imports: { '#x': 'me' } }, 'i.js'), '#x');
add('imports to another import', own({ imports: { '#x': '#y', '#y': './i.js' } },
    'i.js'), '#x');
add('imports to a missing package, then a file', own(
    { imports: { '#x': ['no', './i.js'] } }, 'i.js'), '#x');
add('imports to a URL, then a file', own(
    { imports: { '#x': ['https://a/b', './i.js'] } }, 'i.js'), '#x');
add('a path behind an import', own({ imports: { '#x': './lib' } }, 'lib/i.js'),
    '#x/i.js');
add('an import of an empty name', own({ imports: { '#': './i.js' } }, 'i.js'),
    '#');
add('imports are of the package of the file, not of the package it is in', {
  ...pkg('a', {}, 'i.js'), ...own({ imports: { '#x': './i.js' } }, 'i.js'),
}, '#x', { from: 'node_modules/a/r.mjs' });
add('an import of a builtin module', own({ imports: { '#x': 'tenon:process' } }),
    '#x', { resolve: true, tenon: { url: 'tenon:process',
                                    why: 'builtin modules are packages here' },
                    require: { code: 'ERR_UNKNOWN_BUILTIN_MODULE',
                               why: 'none is there in this test' } });

// --- A package and itself ----------------------------------------------------

const self = { name: 'me', exports: { '.': './i.js', './x': './x.js',
                                      './p/*': './*.js', './no': null } };
for (const specifier of ['me', 'me/x', 'me/p/i', 'me/no', 'me/none', 'me/i.js',
                         'me/'])
  add(`itself: ${specifier}`, own(self, 'i.js', 'x.js'), specifier);
add('itself from a folder', own(self, 'i.js'), 'me', { from: 'b/c/r.mjs' });
add('itself before node_modules', { ...own(self, 'i.js'),
    ...pkg('me', {}, 'index.js') }, 'me');
add('itself without exports', own({ name: 'me', main: 'i.js' }, 'i.js'), 'me');
add('itself without exports, and node_modules', {
  ...own({ name: 'me', main: 'i.js' }, 'i.js'), ...pkg('me', {}, 'index.js'),
}, 'me');
add('itself by a scoped name', own({ name: '@s/me', exports: './i.js' }, 'i.js'),
    '@s/me');
add('itself in node_modules', pkg('a', { name: 'b', exports: './i.js' }, 'i.js'),
    'b', { from: 'node_modules/a/r.mjs' });
add('a package under another name', pkg('a', { name: 'b' }, 'index.js'), 'a');
add('its name alone is not enough', pkg('a', { name: 'b' }, 'index.js'), 'b');
add('itself behind a nearer package.json', { ...own(self, 'i.js'),
    'b/package.json': {} }, 'me', { from: 'b/r.mjs' });
add('a name that is a number', own({ name: 5, exports: './i.js' }, 'i.js'), '5');
add('a name that is longer', own({ name: 'me', exports: './i.js' }, 'i.js'),
    'mex');
add('exports of itself that is false', { ...own({ name: 'me', exports: false }),
    ...pkg('me', {}, 'index.js') }, 'me');

// --- package.json ------------------------------------------------------------

for (const [what, text] of Object.entries({
  'empty': '', 'blank': ' \n', 'cut off': '{"main":"i.js"', 'no quotes': '{a:1}',
  'a comma too many': '{"main":"i.js",}', 'more behind it': '{} x',
  'a mistake behind main': '{"main":"i.js","x":{"y":[}}',
  'single quotes': "{'main':'i.js'}", 'a comment': '{/* */}', 'NaN': '{"a":NaN}',
  'a tab in a string': '{"a":"\t"}', 'a list': '[]', 'a string': '"x"',
  'a number': '5', 'true': 'true', 'a byte-order mark': '\ufeff{"main":"i.js"}',
  'two byte-order marks': '\ufeff\ufeff{"main":"i.js"}',
  'lines of Windows': '{\r\n"main":\r\n"i.js"}', 'escapes': '{"m\\u0061in":"i.js"}',
  'a lone surrogate': '{"x":"\\ud800","main":"i.js"}',
  'unknown fields': '{"a":1,"b":[{}],"main":"i.js"}',
})) {
  const files = ['i.js', 'index.js'];
  add(`a package.json: ${what}`, pkg('a', text, ...files), 'a');
  add(`the importing package.json: ${what}`,
      { ...pkg('a', {}, ...files), 'package.json': text }, 'a');
}
const noFields = { path: 'node_modules/a/index.js',
                   why: 'node throws a TypeError of its own' };
add('a package.json that is null', pkg('a', 'null', 'index.js'), 'a',
    { tenon: noFields, require: noFields });
add('a package.json that is a folder', { ...pkg('a', undefined, 'index.js'),
    'node_modules/a/package.json': null }, 'a');
add('a scope of a package.json that is a folder', {
  ...own(self, 'i.js'), 'b/package.json': null }, 'me', { from: 'b/r.mjs' });
add('a malformed package.json above is of no matter', {
  ...pkg('a', {}, 'index.js'), 'package.json': '{', 'b/package.json': {},
}, 'a', { from: 'b/r.mjs' });
add('a malformed package.json in node_modules is of no matter', {
  ...pkg('a', {}, 'index.js'), 'node_modules/package.json': '{',
}, 'a');
add('a malformed package.json of another package is of no matter', {
  ...pkg('a', {}, 'index.js'), ...pkg('b', '{', 'index.js'),
}, 'a');
add('a path of a malformed package', pkg('a', '{', 'x.js'), 'a/x.js');

// --- Symbolic links ----------------------------------------------------------

add('a package that is a link', { 'real/index.js': module }, 'a',
    { links: { 'node_modules/a': '../real' } });
add('a link to a scoped package', { 'real/a/i.js': module,
    'real/a/package.json': { exports: './i.js' } }, '@s/a',
    { links: { 'node_modules/@s': '../real' } });
add('a link to a file', pkg('a', { main: 'l.js' }, 'i.js'), 'a',
    { links: { 'node_modules/a/l.js': 'i.js' } });
add('a link out of the package', { ...pkg('a', { exports: './l.js' }),
    'real.js': module }, 'a', { links: { 'node_modules/a/l.js':
                                         '../../real.js' } });
add('a link that leads nowhere', pkg('a', { main: 'l.js' }), 'a',
    { links: { 'node_modules/a/l.js': 'no.js' } });
add('a link to itself', {}, 'a', { links: { 'node_modules/a': 'a' } });
add('links in a circle', {}, 'a',
    { links: { 'node_modules/a': 'b', 'node_modules/b': 'a' } });
add('a target that is a circle of links', pkg('a', { exports: './l.js' }), 'a',
    { links: { 'node_modules/a/l.js': 'm.js', 'node_modules/a/m.js': 'l.js' } });
add('node_modules that is a link', { 'real/a/index.js': module }, 'a',
    { links: { node_modules: 'real' } });
add('a package of a linked package, where that really is', {
  'real/node_modules/b/index.js': module, 'real/a/r.mjs': referrer,
}, 'b', { from: 'node_modules/a/r.mjs',
          links: { 'node_modules/a': '../real/a' } });
add('a package beside the link of a linked package', {
  ...pkg('b', {}, 'index.js'), 'elsewhere/a/package.json': {},
  'elsewhere/a/r.mjs': referrer,
}, 'b', { from: 'n/a/r.mjs', links: { 'n/a': '../elsewhere/a' } });
add('a package.json that is a link', { ...pkg('a', undefined, 'i.js'),
    'p.json': { main: 'i.js' } }, 'a',
    { links: { 'node_modules/a/package.json': '../../p.json' } });
add('a package.json that is a link to nowhere', pkg('a', undefined, 'index.js'),
    'a', { links: { 'node_modules/a/package.json': 'no.json' } });

// --- What is asked without loading -------------------------------------------

for (const [what, [files, specifier]] of Object.entries({
  'a package': [pkg('a', {}, 'index.js'), 'a'],
  'a missing package': [{}, 'a'],
  'a missing path': [pkg('a', {}), 'a/no.js'],
  'a folder': [pkg('a', {}, 'lib/i.js'), 'a/lib'],
  'a missing target': [pkg('a', { exports: './no.js' }), 'a'],
  'no export': [pkg('a', { exports: {} }), 'a'],
  'a package without main': [pkg('a', {}), 'a'],
  'an import': [own({ imports: { '#x': './no.js' } }), '#x'],
  'a bad name': [{}, '@a'],
  'a malformed package.json': [pkg('a', '{'), 'a'],
  'a query': [pkg('a', {}, 'i.js'), 'a/i.js?q'],
}))
  add(`import.meta.resolve: ${what}`, files, specifier, { resolve: true });

// --- Paths of require --------------------------------------------------------

const paths = { 'x.js': module, 'x/index.js': module, 'y.json': '{}',
  'y/index.js': module, 'z.node': '', 'd/index.json': '{}', 'e/index.node': '',
  'm/package.json': { main: 'lib' }, 'm/lib.js': module, 'm/index.js': module,
  'n/package.json': { main: 'no' }, 'n/index.js': module, 'o/x.js': module,
  'p/package.json': { main: 'no' }, 'q/package.json': '{', 'q/index.js': module,
  'r/package.json': { main: './lib/' }, 'r/lib/index.json': '{}', w: module,
  's/package.json': { main: '../x' }, 't.mjs': module, 'u.cjs': module,
  'v.js/index.js': module, 'v.js.js': module };
for (const specifier of ['./x', './x.js', './x/', './x/.', './y', './y/', './z',
  './d', './e', './m', './m/', './n', './o', './p', './q', './r', './s', './t',
  './t.mjs', './u', './v', './v.js', './v.js/', './w', './no', './x.js/',
  './x.js/y', './sub/../x', '.', './', './/x', './x%2ejs', './x?q', './../no'])
  add(`the path ${specifier}`, paths, specifier, { isRequire: true });

fs.writeFileSync('cases.mjs',
                 `export default ${JSON.stringify(cases, null, 1)};\n`);
