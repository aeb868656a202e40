// internal/url-parser: the URL Standard's parser, by its parts.
//
// A record is { scheme, username, password, host, port, path, query, fragment }:
// host null, '' or as it is written; port null or a number; path a list of
// segments, or a text where it is opaque; query and fragment null or text.
// What is parsed is text without lone surrogates.

const { toASCII } = require('internal/idna');
const { encode } = binding;
const { apply } = Reflect;
const { Number, parseInt, String } = globalThis;
const { exec, test } = RegExp.prototype;
const {
  charCodeAt, codePointAt, indexOf, lastIndexOf, replace, slice: sliceOf,
  search: searchOf, split: splitOf, startsWith, toLowerCase,
} = String.prototype;

const call = (f, self, ...args) => apply(f, self, args);
// A method as a function of its object, whatever becomes of the method.
const uncurry = (f) => apply(Function.prototype.bind, Function.prototype.call, [f]);
const slice = uncurry(sliceOf);
const codeAt = uncurry(charCodeAt);
const is = uncurry(test);
const search = uncurry(searchOf);
const split = uncurry(splitOf);
const push = (list, v) => { list[list.length] = v; };

// --- Percent encoding ----------------------------------------------------------------

// Which characters of ASCII are encoded, by their codes.
function setOf(text, from = undefined) {
  const set = new Uint8Array(128);
  for (let i = 0; i < 128; i++) {
    set[i] = from ? from[i] : +(i < 32 || i === 127);
  }
  for (let i = 0; i < text.length; i++) set[codeAt(text, i)] = 1;
  return set;
}
const C0 = setOf('');
const FRAGMENT = setOf(' "<>`');
const QUERY = setOf(' "#<>');
const SPECIAL_QUERY = setOf("'", QUERY);
const PATH = setOf('?`{}', QUERY);
const USERINFO = setOf('/:;=@[\\]^|', PATH);
const FORM = setOf("$%&+,!'()~", USERINFO);
const HEX = '0123456789ABCDEF';

const percent = (byte) => `%${HEX[byte >> 4]}${HEX[byte & 15]}`;

const PLAIN = /^[a-zA-Z0-9\-._~/]*$/;

function percentEncode(text, set) {
  if (set !== USERINFO && set !== FORM && is(PLAIN, text)) return text;
  let out = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const code = codeAt(text, i);
    if (code < 128 && !set[code]) continue;
    out += slice(text, from, i);
    if (code < 128) {
      out += percent(code);
    } else {
      const size = call(codePointAt, text, i) > 0xffff ? 2 : 1;
      const bytes = encode(slice(text, i, i + size));
      for (let k = 0; k < bytes.length; k++) out += percent(bytes[k]);
      i += size - 1;
    }
    from = i + 1;
  }
  return from ? out + slice(text, from) : text;
}

const hexValue = (code) => (code >= 48 && code <= 57 ? code - 48
  : code >= 65 && code <= 70 ? code - 55
    : code >= 97 && code <= 102 ? code - 87 : -1);

// The text that the bytes are, which are the text's own or encoded.
function percentDecode(text) {
  if (call(indexOf, text, '%') < 0) return text;
  const bytes = encode(text);
  let n = 0;
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i];
    if (byte === 37 && i + 2 < bytes.length) {
      const high = hexValue(bytes[i + 1]);
      const low = hexValue(bytes[i + 2]);
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        i += 2;
      }
    }
    bytes[n++] = byte;
  }
  return binding.decode(new Uint8Array(bytes.buffer, 0, n), new Uint8Array(4), 0);
}

// --- Hosts --------------------------------------------------------------------------------

