// internal/url: the classes URL and URLSearchParams (URL Standard).

const parser = require('internal/url-parser');
const {
  ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS, ERR_MISSING_ARGS, coded,
} = require('internal/errors');
const { inspect } = require('internal/inspect');
const { apply } = Reflect;
const { create, defineProperties, getPrototypeOf } = Object;
const { Symbol, TypeError } = globalThis;
const { toWellFormed } = String.prototype;
const { iterator, toStringTag } = Symbol;
const custom = Symbol.for('nodejs.util.inspect.custom');
const { splice: spliceOf } = Array.prototype;
const iteratorPrototype = getPrototypeOf(getPrototypeOf([][iterator]()));

const call = (f, self, ...args) => apply(f, self, args);
const textOf = (v) => call(toWellFormed, `${v}`);
const push = (list, v) => { list[list.length] = v; };

// --- URLSearchParams -----------------------------------------------------------------------

let listOf;
let paramsOf;

function readPairs(init, method) {
  const list = [];
  if (typeof method !== 'function') {
    throw coded(TypeError, 'ERR_ARG_NOT_ITERABLE', 'Query pairs must be iterable');
  }
  for (const pair of init) {
    if (pair === null || (typeof pair !== 'object' && typeof pair !== 'function') ||
        typeof pair[iterator] !== 'function') {
      throw coded(TypeError, 'ERR_INVALID_TUPLE',
                  'Each query pair must be an iterable [name, value] tuple');
    }
    const items = [];
    for (const item of pair) push(items, item);
    if (items.length !== 2) {
      throw coded(TypeError, 'ERR_INVALID_TUPLE',
                  'Each query pair must be an iterable [name, value] tuple');
    }
    push(list, [textOf(items[0]), textOf(items[1])]);
  }
  return list;
}

function readRecord(init) {
  const list = [];
  const keys = Reflect.ownKeys(init);
  const seen = new Map();
  for (let i = 0; i < keys.length; i++) {
    const d = Reflect.getOwnPropertyDescriptor(init, keys[i]);
    if (!d || !d.enumerable) continue;
    const key = textOf(keys[i]);
    const value = textOf(init[keys[i]]);
    const at = seen.get(key);
    if (at !== undefined) {
      list[at][1] = value;
    } else {
      seen.set(key, list.length);
      push(list, [key, value]);
    }
  }
  return list;
}

class URLSearchParams {
  #list = [];
  #url = null;

  static {
    listOf = (v) => {
      if (v === null || typeof v !== 'object' || !(#list in v)) {
        throw ERR_INVALID_THIS('URLSearchParams');
      }
      return v.#list;
    };
    paramsOf = (url, list) => {
      const params = new URLSearchParams();
      params.#url = url;
      params.#list = list;
      return params;
    };
  }

  constructor(init = undefined) {
    if (init === undefined || init === null) return;
    if (typeof init === 'object' || typeof init === 'function') {
      const method = init[iterator];
      if (method === undefined || method === null) this.#list = readRecord(init);
      else this.#list = readPairs(init, method);
      return;
    }
    const text = textOf(init);
    this.#list = parser.parseForm(text[0] === '?' ? text.slice(1) : text);
  }

  // Of a URL: its query is another one.
  static replace(params, list) {
    params.#list = list;
  }

  static #changed(params) {
    params.#url?.(params.#list);
  }

  get size() {
    return listOf(this).length;
  }

  append(name, value) {
    const list = listOf(this);
    if (arguments.length < 2) throw ERR_MISSING_ARGS('name', 'value');
    push(list, [textOf(name), textOf(value)]);
    URLSearchParams.#changed(this);
  }

  delete(name, value = undefined) {
    const list = listOf(this);
    if (arguments.length < 1) throw ERR_MISSING_ARGS('name');
    name = textOf(name);
    if (value !== undefined) value = textOf(value);
    for (let i = 0; i < list.length;) {
      if (list[i][0] === name && (value === undefined || list[i][1] === value)) {
        call(spliceOf, list, i, 1);
      } else {
        i++;
      }
    }
    URLSearchParams.#changed(this);
  }

  get(name) {
    const list = listOf(this);
    if (arguments.length < 1) throw ERR_MISSING_ARGS('name');
    name = textOf(name);
    for (let i = 0; i < list.length; i++) {
      if (list[i][0] === name) return list[i][1];
    }
    return null;
  }

  getAll(name) {
    const list = listOf(this);
    if (arguments.length < 1) throw ERR_MISSING_ARGS('name');
    name = textOf(name);
    const found = [];
    for (let i = 0; i < list.length; i++) {
      if (list[i][0] === name) push(found, list[i][1]);
    }
    return found;
  }

