// CommonJS and ES modules together.
const cases = [];
const add = (name, files, more) => cases.push({ name, files, ...more });
export default cases;
const esm = { main: 'main.mjs' };

add('names that are found', {
  'main.mjs': `
import def, { a, b, c as d, e } from './x.cjs';
import * as ns from './x.cjs';
console.log(a, b, d, e, def.a === a, Object.keys(ns), ns.default === def);
`,
  'x.cjs': `exports.a = 1; module.exports.b = 2; exports['c'] = 3; Object.defineProperty(exports, 'e', { enumerable: true, value: 5 }); exports['dy' + 'namic'] = 6;`,
}, esm);

add('module.exports is an object literal', {
  'main.mjs': `
import * as ns from './x.cjs';
console.log(Object.keys(ns), ns.a, ns.f(), ns.default);
`,
  'x.cjs': `const a = 1, f = () => 2; module.exports = { a, f, 'text': 3, g: 4 };`,
}, esm);

add('a function, with properties', {
  'main.mjs': `import f, { extra } from './x.cjs'; import * as ns from './x.cjs'; console.log(f(), extra, Object.keys(ns));`,
  'x.cjs': `module.exports = () => 1; module.exports.extra = 2;`,
}, esm);

for (const [name, value] of [['null', 'null'], ['undefined', 'undefined'], ['a number', '1'], ['a text', '"x"'], ['a symbol', 'Symbol.iterator'], ['an array', '[1, 2]']])
  add(`exports that are ${name}, imported`, {
    'main.mjs': `import v from './x.cjs'; import * as ns from './x.cjs'; console.log(v, Object.keys(ns));`,
    'x.cjs': `module.exports = ${value};`,
  }, esm);

add('a name that is found and not there', {
  'main.mjs': `import { a, b } from './x.cjs'; import * as ns from './x.cjs'; console.log(a, b, 'b' in ns, Object.keys(ns));`,
  'x.cjs': `exports.a = 1; if (false) exports.b = 2;`,
}, esm);

add('a name that is not found', {
  'main.mjs': `
await import('./wrong.mjs').catch(e => console.log(e.name));
`,
  'wrong.mjs': `import { nosuch } from './x.cjs';`,
  'x.cjs': `console.log('does not run'); exports.a = 1;`,
}, esm);

add('it is not run when it is linked, and in its turn', {
  'main.mjs': `import './a.mjs'; import './b.cjs'; import './c.mjs'; console.log('main');`,
  'a.mjs': `console.log('a');`, 'b.cjs': `console.log('b');`, 'c.mjs': `import './d.cjs'; console.log('c');`, 'd.cjs': `console.log('d');`,
}, esm);

add('a syntax error is thrown when it runs', {
  'main.mjs': `
await import('./go.mjs').catch(e => console.log(e.name));
`,
  'go.mjs': `import './a.mjs'; import './bad.cjs';`,
  'a.mjs': `console.log('a');`,
  'bad.cjs': `exports.x = = 1;`,
}, { main: 'main.mjs', code: 0 });

add('what throws stays failed for import', {
  'main.mjs': `
for (let i = 0; i < 2; i++) await import('./x.cjs').catch(e => console.log(e.message));
`,
  'x.cjs': `globalThis.n = (globalThis.n ?? 0) + 1; throw new Error('n ' + n);`,
}, esm);

add('re-exports', {
  'main.mjs': `
import * as a from './a.cjs';
console.log(Object.keys(a), a.x, a.y);
import * as b from './b.cjs';
console.log(Object.keys(b));
import * as c from './c.cjs';
console.log(Object.keys(c), c.own, c.x);
import * as d from './d.cjs';
console.log(Object.keys(d));
`,
  'x.cjs': `exports.x = 1; exports.y = 2;`,
  'a.cjs': `module.exports = require('./x.cjs');`,
  'b.cjs': `module.exports = require('./a.cjs');`,
  'c.cjs': `module.exports = { own: 1, ...require('./b.cjs') };`,
  'd.cjs': `module.exports = require('./gone.cjs') || {}; exports.z = 1;`.replace("require('./gone.cjs') || {}", "require('./x.cjs')"),
}, esm);