const FORBIDDEN = /[\0\t\n\r #/:<>?@[\\\]^|]/;
const FORBIDDEN_DOMAIN = /[\0-\x20#%/:<>?@[\\\]^|\x7f]/;

// NaN: it is no number.
function numberOfPart(part) {
  if (part === '') return NaN;
  if (is(/^0[xX]/, part)) {
    const digits = slice(part, 2);
    return digits === '' ? 0 : is(/^[0-9a-fA-F]+$/, digits)
      ? parseInt(digits, 16) : NaN;
  }
  if (part.length > 1 && part[0] === '0') {
    return is(/^[0-7]+$/, part) ? parseInt(part, 8) : NaN;
  }
  return is(/^[0-9]+$/, part) ? Number(part) : NaN;
}

function endsInNumber(host) {
  const parts = split(host, '.');
  if (parts[parts.length - 1] === '') {
    if (parts.length === 1) return false;
    parts.length--;
  }
  const last = parts[parts.length - 1];
  return is(/^[0-9]+$/, last) || is(/^0[xX][0-9a-fA-F]*$/, last);
}

function parseIPv4(host) {
  const parts = split(host, '.');
  if (parts[parts.length - 1] === '' && parts.length > 1) parts.length--;
  if (parts.length > 4) return null;
  let address = 0;
  for (let i = 0; i < parts.length; i++) {
    const n = numberOfPart(parts[i]);
    if (n !== n) return null;
    if (i < parts.length - 1) {
      if (n > 255) return null;
      address += n * 256 ** (3 - i);
    } else {
      if (n >= 256 ** (5 - parts.length)) return null;
      address += n;
    }
  }
  return `${Math.floor(address / 16777216)}.${(address >>> 16) & 255}.${
    (address >>> 8) & 255}.${address & 255}`;
}

function parseIPv6(text) {
  const pieces = [0, 0, 0, 0, 0, 0, 0, 0];
  let piece = 0;
  let compress = -1;
  let i = 0;
  if (text[0] === ':') {
    if (text[1] !== ':') return null;
    i = 2;
    compress = ++piece;
  }
  while (i < text.length) {
    if (piece === 8) return null;
    if (text[i] === ':') {
      if (compress >= 0) return null;
      i++;
      compress = ++piece;
      continue;
    }
    let value = 0;
    let length = 0;
    while (length < 4 && i < text.length && hexValue(codeAt(text, i)) >= 0) {
      value = value * 16 + hexValue(codeAt(text, i++));
      length++;
    }
    if (text[i] === '.') {
      if (length === 0 || piece > 6) return null;
      const parts = split(slice(text, i - length), '.');
      if (parts.length !== 4) return null;
      for (let k = 0; k < 4; k++) {
        if (!is(/^(?:0|[1-9][0-9]{0,2})$/, parts[k]) || +parts[k] > 255) return null;
      }
      pieces[piece++] = parts[0] * 256 + +parts[1];
      pieces[piece++] = parts[2] * 256 + +parts[3];
      i = text.length;
      break;
    }
    if (text[i] === ':') {
      if (++i === text.length) return null;
    } else if (i < text.length) {
      return null;
    }
    pieces[piece++] = value;
  }
  if (compress >= 0) {
    for (let n = piece - compress, at = 7; at !== 0 && n > 0; n--, at--) {
      const other = compress + n - 1;
      const held = pieces[other];
      pieces[other] = pieces[at];
      pieces[at] = held;
    }
  } else if (piece !== 8) {
    return null;
  }
  return pieces;
}

function showIPv6(pieces) {
  let best = -1;
  let most = 1;
  for (let i = 0; i < 8; i++) {
    let n = 0;
    while (i + n < 8 && pieces[i + n] === 0) n++;
    if (n > most) {
      best = i;
      most = n;
    }
    if (n) i += n - 1;
  }
  let text = '';
  for (let i = 0; i < 8; i++) {
    if (i === best) {
      text += i === 0 ? '::' : ':';
      i += most - 1;
      continue;
    }
    text += pieces[i].toString(16);
    if (i < 7) text += ':';
  }
  return text;
}

// null: it is no host.
function parseHost(text, isSpecial) {
  if (text[0] === '[') {
    if (text[text.length - 1] !== ']') return null;
    const pieces = parseIPv6(slice(text, 1, -1));
    return pieces && `[${showIPv6(pieces)}]`;
  }
  if (!isSpecial) return is(FORBIDDEN, text) ? null : percentEncode(text, C0);
  const domain = toASCII(percentDecode(text));
  if (domain === null || domain === '' || is(FORBIDDEN_DOMAIN, domain)) return null;
  return endsInNumber(domain) ? parseIPv4(domain) : domain;
}

// --- Paths -----------------------------------------------------------------------------------

const PORTS = { __proto__: null, 'http': 80, 'https': 443, 'ws': 80, 'wss': 443,
                'ftp': 21, 'file': null };
const isSpecialScheme = (scheme) => PORTS[scheme] !== undefined;
const isDriveLetter = (s) => is(/^[a-zA-Z][:|]$/, s);
const beginsWithDrive = (s) => is(/^[a-zA-Z][:|](?:[/\\?#]|$)/, s);

function shorten(url) {
  const { path } = url;
  if (url.scheme === 'file' && path.length === 1 && is(/^[a-zA-Z]:$/, path[0])) {
    return;
  }
  if (path.length) path.length--;
}

// Where one of the characters is that end a part; the length where there is none.
function endOf(text, pattern) {
  const at = search(text, pattern);
  return at < 0 ? text.length : at;
}

const isSingleDot = (s) => s === '.' || (s.length === 3 && is(/^%2e$/i, s));
const isDoubleDot = (s) => s === '..' || is(/^(?:\.%2e|%2e\.|%2e%2e)$/i, s);

// What is before the query, segment by segment, behind what is there.
function addPath(url, text) {
  const isSpecial = isSpecialScheme(url.scheme);
  const parts = split(text, isSpecial ? /[/\\]/ : '/');
  for (let i = 0; i < parts.length; i++) {
    const isLast = i === parts.length - 1;
    let part = percentEncode(parts[i], PATH);
    if (isDoubleDot(part)) {
      shorten(url);
      if (isLast) push(url.path, '');
    } else if (isSingleDot(part)) {
      if (isLast) push(url.path, '');
    } else {
      if (url.scheme === 'file' && url.path.length === 0 && isDriveLetter(part)) {
        part = `${part[0]}:`;
      }
      push(url.path, part);
    }
  }
}

function setQuery(url, text) {
  url.query = percentEncode(text, isSpecialScheme(url.scheme) ? SPECIAL_QUERY
    : QUERY);
}

// "?query#fragment", or nothing.
function parseRest(url, rest) {
  if (rest[0] === '?') {
    const end = endOf(rest, /#/);
    setQuery(url, slice(rest, 1, end));
    rest = slice(rest, end);
  }
  if (rest[0] === '#') url.fragment = percentEncode(slice(rest, 1), FRAGMENT);
  return url;
}

// The path and what follows, where a path begins.
function parsePathStart(url, rest) {
  const end = endOf(rest, /[?#]/);
  let text = slice(rest, 0, end);
  if (isSpecialScheme(url.scheme)) {
    if (text[0] === '/' || text[0] === '\\') text = slice(text, 1);
    addPath(url, text);
  } else if (text !== '') {
    addPath(url, text[0] === '/' ? slice(text, 1) : text);
  }
  return parseRest(url, slice(rest, end));
}

// The same behind segments that are there: nothing is no segment.
function parsePath(url, rest) {
  const end = endOf(rest, /[?#]/);
  addPath(url, slice(rest, 0, end));
  return parseRest(url, slice(rest, end));
}

// --- Authorities --------------------------------------------------------------------------------

// "host:port": false when it is none.
function parseHostPort(url, text) {
  let colon = -1;
  let isInside = false;
  for (let i = 0; i < text.length && colon < 0; i++) {
    if (text[i] === '[') isInside = true;
    else if (text[i] === ']') isInside = false;
    else if (text[i] === ':' && !isInside) colon = i;
  }
  const name = colon < 0 ? text : slice(text, 0, colon);
  const isSpecial = isSpecialScheme(url.scheme);
  if (name === '' && (isSpecial || colon >= 0)) return false;
  const host = name === '' ? '' : parseHost(name, isSpecial);
  if (host === null) return false;
  url.host = host;
  return colon < 0 || parsePort(url, slice(text, colon + 1));
}

function parsePort(url, digits) {
  if (!is(/^[0-9]*$/, digits)) return false;
  if (digits === '') return true;
  const port = Number(digits);
  if (port > 65535) return false;
  url.port = port === PORTS[url.scheme] ? null : port;
  return true;
}

function parseAuthority(url, rest) {
  const end = endOf(rest, isSpecialScheme(url.scheme) ? /[/\\?#]/ : /[/?#]/);
  let text = slice(rest, 0, end);
  const at = call(lastIndexOf, text, '@');
  if (at >= 0) {
    const who = slice(text, 0, at);
    const colon = call(indexOf, who, ':');
    url.username = percentEncode(colon < 0 ? who : slice(who, 0, colon), USERINFO);
    if (colon >= 0) {
      url.password = percentEncode(slice(who, colon + 1), USERINFO);
    }
    text = slice(text, at + 1);
    if (text === '') return null;
  }
  return parseHostPort(url, text) ? parsePathStart(url, slice(rest, end)) : null;
}

// --- Files ----------------------------------------------------------------------------------------

function parseFileHost(url, rest) {
  const end = endOf(rest, /[/\\?#]/);
  const name = slice(rest, 0, end);
  if (isDriveLetter(name)) return parsePath(url, rest);
  if (name !== '') {
    const host = parseHost(name, true);
    if (host === null) return null;
    url.host = host === 'localhost' ? '' : host;
  }
  return parsePathStart(url, slice(rest, end));
}

function parseFile(url, rest, base) {
  const isSlash = (c) => c === '/' || c === '\\';
  url.host = '';
  if (isSlash(rest[0])) {
    if (isSlash(rest[1])) return parseFileHost(url, slice(rest, 2));
    if (base) {
      url.host = base.host;
      if (!beginsWithDrive(slice(rest, 1)) && base.path.length &&
          is(/^[a-zA-Z]:$/, base.path[0])) {
        push(url.path, base.path[0]);
      }
    }
    return parsePath(url, slice(rest, 1));
  }
  if (!base) return parsePath(url, rest);
  url.host = base.host;
  url.path = [...base.path];
  url.query = base.query;
  if (rest === '' || rest[0] === '#') return parseRest(url, rest);
  url.query = null;
  if (rest[0] === '?') return parseRest(url, rest);
  if (beginsWithDrive(rest)) url.path = [];
  else shorten(url);
  return parsePath(url, rest);
}

// --- The whole --------------------------------------------------------------------------------------

function parseRelative(url, rest, base) {
  const isSpecial = isSpecialScheme(url.scheme);
  const isSlash = (c) => c === '/' || (isSpecial && c === '\\');
  if (isSlash(rest[0])) {
    if (isSpecial && isSlash(rest[1])) {
      return parseAuthority(url, skipSlashes(rest));
    }
    if (rest[1] === '/') return parseAuthority(url, slice(rest, 2));
  }
  url.username = base.username;
  url.password = base.password;
  url.host = base.host;
  url.port = base.port;
  if (isSlash(rest[0])) return parsePath(url, slice(rest, 1));
  url.path = [...base.path];
  url.query = base.query;
  if (rest === '' || rest[0] === '#') return parseRest(url, rest);
  url.query = null;
  if (rest[0] === '?') return parseRest(url, rest);
  shorten(url);
  return parsePath(url, rest);
}

function skipSlashes(rest) {
  let i = 0;
  while (rest[i] === '/' || rest[i] === '\\') i++;
  return slice(rest, i);
}

const isOpaque = (url) => typeof url.path === 'string';

const newRecord = (scheme) => ({ scheme, username: '', password: '', host: null,
                                 port: null, path: [], query: null,
                                 fragment: null });

const clean = (text) => call(replace, text, /[\t\n\r]/g, '');

// null: it is no URL.
function parse(input, base) {
  input = clean(call(replace, input, /^[\0- ]+|[\0- ]+$/g, ''));
  const found = call(exec, /^([a-zA-Z][a-zA-Z0-9+\-.]*):/, input);
  if (!found) {
    if (!base) return null;
    const url = newRecord(base.scheme);
    if (isOpaque(base)) {
      if (input[0] !== '#') return null;
      url.path = base.path;
      url.query = base.query;
      return parseRest(url, input);
    }
    return base.scheme === 'file' ? parseFile(url, input, base)
      : parseRelative(url, input, base);
  }
  const scheme = call(toLowerCase, found[1]);
  const url = newRecord(scheme);
  const rest = slice(input, found[0].length);
  const isSame = base && base.scheme === scheme && !isOpaque(base);
  if (scheme === 'file') return parseFile(url, rest, isSame ? base : null);
  if (isSpecialScheme(scheme)) {
    if (isSame && !call(startsWith, rest, '//')) {
      return parseRelative(url, rest, base);
    }
    return parseAuthority(url, skipSlashes(rest));
  }
  if (call(startsWith, rest, '//')) return parseAuthority(url, slice(rest, 2));
  if (rest[0] === '/') return parsePath(url, slice(rest, 1));
  const end = endOf(rest, /[?#]/);
  url.path = percentEncode(slice(rest, 0, end), C0);
  return parseRest(url, slice(rest, end));
}

function pathOf(url) {
  if (isOpaque(url)) return url.path;
  let text = '';
  for (let i = 0; i < url.path.length; i++) text += `/${url.path[i]}`;
  return text;
}

function hostOf(url) {
  if (url.host === null) return '';
  return url.port === null ? url.host : `${url.host}:${url.port}`;
}

function serialize(url, withFragment = true) {
  let text = `${url.scheme}:`;
  if (url.host !== null) {
    text += '//';
    if (url.username !== '' || url.password !== '') {
      text += url.username;
      if (url.password !== '') text += `:${url.password}`;
      text += '@';
    }
    text += hostOf(url);
  } else if (!isOpaque(url) && url.path.length > 1 && url.path[0] === '') {
    text += '/.';
  }
  text += pathOf(url);
  if (url.query !== null) text += `?${url.query}`;
  if (withFragment && url.fragment !== null) text += `#${url.fragment}`;
  return text;
}

function originOf(url) {
  if (url.scheme === 'blob') {
    const inner = isOpaque(url) ? parse(url.path, null) : null;
    return inner && (inner.scheme === 'http' || inner.scheme === 'https')
      ? originOf(inner) : 'null';
  }
  return isSpecialScheme(url.scheme) && url.scheme !== 'file'
    ? `${url.scheme}://${hostOf(url)}` : 'null';
}

// --- Setting one part ---------------------------------------------------------------------------------

const cannotHaveCredentials = (url) => url.host === null || url.host === '' ||
  url.scheme === 'file';

const setters = {
  __proto__: null,
  protocol(url, value) {
    const found = call(exec, /^([a-zA-Z][a-zA-Z0-9+\-.]*)(?::|$)/, clean(value));
    if (!found) return;
    const scheme = call(toLowerCase, found[1]);
    if (isSpecialScheme(scheme) !== isSpecialScheme(url.scheme)) return;
    if (scheme === 'file' && (url.username !== '' || url.password !== '' ||
        url.port !== null)) return;
    if (url.scheme === 'file' && url.host === '') return;
    url.scheme = scheme;
    if (url.port === PORTS[scheme]) url.port = null;
  },
  username(url, value) {
    if (!cannotHaveCredentials(url)) {
      url.username = percentEncode(value, USERINFO);
    }
  },
  password(url, value) {
    if (!cannotHaveCredentials(url)) {
      url.password = percentEncode(value, USERINFO);
    }
  },
  host(url, value) {
    if (!isOpaque(url)) setHost(url, clean(value), true);
  },
  hostname(url, value) {
    if (!isOpaque(url)) setHost(url, clean(value), false);
  },
  port(url, value) {
    if (cannotHaveCredentials(url)) return;
    if (value === '') {
      url.port = null;
      return;
    }
    const found = call(exec, /^[0-9]+/, clean(value));
    if (found) parsePort(url, found[0]);
  },
  pathname(url, value) {
    if (isOpaque(url)) return;
    value = clean(value);
    url.path = [];
    if (isSpecialScheme(url.scheme)) {
      addPath(url, value[0] === '/' || value[0] === '\\' ? slice(value, 1) : value);
    } else if (value !== '') {
      addPath(url, value[0] === '/' ? slice(value, 1) : value);
    } else if (url.host === null) {
      addPath(url, '');
    }
  },
  search(url, value) {
    if (value === '') {
      url.query = null;
      return;
    }
    value = clean(value);
    setQuery(url, value[0] === '?' ? slice(value, 1) : value);
  },
  hash(url, value) {
    if (value === '') {
      url.fragment = null;
      return;
    }
    value = clean(value);
    url.fragment = percentEncode(value[0] === '#' ? slice(value, 1) : value,
                                 FRAGMENT);
  },
};

function setHost(url, value, withPort) {
  const isSpecial = isSpecialScheme(url.scheme);
  let text = slice(value, 0, endOf(value, isSpecial ? /[/\\?#]/ : /[/?#]/));
  const changed = newRecord(url.scheme);
  if (url.scheme === 'file') {
    if (text === '') {
      url.host = '';
      return;
    }
    const host = parseHost(text, true);
    if (host !== null) url.host = host === 'localhost' ? '' : host;
    return;
  }
  let colon = -1;
  for (let i = 0, isInside = false; i < text.length && colon < 0; i++) {
    if (text[i] === '[') isInside = true;
    else if (text[i] === ']') isInside = false;
    else if (text[i] === ':' && !isInside) colon = i;
  }
  if (colon >= 0 && !withPort) return;
  const digits = colon < 0 ? '' : call(exec, /^[0-9]*/, slice(text, colon + 1))[0];
  if (colon >= 0) text = slice(text, 0, colon);
  if (text === '' && (isSpecial || colon >= 0 || url.username !== '' ||
      url.password !== '' || url.port !== null)) return;
  const host = text === '' ? '' : parseHost(text, isSpecial);
  if (host === null) return;
  url.host = host;
  if (digits !== '' && parsePort(changed, digits)) url.port = changed.port;
}

// --- application/x-www-form-urlencoded ------------------------------------------------------------------

function parseForm(text) {
  const list = [];
  const parts = split(text, '&');
  for (let i = 0; i < parts.length; i++) {
    if (parts[i] === '') continue;
    const part = call(replace, parts[i], /\+/g, ' ');
    const at = call(indexOf, part, '=');
    push(list, at < 0 ? [percentDecode(part), '']
      : [percentDecode(slice(part, 0, at)), percentDecode(slice(part, at + 1))]);
  }
  return list;
}

const encodeForm = (text) =>
  call(replace, percentEncode(text, FORM), /%20/g, '+');

function serializeForm(list) {
  let text = '';
  for (let i = 0; i < list.length; i++) {
    text += `${i ? '&' : ''}${encodeForm(list[i][0])}=${encodeForm(list[i][1])}`;
  }
  return text;
}

module.exports = { hostOf, isOpaque, isSpecialScheme, originOf, parse, parseForm,
                   parseHost, pathOf, percentDecode, serialize, serializeForm,
                   setters };
