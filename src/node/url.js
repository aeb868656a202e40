// node:url: the URL Standard's classes, paths and file: URLs, and node's older
// functions on URLs as objects of texts.

const { URL, URLSearchParams, isURL } = require('internal/url');
const { toASCII, toUnicode } = require('internal/idna');
const { parseHost } = require('internal/url-parser');
const { ERR_INVALID_ARG_TYPE, coded } = require('internal/errors');
const { validateObject, validateString } =
  require('internal/validators');
const { apply } = Reflect;
const { assign, create } = Object;
const { join, splice: spliceOf } = Array.prototype;
const { Number, TypeError, decodeURIComponent, encodeURIComponent } =
  globalThis;
const { exec, test } = RegExp.prototype;
const {
  charCodeAt, endsWith, includes, indexOf, replace, slice: sliceOf,
  split, startsWith, toLowerCase, trim,
} = String.prototype;

const call = (f, self, ...args) => apply(f, self, args);
const is = (pattern, s) => apply(test, pattern, [s]);
const slice = (s, from, to) => apply(sliceOf, s, [from, to]);
const push = (list, v) => { list[list.length] = v; };
const querystring = () => require('node:querystring');

// --- Files -----------------------------------------------------------------------------

function fileURLToPath(path) {
  if (typeof path === 'string') path = new URL(path);
  else if (!isURL(path) && !(path?.href && path.protocol && path.auth === undefined)) {
    throw ERR_INVALID_ARG_TYPE('path', ['string', 'URL'], path);
  }
  if (path.protocol !== 'file:') {
    throw coded(TypeError, 'ERR_INVALID_URL_SCHEME',
                'The URL must be of scheme file');
  }
  if (path.hostname !== '') {
    throw coded(TypeError, 'ERR_INVALID_FILE_URL_HOST',
      'File URL host must be "localhost" or empty on ' +
      `${require('node:process').platform}`);
  }
  const { pathname } = path;
  if (is(/%2f/i, pathname)) {
    const error = coded(TypeError, 'ERR_INVALID_FILE_URL_PATH',
      'File URL path must not include encoded / characters');
    throw error;
  }
  return decodeURIComponent(pathname);
}

const inPath = { '%': '%25', '\\': '%5C', '\n': '%0A', '\r': '%0D', '\t': '%09',
                 '?': '%3F', '#': '%23' };

function pathToFileURL(filepath) {
  validateString(filepath, 'path');
  let resolved = require('node:path').resolve(filepath);
  if (call(endsWith, filepath, '/') && !call(endsWith, resolved, '/')) {
    resolved += '/';
  }
  return new URL(`file://${
    call(replace, resolved, /[%\\\n\r\t?#]/g, (c) => inPath[c])}`);
}

function urlToHttpOptions(url) {
  const { hostname, pathname, port, username, password, search } = url;
  const options = {
    __proto__: null,
    ...url,
    protocol: url.protocol,
    hostname: hostname && call(startsWith, hostname, '[')
      ? slice(hostname, 1, -1) : hostname,
    hash: url.hash,
    search,
    pathname,
    path: `${pathname || ''}${search || ''}`,
    href: url.href,
  };
  if (port !== '') options.port = Number(port);
  if (username || password) {
    options.auth = `${decodeURIComponent(username)}:${
      decodeURIComponent(password)}`;
  }
  return options;
}

function hostToASCII(domain) {
  const host = parseHost(`${domain}`, true);
  return host === null ? '' : host;
}

function domainToUnicode(domain) {
  const host = parseHost(`${domain}`, true);
  return host === null ? '' : toUnicode(host);
}

// --- URLs as objects -------------------------------------------------------------------------

const HOSTLESS = /^javascript:?$/;
const SLASHED = /^(?:https?|ftp|gopher|file|wss?):?$/;