add('__exportStar and __export of compilers', {
  'main.mjs': `
import * as a from './ts.cjs'; console.log(Object.keys(a), a.x, a.own);
import * as b from './babel.cjs'; console.log(Object.keys(b), b.x);
import * as c from './old-ts.cjs'; console.log(Object.keys(c), c.y);
`,
  'x.cjs': `Object.defineProperty(exports, '__esModule', { value: true }); exports.x = 1; exports.y = 2; exports.default = 'd';`,
  'ts.cjs': `"use strict";
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    Object.defineProperty(o, k2, { enumerable: true, get: function() { return m[k]; } });
}) : (function(o, m, k, k2) { if (k2 === undefined) k2 = k; o[k2] = m[k]; }));
var __exportStar = (this && this.__exportStar) || function(m, exports) {
    for (var p in m) if (p !== "default" && !Object.prototype.hasOwnProperty.call(exports, p)) __createBinding(exports, m, p);
};
Object.defineProperty(exports, "__esModule", { value: true });
exports.own = void 0;
__exportStar(require("./x.cjs"), exports);
exports.own = 'own';
`,
  'babel.cjs': `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
var _x = require("./x.cjs");
Object.keys(_x).forEach(function (key) {
  if (key === "default" || key === "__esModule") return;
  if (key in exports && exports[key] === _x[key]) return;
  Object.defineProperty(exports, key, { enumerable: true, get: function () { return _x[key]; } });
});
`,
  'old-ts.cjs': `"use strict";
function __export(m) { for (var p in m) if (!exports.hasOwnProperty(p)) exports[p] = m[p]; }
Object.defineProperty(exports, "__esModule", { value: true });
__export(require("./x.cjs"));
`,
}, esm);

add('re-exports in a cycle, of packages, of what is not there', {
  'main.mjs': `
import * as a from './a.cjs'; console.log(Object.keys(a));
import * as p from 'pkg'; console.log(Object.keys(p), p.deep);
import * as g from './g.cjs'; console.log(Object.keys(g));
`,
  'a.cjs': `exports.a = 1; module.exports = require('./b.cjs'); exports.late = 1;`,
  'b.cjs': `exports.b = 2; module.exports = require('./a.cjs');`,
  'node_modules/pkg/package.json': { exports: { require: './r.js', import: './i.js' } },
  'node_modules/pkg/r.js': `throw new Error('the other one');`,
  'node_modules/pkg/i.js': `module.exports = require('deep');`,
  'node_modules/deep/index.js': `exports.deep = 'deep';`,
  'g.cjs': `if (false) module.exports = require('./gone.cjs'); exports.here = 1;`,
}, esm);

add('__esModule and default', {
  'main.mjs': `
import def, * as ns from './x.cjs';
console.log(def, ns.default === def, ns.named, ns.__esModule, Object.keys(ns));
`,
  'x.cjs': `Object.defineProperty(exports, '__esModule', { value: true }); exports.default = 'the default'; exports.named = 1;`,
}, esm);

add('getters are asked once, and may throw', {
  'main.mjs': `
import * as ns from './x.cjs';
console.log(ns.a, ns.a, ns.bad, Object.keys(ns));
`,
  'x.cjs': `let n = 0; Object.defineProperty(exports, 'a', { enumerable: true, get: function () { return ++n; } });
Object.defineProperty(exports, 'bad', { enumerable: true, get: function () { throw new Error('x'); } });
exports.bad2 = 0;`,
}, esm);

add('values are those when it is evaluated', {
  'main.mjs': `
import def, { a } from './x.cjs';
def.change();
console.log(a, def.a);
`,
  'x.cjs': `exports.a = 1; exports.change = () => { exports.a = 2; };`,
}, esm);

add('names that are odd', {
  'main.mjs': `
import { 'a b' as ab, 'é' as e, if as iff, $, _ } from './x.cjs';
console.log(ab, e, iff, $, _);
`,
  'x.cjs': `exports['a b'] = 1; exports['é'] = 2; exports.if = 3; exports.$ = 4; exports._ = 5;`,
}, esm);

add('import and require share one instance', {
  'main.mjs': `
import a from './a.cjs';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
console.log(require('./a.cjs') === a, n, Object.keys(require.cache).length);
const b = require('./b.cjs');
console.log((await import('./b.cjs')).default === b, n);
`,
  'a.cjs': `globalThis.n = (globalThis.n ?? 0) + 1; exports.a = 1;`,
  'b.cjs': `globalThis.n = (globalThis.n ?? 0) + 1; exports.b = 1;`,
}, esm);

add('JSON that is imported and required is one value', {
  'main.mjs': `
import a from './a.json' with { type: 'json' };
import again from './a.json?x' with { type: 'json' };
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
console.log(require('./a.json') === a, a === again, Object.keys(require.cache));
const b = require('./b.json');
console.log((await import('./b.json', { with: { type: 'json' } })).default === b);
delete require.cache[require.resolve('./a.json')];
console.log(require('./a.json') === a, require('./a.json'));
`,
  'a.json': '{"a": 1}', 'b.json': '{"b": 1}',
}, esm);

add('a query makes another module of the same file', {
  'main.mjs': `
import a from './a.cjs'; import b from './a.cjs?x'; import * as na from './a.cjs'; import * as nb from './a.cjs?x';
console.log(a === b, na === nb, n);
`,
  'a.cjs': `globalThis.n = (globalThis.n ?? 0) + 1; exports.a = 1;`,
}, esm);

