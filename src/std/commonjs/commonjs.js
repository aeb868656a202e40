// CommonJS: what a script sees of it. Module objects, their cache, require.
//
// Everything that node lets programs replace - Module._load, _resolveFilename,
// _extensions, prototype.require, prototype._compile - is looked up where node
// looks it up. What files and packages mean, and what compiles, is native.
//
// Returns what module/commonjs.c asks for: Module, main, prepare, evaluate,
// share, globals.
(function (native) {
  'use strict';

  const { bind, call } = Function.prototype;
  const uncurry = bind.bind(call);
  const {
    Array: { isArray },
    Object: { defineProperty, freeze, keys },
    Reflect: { apply },
    Error, TypeError,
  } = globalThis;
  const endsWith = uncurry(String.prototype.endsWith);
  const includes = uncurry(Array.prototype.includes);
  const indexIn = uncurry(Array.prototype.indexOf);
  const indexOf = uncurry(String.prototype.indexOf);
  const join = uncurry(Array.prototype.join);
  const lastIndexOf = uncurry(String.prototype.lastIndexOf);
  const push = uncurry(Array.prototype.push);
  const slice = uncurry(String.prototype.slice);
  const sliceOf = uncurry(Array.prototype.slice);
  const splice = uncurry(Array.prototype.splice);
  const startsWith = uncurry(String.prototype.startsWith);

  const COMMONJS = 1, MODULE = 2;
  const kinds = [undefined, 'commonjs', 'module'];

  // No template literals and no iteration: both call what programs may replace.

  // --- Errors ----------------------------------------------------------------

  function define(object, name, value) {
    defineProperty(object, name, { __proto__: null, value, writable: true,
                                   enumerable: true, configurable: true });
  }

  function coded(error, code) {
    define(error, 'code', code);
    return error;
  }

  function shown(v) {
    if (v === null) return 'null';
    if (typeof v === 'string') return "'" + v + "'";
    if (typeof v === 'number' || typeof v === 'boolean') return '' + v;
    return isArray(v) ? 'array' : typeof v;
  }

  function checkString(v, where) {
    if (typeof v === 'string') return;
    throw coded(new TypeError(where + ': expected string, got ' + shown(v)),
                'ERR_INVALID_ARG_TYPE');
  }

  function checkRequest(v, where) {
    checkString(v, where);
    if (v === '') {
      throw coded(new TypeError(where + ": expected a specifier, got ''"),
                  'ERR_INVALID_ARG_VALUE');
    }
  }

  // --- Paths -----------------------------------------------------------------

  function dirname(path) {
    let end = path.length;
    while (end > 1 && path[end - 1] === '/') end--;
    end = lastIndexOf(path, '/', end - 1);
    if (end < 0) return '.';
    while (end > 1 && path[end - 1] === '/') end--;
    return end === 0 ? '/' : slice(path, 0, end);
  }

  const isRelative = (s) =>
    s === '.' || s === '..' || startsWith(s, './') || startsWith(s, '../');

  // Where a file is, rather than a builtin or native module or a host's URL.
  const isPath = (s) => s[0] === '/';

  // --- Module ----------------------------------------------------------------

  // What belongs to a Module and no script can see, by a private name on it.
  class About extends function (module) { return module; } {
    #about;

    constructor(module, about) {
      super(module);
      this.#about = about;
    }

    static of(v) {
      return typeof v === 'object' && v !== null && #about in v
        ? v.#about : undefined;
    }
  }
  const aboutOf = About.of;

  function addChild(parent, child, isMaybeThere) {
    const children = parent?.children;
    if (children && !(isMaybeThere && includes(children, child))) {
      push(children, child);
    }
  }

  function Module(id = '', parent) {
    this.id = id;
    this.path = dirname(id);
    define(this, 'exports', {});
    addChild(parent, this, false);
    this.filename = null;
    this.loaded = false;
    this.children = [];
    if (!aboutOf(this)) {
      new About(this, {
        parent,
        // Compiled when an import of it was linked, or what that has thrown.
        body: undefined,
        isByImport: false,    // in the cache before anything has begun to run
        isBegun: false,
        entry: 0,             // of the engine, in which it has begun to load
        isAsked: false,       // links of the host are asked for its file
        isModule: false,      // an ES module that is being evaluated
      });
    }
  }

  Module._cache = { __proto__: null };
  Module._pathCache = { __proto__: null };
  Module._extensions = { __proto__: null };
  Module.globalPaths = [];
  let mainModule;
  // By the folder of a module and a specifier, what that has led to.
  const known = { __proto__: null };

  const head = '(function (exports, require, module, __filename, __dirname) { ';
  let wrapper = [head, '\n});'];
  let isPatched = false;
  let wrap = (source) => wrapper[0] + source + wrapper[1];
  defineProperty(Module, 'wrap', {
    __proto__: null, configurable: true, enumerable: true,
    get() { return wrap; },
    set(v) { isPatched = true; wrap = v; },
  });
  defineProperty(Module, 'wrapper', {
    __proto__: null, configurable: true, enumerable: true,
    get() { return wrapper; },
    set(v) { isPatched = true; wrapper = v; },
  });
  defineProperty(Module.prototype, 'parent', {
    __proto__: null, configurable: true, enumerable: true,
    get() { return aboutOf(this)?.parent; },
    set(v) {
      const about = aboutOf(this);
      if (about) about.parent = v;
    },
  });

  // --- What a specifier means ------------------------------------------------

  Module._nodeModulePaths = function (from) {
    const paths = [];
    let at = native.absolute(from);
    if (at === '/') at = '';
    for (;;) {
      const cut = lastIndexOf(at, '/');
      if (slice(at, cut + 1) !== 'node_modules') {
        push(paths, at + '/node_modules');
      }
      if (cut < 0) return paths;
      at = slice(at, 0, cut);
    }
  };

  Module._resolveLookupPaths = function (request, parent) {
    if (native.isBuiltin(request)) return null;
    if (!isRelative(request)) {
      const paths = parent?.paths;
      return paths?.length > 0 ? sliceOf(paths) : null;
    }
    return [parent?.id && parent.filename ? dirname(parent.filename) : '.'];
  };

  // undefined where nothing was found.
  function find(request, dir, referrer) {
    try {
      return native.resolve(request, dir, referrer);
    } catch (error) {
      if (error?.code !== 'MODULE_NOT_FOUND') throw error;
      return undefined;
    }
  }

  const nativeEndings = ['.so', '.c', '.cc', '.cpp', '.cxx', '.C', '.rs'];
  const usualEndings = ['.js', '.json', '.node', '.so', '.c', '.cc', '.cpp',
    '.cxx', '.C', '.rs'];

  // What programs have added: endings, and folders of packages.
  function findAdded(request, dir, parent) {
    const isBare = !isRelative(request) && !isPath(request);
    if (!isBare) {
      const endings = keys(Module._extensions);
      for (let i = 0; i < endings.length; i++) {
        const ending = endings[i];
        if (includes(usualEndings, ending)) continue;
        const path = native.absolute(request, dir) + ending;
        const file = native.isFile(path) ? native.resolve(path, dir, path)
          : undefined;
        if (file !== undefined) return file;
      }
      return undefined;
    }
    const paths = parent?.paths;
    if (!isArray(paths)) return undefined;
    const usual = Module._nodeModulePaths(dir);
    for (let i = 0; i < paths.length; i++) {
      const folder = paths[i];
      if (typeof folder !== 'string' || includes(usual, folder)) continue;
      const path = native.absolute(folder) + '/' + request;
      const file = find(path, dir, folder);
      if (file !== undefined) return file;
    }
    return undefined;
  }

  Module._findPath = function (request, paths) {
    const folders = isPath(request) ? [''] : paths;
    if (!isArray(folders)) return false;
    for (let i = 0; i < folders.length; i++) {
      const folder = folders[i];
      const path = isPath(request) ? request
        : native.absolute(folder) + '/' + request;
      const file = find(path, '/', path);
      if (file !== undefined) return file;
    }
    return false;
  };

  // Where a module without a file looks for packages from.
  function folderOf(parent) {
    if (parent?.filename) return dirname(parent.filename);
    const first = isArray(parent?.paths) ? parent.paths[0] : undefined;
    return native.absolute(typeof first === 'string' && isPath(first)
      ? dirname(first) : '.');
  }

  function throwNotFound(error, parent) {
    const stack = [];
    for (let at = parent; at; at = aboutOf(at)?.parent) {
      push(stack, at.filename || at.id);
    }
    if (stack.length > 0) {
      error.message += '\nRequire stack:\n- ' + join(stack, '\n- ');
    }
    error.requireStack = stack;
    throw error;
  }

  Module._resolveFilename = function (request, parent, isMain, options) {
    checkString(request, "require: argument 1 'id'");
    if (native.isBuiltin(request)) return request;
    const dir = folderOf(parent);
    const referrer = parent?.filename || parent?.id || dir;
    const paths = typeof options === 'object' && options !== null
      ? options.paths : undefined;
    if (paths !== undefined && !isArray(paths)) {
      throw coded(new TypeError("require.resolve: option 'paths': expected " +
        'array, got ' + shown(paths)), 'ERR_INVALID_ARG_VALUE');
    }
    if (paths !== undefined && request[0] !== '#' && !isPath(request)) {
      for (let i = 0; i < paths.length; i++) {
        const path = paths[i];
        checkString(path, "require.resolve: option 'paths': element");
        const found = find(request, native.absolute(path), referrer);
        if (found !== undefined) return found;
      }
      const message = "Cannot find module '" + request + "' required from " +
        referrer + ': tried the paths that were given (' + join(paths, ', ') +
        ')';
      throwNotFound(coded(new Error(message), 'MODULE_NOT_FOUND'), parent);
    }
    try {
      return native.resolve(request, dir, referrer);
    } catch (error) {
      if (error?.code !== 'MODULE_NOT_FOUND') throw error;
      const added = findAdded(request, dir, parent);
      if (added !== undefined) return added;
      return throwNotFound(error, parent);
    }
  };

  // --- Loading ---------------------------------------------------------------

  // What a module exports so far that is in the midst of its loading.
  function partOf(module) {
    if (aboutOf(module)?.isModule) {
      const from = aboutOf(module).parent?.filename;
      throw coded(new Error('Cannot require ES module ' + module.id +
        (from ? ' from ' + from : '') + ': it is being evaluated, so this ' +
        'would be a cycle'), 'ERR_REQUIRE_CYCLE_MODULE');
    }
    return module.exports;
  }

  // Was it loading when the program was ended, which the host has taken back?
  // No `finally` has run then.
  function isTorn(module) {
    if (module.loaded) return false;
    const entry = aboutOf(module)?.entry;
    return entry !== undefined && entry !== 0 && entry !== native.entries();
  }

  function forget(module, parent, key) {
    delete Module._cache[module.filename ?? module.id];
    if (!parent) return;
    delete known[key];
    const { children } = parent;
    const at = isArray(children) ? indexIn(children, module) : -1;
    if (at >= 0) splice(children, at, 1);
  }

  Module._load = function (request, parent, isMain) {
    const key = parent ? parent.path + '\0' + request : '';
    if (parent && known[key] !== undefined) {
      const cached = Module._cache[known[key]];
      if (cached !== undefined && !isTorn(cached)) {
        addChild(parent, cached, true);
        return cached.loaded ? cached.exports : partOf(cached);
      }
      delete known[key];
    }
    if (startsWith(request, 'node:') || startsWith(request, 'tenon:')) {
      return native.use(request, parent?.filename ?? '');
    }
    const filename = Module._resolveFilename(request, parent, isMain);
    let cached = Module._cache[filename];
    if (cached !== undefined && isTorn(cached)) {
      forget(cached, parent, key);
      cached = undefined;
    }
    if (cached !== undefined) {
      const about = aboutOf(cached);
      addChild(parent, cached, true);
      if (cached.loaded) return cached.exports;
      if (!about?.isByImport || about.isBegun) return partOf(cached);
      about.isBegun = true;
    } else if (!isPath(filename)) {
      return native.use(filename, parent?.filename ?? '');
    }
    const module = cached ?? new Module(filename, parent);
    if (cached === undefined) {
      if (isMain) {
        mainModule = module;
        module.id = '.';
      }
      Module._cache[filename] = module;
    }
    if (parent) known[key] = filename;
    let isDone = false;
    try {
      // Files nest as deep as they like, and each function of ours that is
      // called between two of them costs stack: so none is but this one, unless
      // something was replaced.
      const body = bodyOf(module, filename);
      if (body !== undefined) {
        const { exports } = module;
        apply(body, exports, [exports, makeRequire(module), module, filename,
                              dirname(filename)]);
        module.loaded = true;
      }
      isDone = true;
    } finally {
      if (!isDone) {
        module.filename = filename;
        forget(module, parent, key);
      }
    }
    return module.exports;
  };

  // What a file comes to, where all that loads it is ours; else it is loaded.
  function bodyOf(module, filename) {
    if (module.load !== load) {
      module.load(filename);
      return undefined;
    }
    begin(module, filename);
    const handler = Module._extensions[endingOf(filename)];
    let body;
    if (handler === loadScript) body = compileFile(module, filename);
    else handler(module, filename);
    if (body === undefined) module.loaded = true;
    return body;
  }

  // The longest ending that somebody has registered.
  function endingOf(filename) {
    const name = slice(filename, lastIndexOf(filename, '/') + 1);
    let at = 0;
    while ((at = indexOf(name, '.', at + 1)) > 0) {
      const ending = slice(name, at);
      if (Module._extensions[ending]) return ending;
    }
    return '.js';
  }

  function begin(module, filename) {
    const about = aboutOf(module);
    if (about) about.entry = native.entries();
    if (module.loaded) {
      throw new Error('Module ' + filename + ' was loaded before');
    }
    module.filename = filename;
    module.paths = Module._nodeModulePaths(dirname(filename));
  }

  function load(filename) {
    begin(this, filename);
    Module._extensions[endingOf(filename)](this, filename);
    this.loaded = true;
  }
  Module.prototype.load = load;

  function requireOf(id) {
    checkRequest(id, "require: argument 1 'id'");
    return Module._load(id, this, false);
  }
  Module.prototype.require = requireOf;

  function makeRequire(module) {
    const require = function require(id) {
      if (module.require !== requireOf) return module.require(id);
      checkRequest(id, "require: argument 1 'id'");
      return Module._load(id, module, false);
    };
    const resolve = function resolve(request, options) {
      checkString(request, "require.resolve: argument 1 'request'");
      return Module._resolveFilename(request, module, false, options);
    };
    resolve.paths = function paths(request) {
      checkString(request, "require.resolve.paths: argument 1 'request'");
      return Module._resolveLookupPaths(request, module);
    };
    require.resolve = resolve;
    require.main = mainModule;
    require.extensions = Module._extensions;
    require.cache = Module._cache;
    return require;
  }

  function run(module, body, filename) {
    const { exports } = module;
    return apply(body, exports, [exports, makeRequire(module), module, filename,
                                 dirname(filename)]);
  }

  function useModule(module, filename, source) {
    const about = aboutOf(module);
    if (about) about.isModule = true;
    try {
      const referrer = about?.parent?.filename ?? '';
      module.exports = native.requireModule(filename, referrer, source);
    } finally {
      if (about) about.isModule = false;
    }
  }

  // `format` is 'commonjs', 'module', or undefined: what its syntax says.
  function compile(content, filename, format) {
    if (format !== 'module') {
      const body = isPatched ? native.script(Module.wrap(content), filename)
        : native.compile(content, filename, format === 'commonjs');
      if (body !== undefined) return run(this, body, filename);
    }
    return useModule(this, filename, content);
  }
  Module.prototype._compile = compile;

  // The body of a file; undefined where it has run: it is an ES module, or how
  // files are compiled was replaced.
  function compileFile(module, filename) {
    const about = aboutOf(module);
    let body = about?.body;
    if (about) about.body = undefined;
    if (body !== undefined && module._compile === compile && !isPatched) {
      if (typeof body !== 'function') throw body;
      return body;
    }
    const kind = native.kind(filename);
    if (module._compile !== compile || isPatched) {
      module._compile(native.read(filename), filename, kinds[kind]);
      return undefined;
    }
    if (kind !== MODULE) {
      if (about) about.isAsked = true;
      try {
        body = native.load(filename, kind === COMMONJS);
      } finally {
        if (about) about.isAsked = false;
      }
      // A link of the host had it, which has put it there.
      if (body === null) {
        body = about?.body;
        if (about) about.body = undefined;
      }
    }
    if (body === undefined) useModule(module, filename);
    return body;
  }

  function loadScript(module, filename) {
    const body = compileFile(module, filename);
    if (body !== undefined) run(module, body, filename);
  }
  Module._extensions['.js'] = loadScript;

  Module._extensions['.json'] = function (module, filename) {
    const text = native.read(filename);
    try {
      module.exports = native.parse(text);
    } catch (error) {
      error.message = filename + ': ' + error.message;
      throw error;
    }
  };

  Module._extensions['.node'] = function (module, filename) {
    throw coded(new Error('Cannot load ' + filename + ': addons of node cannot ' +
      'be loaded'), 'ERR_DLOPEN_FAILED');
  };

  // Native code, as import has it; source is compiled meanwhile.
  for (let i = 0; i < nativeEndings.length; i++) {
    Module._extensions[nativeEndings[i]] = function (module, filename) {
      useModule(module, filename);
    };
  }

  // --- node:module -----------------------------------------------------------

  function pathOf(v) {
    if (typeof v === 'string' && isPath(v)) return v;
    const url = typeof v === 'string' ? v
      : typeof v === 'object' && v !== null ? v.href : undefined;
    if (typeof url === 'string' && startsWith(url, 'file:')) {
      return native.pathOf(url);
    }
    throw coded(new TypeError("createRequire: argument 1 'filename': expected " +
      'a file: URL or an absolute path, got ' + shown(v)),
      'ERR_INVALID_ARG_VALUE');
  }

  // Of a folder where it ends with a slash.
  function moduleAt(filename) {
    const path = endsWith(filename, '/') ? filename + 'noop.js' : filename;
    const module = new Module(path);
    module.filename = path;
    module.paths = Module._nodeModulePaths(module.path);
    return module;
  }

  Module.createRequire = function createRequire(filename) {
    return makeRequire(moduleAt(pathOf(filename)));
  };
  Module.isBuiltin = function isBuiltin(name) {
    return typeof name === 'string' && native.isBuiltin(name);
  };
  Module.builtinModules = freeze(native.builtins());
  Module.Module = Module;

  // --- For module/commonjs.c -------------------------------------------------

  // Runs the program. `body`: it was read and compiled before.
  function main(filename, body) {
    const module = new Module(filename, null);
    let isDone = false;
    module.id = '.';
    mainModule = module;
    Module._cache[filename] = module;
    aboutOf(module).body = body;
    try {
      module.load(filename);
      isDone = true;
    } finally {
      if (!isDone) forget(module);
    }
  }

  // The module of a file that an import leads to: nothing of it runs yet.
  function prepare(filename, body) {
    let module = Module._cache[filename];
    if (module === undefined || isTorn(module)) {
      module = new Module(filename, undefined);
      module.filename = filename;
      module.paths = Module._nodeModulePaths(module.path);
      aboutOf(module).isByImport = true;
      Module._cache[filename] = module;
    }
    const about = aboutOf(module);
    if (!about || module.loaded) return module;
    if (!about.isAsked && (!about.isByImport || about.isBegun)) {
      // Its names may be there and its values are not: so node refuses it, too.
      throw coded(new Error('Cannot import ' + filename + ': it is being ' +
        'required, so this would be a cycle'), 'ERR_REQUIRE_CYCLE_MODULE');
    }
    about.body ??= body;
    return module;
  }

  // What it exports, for the import.
  function evaluate(module) {
    if (module.loaded) return module.exports;
    if (isPath(module.filename)) {
      return Module._load(module.filename, undefined, false);
    }
    const about = aboutOf(module);
    if (about.isBegun) return partOf(module);
    about.isBegun = true;
    let isDone = false;
    try {
      module.load(module.filename);
      isDone = true;
    } finally {
      if (!isDone) forget(module);
    }
    return module.exports;
  }

  // The value of a JSON file that is imported.
  function share(filename, value) {
    const cached = Module._cache[filename];
    if (cached !== undefined) return cached.loaded ? cached.exports : value;
    const module = new Module(filename, undefined);
    module.filename = filename;
    module.paths = Module._nodeModulePaths(module.path);
    module.exports = value;
    module.loaded = true;
    Module._cache[filename] = module;
    return value;
  }

  // What a text that is no file has as globals.
  let ofText;
  function globals(name) {
    if (ofText !== undefined) return ofText;
    const module = new Module(name);
    const cwd = native.absolute('.');
    module.filename = (cwd === '/' ? '' : cwd) + '/' + name;
    module.paths = Module._nodeModulePaths(cwd);
    ofText = { module, exports: module.exports, require: makeRequire(module),
               __filename: name, __dirname: '.' };
    return ofText;
  }

  return { Module, main, prepare, evaluate, share, globals };
})