  has(name, value = undefined) {
    const list = listOf(this);
    if (arguments.length < 1) throw ERR_MISSING_ARGS('name');
    name = textOf(name);
    if (value !== undefined) value = textOf(value);
    for (let i = 0; i < list.length; i++) {
      if (list[i][0] === name && (value === undefined || list[i][1] === value)) {
        return true;
      }
    }
    return false;
  }

  set(name, value) {
    const list = listOf(this);
    if (arguments.length < 2) throw ERR_MISSING_ARGS('name', 'value');
    name = textOf(name);
    value = textOf(value);
    let isSet = false;
    for (let i = 0; i < list.length;) {
      if (list[i][0] !== name) {
        i++;
      } else if (isSet) {
        call(spliceOf, list, i, 1);
      } else {
        list[i++][1] = value;
        isSet = true;
      }
    }
    if (!isSet) push(list, [name, value]);
    URLSearchParams.#changed(this);
  }

  sort() {
    const list = listOf(this);
    call(Array.prototype.sort, list, (a, b) =>
      (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    URLSearchParams.#changed(this);
  }

  entries() {
    return iterate(this, (pair) => [pair[0], pair[1]]);
  }

  forEach(callback, thisArg = undefined) {
    listOf(this);
    if (typeof callback !== 'function') {
      throw ERR_INVALID_ARG_TYPE('callback', 'function', callback);
    }
    for (let i = 0; i < this.#list.length; i++) {
      call(callback, thisArg, this.#list[i][1], this.#list[i][0], this);
    }
  }

  keys() {
    return iterate(this, (pair) => pair[0]);
  }

  values() {
    return iterate(this, (pair) => pair[1]);
  }

  toString() {
    return parser.serializeForm(listOf(this));
  }

  [custom](depth, options) {
    const list = listOf(this);
    if (typeof depth === 'number' && depth < 0) {
      return options.stylize('[Object]', 'special');
    }
    const inner = { ...options, depth: depth === null ? null : depth - 1 };
    const items = [];
    for (let i = 0; i < list.length; i++) {
      push(items, `${inspect(list[i][0], inner)} => ${inspect(list[i][1], inner)}`);
    }
    if (!items.length) return 'URLSearchParams {}';
    const text = items.join(', ');
    return text.length <= options.breakLength
      ? `URLSearchParams { ${text} }`
      : `URLSearchParams {\n  ${items.join(',\n  ')} }`;
  }
}
const { replace: replaceList } = URLSearchParams;
delete URLSearchParams.replace;

const places = new WeakMap();

// What is added meanwhile is come across, as in a list.
const iterators = create(iteratorPrototype, {
  next: {
    __proto__: null, configurable: true, enumerable: true, writable: true,
    value: function next() {
      const it = places.get(this);
      if (!it) throw ERR_INVALID_THIS('URLSearchParamsIterator');
      const list = listOf(it.params);
      if (it.at >= list.length) return { value: undefined, done: true };
      return { value: it.pick(list[it.at++]), done: false };
    },
  },
  [toStringTag]: {
    __proto__: null, configurable: true, value: 'URLSearchParams Iterator',
  },
});

function iterate(params, pick) {
  listOf(params);
  const it = create(iterators);
  places.set(it, { params, pick, at: 0 });
  return it;
}

// --- URL -----------------------------------------------------------------------------------

function parseOrThrow(input, base) {
  let baseRecord = null;
  if (base !== undefined) {
    baseRecord = parser.parse(base, null);
  }
  const record = base === undefined || baseRecord
    ? parser.parse(input, baseRecord) : null;
  if (record) return record;
  const error = coded(TypeError, 'ERR_INVALID_URL', 'Invalid URL');
  error.input = input;
  if (base !== undefined) error.base = base;
  throw error;
}

let recordOf;

class URL {
  #record;
  #params;

  static {
    recordOf = (v) => {
      if (v === null || typeof v !== 'object' || !(#record in v)) {
        throw ERR_INVALID_THIS('URL');
      }
      return v.#record;
    };
  }

  constructor(input, base = undefined) {
    if (arguments.length === 0) throw ERR_MISSING_ARGS('url');
    this.#record = parseOrThrow(textOf(input),
                                base === undefined ? undefined : textOf(base));
  }

  static canParse(input, base = undefined) {
    if (arguments.length === 0) throw ERR_MISSING_ARGS('url');
    try {
      parseOrThrow(textOf(input), base === undefined ? undefined : textOf(base));
      return true;
    } catch {
      return false;
    }
  }

  static parse(input, base = undefined) {
    if (arguments.length === 0) throw ERR_MISSING_ARGS('url');
    return URL.canParse(input, base) ? new URL(input, base) : null;
  }

  // The list of the parameters follows the query.
  static #queryChanged(url) {
    if (url.#params) {
      replaceList(url.#params, parser.parseForm(url.#record.query ?? ''));
    }
  }

  toString() {
    return parser.serialize(recordOf(this));
  }

  get href() {
    return parser.serialize(recordOf(this));
  }

  set href(value) {
    recordOf(this);
    this.#record = parseOrThrow(textOf(value));
    URL.#queryChanged(this);
  }

  get origin() {
    return parser.originOf(recordOf(this));
  }

  get protocol() {
    return `${recordOf(this).scheme}:`;
  }

  set protocol(value) {
    parser.setters.protocol(recordOf(this), textOf(value));
  }

  get username() {
    return recordOf(this).username;
  }

  set username(value) {
    parser.setters.username(recordOf(this), textOf(value));
  }

  get password() {
    return recordOf(this).password;
  }

  set password(value) {
    parser.setters.password(recordOf(this), textOf(value));
  }

  get host() {
    return parser.hostOf(recordOf(this));
  }

  set host(value) {
    parser.setters.host(recordOf(this), textOf(value));
  }

  get hostname() {
    return recordOf(this).host ?? '';
  }

  set hostname(value) {
    parser.setters.hostname(recordOf(this), textOf(value));
  }

  get port() {
    const { port } = recordOf(this);
    return port === null ? '' : `${port}`;
  }

  set port(value) {
    parser.setters.port(recordOf(this), textOf(value));
  }

  get pathname() {
    return parser.pathOf(recordOf(this));
  }

  set pathname(value) {
    parser.setters.pathname(recordOf(this), textOf(value));
  }

  get search() {
    const { query } = recordOf(this);
    return query === null || query === '' ? '' : `?${query}`;
  }

  set search(value) {
    parser.setters.search(recordOf(this), textOf(value));
    URL.#queryChanged(this);
  }

  get searchParams() {
    const record = recordOf(this);
    this.#params ??= paramsOf((list) => {
      const text = parser.serializeForm(list);
      this.#record.query = text === '' ? null : text;
    }, parser.parseForm(record.query ?? ''));
    return this.#params;
  }

  get hash() {
    const { fragment } = recordOf(this);
    return fragment === null || fragment === '' ? '' : `#${fragment}`;
  }

  set hash(value) {
    parser.setters.hash(recordOf(this), textOf(value));
  }

  toJSON() {
    return parser.serialize(recordOf(this));
  }

  [custom](depth, options) {
    recordOf(this);
    if (typeof depth === 'number' && depth < 0) return this;
    const shown = create({ constructor: this.constructor === null ? null : URL });
    const names = ['href', 'origin', 'protocol', 'username', 'password', 'host',
                   'hostname', 'port', 'pathname', 'search', 'searchParams',
                   'hash'];
    for (let i = 0; i < names.length; i++) shown[names[i]] = this[names[i]];
    return `${this.constructor?.name ?? 'URL'} ${
      inspect({ ...shown }, options)}`;
  }
}

function finish(prototype, tag, names) {
  const enumerable = { __proto__: null, enumerable: true };
  for (let i = 0; i < names.length; i++) {
    defineProperties(prototype, { [names[i]]: enumerable });
  }
  defineProperties(prototype, {
    [toStringTag]: { __proto__: null, value: tag, configurable: true },
  });
}
finish(URL.prototype, 'URL', ['toString', 'href', 'origin', 'protocol', 'username',
  'password', 'host', 'hostname', 'port', 'pathname', 'search', 'searchParams',
  'hash', 'toJSON']);
finish(URLSearchParams.prototype, 'URLSearchParams', ['size', 'append', 'delete',
  'get', 'getAll', 'has', 'set', 'sort', 'entries', 'forEach', 'keys', 'values',
  'toString']);
defineProperties(URL, {
  canParse: { __proto__: null, enumerable: true },
  parse: { __proto__: null, enumerable: true },
});
defineProperties(URLSearchParams.prototype, {
  [iterator]: {
    __proto__: null, value: URLSearchParams.prototype.entries, writable: true,
    configurable: true,
  },
});

module.exports = {
  URL,
  URLSearchParams,
  isURL: (v) => {
    try {
      recordOf(v);
      return true;
    } catch {
      return false;
    }
  },
};