add('.js without a type that has no module syntax', {
  'main.mjs': `import x, { a } from './x.js'; import y from './y.js'; console.log(x, a, y, await import('./empty.js'));`,
  'x.js': `exports.a = typeof require;`, 'y.js': `module.exports = this === module.exports;`, 'empty.js': '',
}, esm);

add('.js of packages by their type', {
  'main.mjs': `
import a from 'a'; import * as b from 'b'; import c from 'c';
console.log(a, Object.keys(b), c);
`,
  'node_modules/a/package.json': { type: 'commonjs', main: 'm.js' }, 'node_modules/a/m.js': 'module.exports = "a";',
  'node_modules/b/package.json': { type: 'module', exports: './m.js' }, 'node_modules/b/m.js': 'export const x = 1;',
  'node_modules/c/package.json': {}, 'node_modules/c/index.js': 'exports.c = 1;',
}, esm);

add('import() in CommonJS', {
  'main.js': `
import('./m.mjs').then(ns => { console.log(ns.x, ns.default); return import('./c.cjs'); })
  .then(ns => { console.log(Object.keys(ns)); return import('./gone.mjs'); })
  .catch(e => { console.log(e.code); return import('pkg'); })
  .then(ns => console.log(ns.which));
console.log('first');
`,
  'm.mjs': `export const x = 1; export default 2; await 0;`, 'c.cjs': `exports.c = 1;`,
  'node_modules/pkg/package.json': { exports: { import: './i.mjs', require: './r.cjs' } },
  'node_modules/pkg/i.mjs': `export const which = 'import';`, 'node_modules/pkg/r.cjs': `exports.which = 'require';`,
});

add('import.meta and require.main where the program is a module', {
  'main.mjs': `import './a.cjs'; console.log(import.meta.filename === new String(import.meta.filename).toString());`,
  'a.cjs': `console.log(require.main, module.parent, module.id === __filename, module.children);`,
}, esm);

add('require of an ES module', {
  'main.js': `
const a = require('./a.mjs');
console.log(a.x, a.default, a.__esModule, Object.keys(a), a[Symbol.toStringTag]);
console.log(require('./a.mjs') === a);
const b = require('./b.mjs');
console.log(b.__esModule, Object.keys(b), '__esModule' in b);
console.log(Object.keys(require.cache).length, module.children.length);
import('./a.mjs').then(ns => console.log(ns === a, ns.x === a.x, Object.keys(ns)));
import('./b.mjs').then(ns => console.log(ns === b));
`,
  'a.mjs': `export const x = 1; export default 'd';`,
  'b.mjs': `export const y = 2; export let z = 3;`,
});

add('require of an ES module: live bindings, TDZ, functions', {
  'main.js': `
const a = require('./a.mjs');
a.inc(); console.log(a.n);
try { a.n = 5; } catch (e) { console.log(e.name); }
console.log(a.n, Object.isExtensible(a), Object.getPrototypeOf(a));
`,
  'a.mjs': `export let n = 1; export function inc() { n++; } export default class A {}`,
});

add("require of an ES module: export { x as 'module.exports' }", {
  'main.js': `
console.log(require('./a.mjs'), require('./b.mjs')(), require('./c.mjs'));
`,
  'a.mjs': `const v = { replaced: true }; export { v as 'module.exports' }; export default 1;`,
  'b.mjs': `export default function f() { return 'f'; } export { f as 'module.exports' };`,
  'c.mjs': `export const x = 1; const u = undefined; export { u as 'module.exports' };`,
});

add('require of an ES module: its own __esModule', {
  'main.js': `const a = require('./a.mjs'); console.log(a.__esModule, a.default, Object.keys(a));
const b = require('./b.mjs'); console.log(b.__esModule, b.default);`,
  'a.mjs': `export const __esModule = false; export default 1;`,
  'b.mjs': `export { default } from './c.mjs'; export * from './c.mjs';`, 'c.mjs': `export default 'c'; export const d = 1;`,
});

add('require of an ES module that awaits', {
  'main.js': `
for (const s of ['./a.mjs', './b.mjs', './c.mjs', './a.mjs'])
  try { require(s); console.log('never'); } catch (e) { console.log(s, e.code); }
console.log(globalThis.ran);
import('./a.mjs').then(ns => { console.log(ns.x); try { require('./a.mjs'); } catch (e) { console.log(e.code); } });
`,
  'a.mjs': `globalThis.ran = 'a'; export const x = await 1;`,
  'b.mjs': `globalThis.ran = 'b'; import './a.mjs'; export const y = 1;`,
  'c.mjs': `import './d.mjs'; globalThis.ran = 'c';`, 'd.mjs': `for await (const x of []) ; export {};`,
});