function Url() {
  this.protocol = null;
  this.slashes = null;
  this.auth = null;
  this.host = null;
  this.port = null;
  this.hostname = null;
  this.hash = null;
  this.search = null;
  this.query = null;
  this.pathname = null;
  this.path = null;
  this.href = null;
}

const isSlashed = (protocol) => !!protocol && is(SLASHED, protocol);
const isHostless = (protocol) => !!protocol && is(HOSTLESS, protocol);

const ESCAPED = /[\t\n\r "'<>\\^`{|}]/g;
const escapeOne = (c) => {
  const code = call(charCodeAt, c, 0);
  return `%${code < 16 ? '0' : ''}${code.toString(16).toUpperCase()}`;
};

// Backslashes are slashes, but for those in a query.
function turnSlashes(text) {
  const at = call(indexOf, text, '?');
  const hash = call(indexOf, text, '#');
  const end = at < 0 ? hash < 0 ? text.length : hash
    : hash < 0 || at < hash ? at : hash;
  return call(replace, slice(text, 0, end), /\\/g, '/') + slice(text, end);
}

function setQuery(url, wantsObject) {
  if (url.search !== null) {
    const query = slice(url.search, 1);
    url.query = wantsObject ? querystring().parse(query) : query;
  } else if (wantsObject) {
    url.query = create(null);
  }
}

// The characters that no name of a host has.
const NOT_IN_HOST = /[\0\t\n\r #%/:<>?@[\\\]^|]/;
const NOT_IN_IPV6 = /[\0\t\n\r #%/<>?@\\^|]/;

function invalid(input) {
  const error = coded(TypeError, 'ERR_INVALID_URL', 'Invalid URL');
  error.input = input;
  return error;
}

// "auth@host:port" at the beginning of the rest, which is given back.
function takeHost(url, rest, input) {
  let end = rest.length;
  let at = -1;
  let other = -1;
  for (let i = 0; i < rest.length; i++) {
    const c = rest[i];
    if (c === '\t' || c === '\n' || c === '\r') {
      rest = slice(rest, 0, i) + slice(rest, i + 1);
      end = rest.length;
      i--;
    } else if (c === '@') {
      at = i;
      other = -1;
    } else if (c === '/' || c === '?' || c === '#') {
      if (other < 0) other = i;
      end = i;
      break;
    } else if (other < 0 && is(/[ "%';<>\\^`{|}]/, c)) {
      other = i;
    }
  }
  if (at >= 0) url.auth = decodeURIComponent(slice(rest, 0, at));
  const stop = other < 0 ? end : other;
  let host = slice(rest, at + 1, stop);
  rest = slice(rest, stop);
  const port = call(exec, /:[0-9]*$/, host);
  if (port) {
    if (port[0] !== ':') url.port = slice(port[0], 1);
    host = slice(host, 0, host.length - port[0].length);
  }
  const isIPv6 = host[0] === '[' && host[host.length - 1] === ']';
  if (!isIPv6) {
    for (let i = 0; i < host.length; i++) {
      if (!is(/[/\\#?:]/, host[i])) continue;
      rest = `/${slice(host, i)}${rest}`;
      host = slice(host, 0, i);
      break;
    }
  }
  host = host.length > 255 ? '' : call(toLowerCase, host);
  if (host !== '') {
    if (isIPv6) {
      if (is(NOT_IN_IPV6, host)) throw invalid(input);
    } else {
      host = toASCII(host);
      if (!host || is(NOT_IN_HOST, host)) throw invalid(input);
    }
  }
  url.host = host + (url.port === null ? '' : `:${url.port}`);
  url.hostname = isIPv6 ? slice(host, 1, -1) : host;
  if (isIPv6 && rest[0] !== '/') rest = `/${rest}`;
  return rest;
}

Url.prototype.parse = function(input, wantsObject, slashesDenoteHost) {
  validateString(input, 'url');
  let rest = turnSlashes(call(trim, input));
  const hasHash = call(includes, rest, '#');
  const hasAt = call(includes, rest, '@');
  if (!slashesDenoteHost && !hasHash && !hasAt) {
    const simple = call(exec, /^(\/\/?(?!\/)[^?\s]*)(\?[^\s]*)?$/, rest);
    if (simple) {
      this.path = rest;
      this.href = rest;
      this.pathname = simple[1];
      if (simple[2]) this.search = simple[2];
      setQuery(this, wantsObject);
      return this;
    }
  }
  let protocol = call(exec, /^[a-z0-9.+-]+:/i, rest)?.[0];
  if (protocol) {
    rest = slice(rest, protocol.length);
    protocol = call(toLowerCase, protocol);
    this.protocol = protocol;
  }
  let hasSlashes = false;
  if (slashesDenoteHost || protocol || is(/^\/\/[^@/]+@[^@/]+/, rest)) {
    hasSlashes = call(startsWith, rest, '//');
    if (hasSlashes && !isHostless(protocol)) {
      rest = slice(rest, 2);
      this.slashes = true;
    }
  }
  if (!isHostless(protocol) &&
      (hasSlashes || (protocol && !isSlashed(protocol)))) {
    rest = takeHost(this, rest, input);
  }
  if (!isHostless(protocol)) rest = call(replace, rest, ESCAPED, escapeOne);
  const hash = call(indexOf, rest, '#');
  if (hash >= 0) {
    this.hash = slice(rest, hash);
    rest = slice(rest, 0, hash);
  }
  const question = call(indexOf, rest, '?');
  if (question >= 0) {
    this.search = slice(rest, question);
    rest = slice(rest, 0, question);
  }
  setQuery(this, wantsObject);
  if (question < 0 && wantsObject) this.search = null;
  if (rest !== '') this.pathname = rest;
  if (isSlashed(protocol) && this.hostname && !this.pathname) this.pathname = '/';
  if (this.pathname || this.search) {
    this.path = (this.pathname || '') + (this.search || '');
  }
  this.href = this.format();
  return this;
};

const encodeAuth = (text) => call(replace, call(replace,
  encodeURIComponent(text), /%3A/gi, ':'), /[!'()*]/g, (c) => c);

Url.prototype.format = function() {
  const auth = this.auth ? `${encodeAuth(this.auth)}@` : '';
  let protocol = this.protocol || '';
  let pathname = this.pathname || '';
  let hash = this.hash || '';
  let host = '';
  let query = '';
  if (this.host) {
    host = auth + this.host;
  } else if (this.hostname) {
    host = auth + (call(includes, this.hostname, ':') && this.hostname[0] !== '['
      ? `[${this.hostname}]` : this.hostname);
    if (this.port) host += `:${this.port}`;
  }
  if (this.query !== null && typeof this.query === 'object') {
    query = querystring().stringify(this.query);
  }
  let search = this.search || (query && `?${query}`) || '';
  if (protocol && !call(endsWith, protocol, ':')) protocol += ':';
  pathname = call(replace, call(replace, pathname, /#/g, '%23'), /\?/g, '%3F');
  if (this.slashes || isSlashed(protocol)) {
    if (this.slashes || host) {
      if (pathname && pathname[0] !== '/') pathname = `/${pathname}`;
      host = `//${host}`;
    } else if (call(startsWith, protocol, 'file')) {
      host = '//';
    }
  }
  search = call(replace, search, /#/g, '%23');
  if (hash && hash[0] !== '#') hash = `#${hash}`;
  if (search && search[0] !== '?') search = `?${search}`;
  return protocol + host + pathname + search + hash;
};

// The parts of a path without '.' and '..', of which those that lead out are
// kept where nothing is to hold them.
function reduce(parts, mayLeadOut) {
  const kept = [];
  let out = 0;
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] === '..') {
      if (kept.length) kept.length--;
      else out++;
    } else if (parts[i] !== '.') {
      push(kept, parts[i]);
    }
  }
  if (mayLeadOut) for (; out > 0; out--) call(spliceOf, kept, 0, 0, '..');
  return kept;
}

Url.prototype.resolve = function(relative) {
  return this.resolveObject(parse(relative, false, true)).format();
};

function finishResolved(result) {
  if (result.pathname !== null || result.search !== null) {
    result.path = (result.pathname || '') + (result.search || '');
  }
  result.href = result.format();
  return result;
}

Url.prototype.resolveObject = function(relative) {
  if (typeof relative === 'string') relative = parse(relative, false, true);
  const result = assign(new Url(), this);
  result.hash = relative.hash;
  if (relative.href === '') {
    result.href = result.format();
    return result;
  }
  if (relative.slashes && !relative.protocol) {
    const { protocol } = result;
    assign(result, relative);
    result.protocol = protocol;
    if (isSlashed(protocol) && result.hostname && !result.pathname) {
      result.path = result.pathname = '/';
    }
    result.href = result.format();
    return result;
  }
  if (relative.protocol && relative.protocol !== result.protocol) {
    if (!isSlashed(relative.protocol)) {
      assign(result, relative);
      result.href = result.format();
      return result;
    }
    result.protocol = relative.protocol;
    result.pathname = relative.pathname;
    if (!relative.host && !is(/^file:?$/, relative.protocol) &&
        !isHostless(relative.protocol)) {
      const parts = call(split, relative.pathname || '', '/');
      while (parts.length && !(relative.host = parts[0])) call(spliceOf, parts, 0, 1);
      relative.host ||= '';
      call(spliceOf, parts, 0, 1);
      relative.hostname ||= '';
      if (parts[0] !== '') call(spliceOf, parts, 0, 0, '');
      if (parts.length < 2) call(spliceOf, parts, 0, 0, '');
      result.pathname = call(join, parts, '/');
    }
    result.search = relative.search;
    result.query = relative.query;
    result.host = relative.host || '';
    result.auth = relative.auth;
    result.hostname = relative.hostname || relative.host;
    result.port = relative.port;
    if (result.pathname || result.search) {
      result.path = (result.pathname || '') + (result.search || '');
    }
    result.slashes ||= relative.slashes;
    result.href = result.format();
    return result;
  }
  return resolvePath(result, relative);
};

function resolvePath(result, relative) {
  const isFromRoot = result.pathname && result.pathname[0] === '/';
  const isAbsolute = relative.host ||
    (relative.pathname && relative.pathname[0] === '/');
  let mustBeAbsolute = isAbsolute || isFromRoot ||
    (result.host && relative.pathname);
  const keepsDots = mustBeAbsolute;
  let parts = (result.pathname && call(split, result.pathname, '/')) || [];
  const more = (relative.pathname && call(split, relative.pathname, '/')) || [];
  const hasNoSlashes = result.protocol && !isSlashed(result.protocol);
  if (hasNoSlashes) {
    result.hostname = '';
    result.port = null;
    if (result.host) {
      if (parts[0] === '') parts[0] = result.host;
      else call(spliceOf, parts, 0, 0, result.host);
    }
    result.host = '';
    if (relative.protocol) {
      relative.hostname = null;
      relative.port = null;
      result.auth = null;
      if (relative.host) {
        if (more[0] === '') more[0] = relative.host;
        else call(spliceOf, more, 0, 0, relative.host);
      }
      relative.host = null;
    }
    mustBeAbsolute &&= more[0] === '' || parts[0] === '';
  }
  if (isAbsolute) {
    if (relative.host || relative.host === '') {
      if (result.host !== relative.host) result.auth = null;
      result.host = relative.host;
      result.port = relative.port;
    }
    if (relative.hostname || relative.hostname === '') {
      if (result.hostname !== relative.hostname) result.auth = null;
      result.hostname = relative.hostname;
    }
    result.search = relative.search;
    result.query = relative.query;
    parts = more;
  } else if (more.length) {
    if (parts.length) parts.length--;
    parts = [...parts, ...more];
    result.search = relative.search;
    result.query = relative.query;
  } else if (relative.search !== null && relative.search !== undefined) {
    if (hasNoSlashes) {
      result.hostname = result.host = parts.length
        ? call(spliceOf, parts, 0, 1)[0] : undefined;
      takeAuth(result);
    }
    result.search = relative.search;
    result.query = relative.query;
    return finishResolved(result);
  }
  if (!parts.length) {
    result.pathname = null;
    result.path = result.search ? `/${result.search}` : null;
    result.href = result.format();
    return result;
  }
  const last = parts[parts.length - 1];
  const endsInSlash = ((result.host || relative.host || parts.length > 1) &&
    (last === '.' || last === '..')) || last === '';
  parts = reduce(parts, !mustBeAbsolute && !keepsDots);
  if (mustBeAbsolute && parts[0] !== '' &&
      (!parts[0] || parts[0][0] !== '/')) {
    call(spliceOf, parts, 0, 0, '');
  }
  if (endsInSlash && !call(endsWith, call(join, parts, '/'), '/')) push(parts, '');
  const beginsWithSlash = parts[0] === '' || (parts[0] && parts[0][0] === '/');
  if (hasNoSlashes) {
    result.hostname = result.host = beginsWithSlash ? ''
      : parts.length ? call(spliceOf, parts, 0, 1)[0] : '';
    takeAuth(result);
  }
  mustBeAbsolute ||= result.host && parts.length;
  if (mustBeAbsolute && !beginsWithSlash) call(spliceOf, parts, 0, 0, '');
  if (!parts.length) {
    result.pathname = null;
    result.path = null;
  } else {
    result.pathname = call(join, parts, '/');
  }
  result.auth = relative.auth || result.auth;
  result.slashes ||= relative.slashes;
  return finishResolved(result);
}

function takeAuth(url) {
  const at = url.host ? call(indexOf, url.host, '@') : -1;
  if (at <= 0) return;
  url.auth = slice(url.host, 0, at);
  url.host = url.hostname = slice(url.host, at + 1);
}

function parse(url, wantsObject, slashesDenoteHost) {
  if (url instanceof Url) return url;
  return new Url().parse(url, wantsObject, slashesDenoteHost);
}

function format(url, options) {
  if (typeof url === 'string') {
    url = parse(url);
  } else if (typeof url !== 'object' || url === null) {
    throw ERR_INVALID_ARG_TYPE('urlObject', ['Object', 'string'], url);
  } else if (isURL(url)) {
    let { fragment = true, unicode = false, search = true, auth = true } =
      options ?? {};
    if (options) {
      validateObject(options, 'options');
      fragment = !!fragment;
      unicode = !!unicode;
      search = !!search;
      auth = !!auth;
    }
    return formatStandard(url, { fragment, unicode, search, auth });
  }
  return call(Url.prototype.format, url);
}

function formatStandard(url, { fragment, unicode, search, auth }) {
  const copy = new URL(url.href);
  if (!fragment) copy.hash = '';
  if (!search) copy.search = '';
  if (!auth) {
    copy.username = '';
    copy.password = '';
  }
  const { href, hostname } = copy;
  if (!unicode || !hostname || !call(includes, hostname, 'xn--')) return href;
  const from = call(indexOf, href, hostname);
  return slice(href, 0, from) + toUnicode(hostname) +
    slice(href, from + hostname.length);
}

module.exports = {
  URL,
  URLSearchParams,
  Url,
  domainToASCII: hostToASCII,
  domainToUnicode,
  fileURLToPath,
  format,
  parse,
  pathToFileURL,
  resolve: (from, to) => parse(from, false, true).resolve(to),
  resolveObject: (from, to) =>
    (from ? parse(from, false, true).resolveObject(to) : to),
  urlToHttpOptions,
};