add('require of an ES module that throws', {
  'main.js': `
for (let i = 0; i < 2; i++) try { require('./a.mjs'); } catch (e) { console.log(e.message, globalThis.n); }
import('./a.mjs').catch(e => console.log(e.message, globalThis.n));
try { require('./bad.mjs'); } catch (e) { console.log(e.name); }
try { require('./gone-dep.mjs'); } catch (e) { console.log(e.code); }
`,
  'a.mjs': `globalThis.n = (globalThis.n ?? 0) + 1; throw new Error('from a');`,
  'bad.mjs': `export = 1;`, 'gone-dep.mjs': `import './gone.mjs';`,
});

add('a typeless file with module syntax, required', {
  'main.js': `const a = require('./a'); console.log(a.x, a.default, typeof a.req); try { require('./b'); } catch (e) { console.log(e.code); }`,
  'a.js': `export const x = 1; export default 2; export const req = typeof require === 'undefined' ? undefined : 1;`,
  'b.js': `export const x = await 1;`,
});

add('an ES module that imports CommonJS that requires an ES module', {
  'main.mjs': `import { b } from './a.cjs'; console.log(b);`,
  'a.cjs': `exports.b = require('./b.mjs').b;`,
  'b.mjs': `import { c } from './c.cjs'; export const b = 'b' + c;`,
  'c.cjs': `exports.c = 'c';`,
}, esm);

add('a cycle: ES module, CommonJS, the same ES module', {
  'main.mjs': `import { b } from './a.cjs'; export const x = 1; console.log(b);`,
  'a.cjs': `try { exports.b = require('./main.mjs').x; } catch (e) { exports.b = e.code; }`,
}, esm);

add('a cycle: ES module, CommonJS, an ES module that imports the first', {
  'main.mjs': `import { b } from './a.cjs'; export const x = 1; console.log(b);`,
  'a.cjs': `try { exports.b = typeof require('./c.mjs').get; } catch (e) { exports.b = e.code; }`,
  'c.mjs': `import { x } from './main.mjs'; export const get = () => x;`,
}, { main: 'main.mjs', tenon: 'ERR_REQUIRE_CYCLE_MODULE\n' });

add('a cycle: CommonJS, ES module, the same CommonJS', {
  'main.js': `exports.early = 1; try { require('./m.mjs'); } catch (e) { console.log(e.code); } exports.late = 2; import('./m.mjs').then(m => console.log(m.seen, m.def === module.exports));`,
  'm.mjs': `import def from './main.js'; export const seen = JSON.stringify(def); export { def };`,
});

add('createRequire', {
  'main.mjs': `
import Module, { createRequire, builtinModules, isBuiltin } from 'node:module';
const require = createRequire(import.meta.url);
console.log(require('./a.cjs').a, require('./d.json'), require.main, require.resolve('./a.cjs'));
console.log(createRequire(import.meta.dirname + '/sub/')('./b'), createRequire(import.meta.dirname + '/sub/none.js')('./b'));
console.log(Module.createRequire === createRequire, Module.Module === Module, isBuiltin('node:module'), isBuiltin('module'), isBuiltin('nosuch'), builtinModules.includes('module'), Object.isFrozen(builtinModules));
for (const v of ['./relative', 'x', 1, undefined, 'https://example.com/x.js', {}])
  try { createRequire(v); } catch (e) { console.log(e.name, e.code); }
try { require('./gone'); } catch (e) { console.log(e.code, e.requireStack); }
`,
  'a.cjs': 'exports.a = 1;', 'd.json': '[1]', 'sub/b.js': 'module.exports = "sub b";',
}, esm);

add('the default export is a namespace of import() too', {
  'main.mjs': `
const ns = await import('./a.cjs');
console.log(ns, Object.prototype.toString.call(ns));
`,
  'a.cjs': `exports.x = 1; exports.y = { z: 2 };`,
}, esm);

add('export * from CommonJS', {
  'main.mjs': `import * as all from './all.mjs'; console.log(Object.keys(all), all.a);`,
  'all.mjs': `export * from './a.cjs'; export { default as def } from './a.cjs';`,
  'a.cjs': `exports.a = 1; exports.b = 2;`,
}, esm);

add('a graph that is imported and required at once', {
  'main.mjs': `import './one.mjs'; import './two.cjs'; import './three.mjs'; console.log(order.join());`,
  'one.mjs': `(globalThis.order ??= []).push('one');`,
  'two.cjs': `order.push('two'); require('./three.mjs'); order.push('two end');`,
  'three.mjs': `import './four.cjs'; order.push('three');`,
  'four.cjs': `order.push('four');`,
}, esm);

add('an export named __proto__, constructor, hasOwnProperty', {
  'main.mjs': `import * as ns from './a.cjs'; console.log(ns.constructor, ns.hasOwnProperty, Object.keys(ns));`,
  'a.cjs': `exports.constructor = 1; exports.hasOwnProperty = 2;`,
}, esm);
