// node:querystring.

const { ERR_INVALID_URI } = require('internal/errors');
const { Object, String } = globalThis;
const { keys: keysOf } = Object;
const { isArray } = Array;
const { isFinite } = Number;
const { apply } = Reflect;
const { push } = Array.prototype;
const { charCodeAt, indexOf, slice: sliceText } = String.prototype;
const { decodeURIComponent, encodeURIComponent } = globalThis;

const slice = (s, from, to) => apply(sliceText, s, [from, to]);
const codeAt = (s, i) => apply(charCodeAt, s, [i]);

function hexAt(s, i) {
  const code = codeAt(s, i);
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

// Bytes: what is not well-formed stays as it is.
function unescapeBuffer(s, decodesSpaces) {
  const { Buffer } = require('buffer');
  const bytes = Buffer.allocUnsafe(s.length);
  let count = 0;
  for (let i = 0; i < s.length; i++) {
    let code = codeAt(s, i);
    if (code === 43 && decodesSpaces) {
      code = 32;
    } else if (code === 37 && i + 2 < s.length) {
      const high = hexAt(s, i + 1), low = hexAt(s, i + 2);
      if (high >= 0 && low >= 0) {
        code = high * 16 + low;
        i += 2;
      }
    }
    bytes[count++] = code;
  }
  return bytes.slice(0, count);
}

function unescape(s, decodesSpaces) {
  try {
    return decodeURIComponent(s);
  } catch {
    return querystring.unescapeBuffer(s, decodesSpaces).toString();
  }
}

function escape(s) {
  if (typeof s !== 'string') s = typeof s === 'object' ? String(s) : `${s}`;
  try {
    return encodeURIComponent(s);
  } catch {
    throw ERR_INVALID_URI();
  }
}

function primitive(v) {
  switch (typeof v) {
  case 'string': return v;
  case 'number': return isFinite(v) ? `${v}` : '';
  case 'bigint': return `${v}`;
  case 'boolean': return v ? 'true' : 'false';
  default: return '';
  }
}

function stringify(object, separator, equals, options) {
  separator = separator || '&';
  equals = equals || '=';
  let encode = querystring.escape;
  if (options && typeof options.encodeURIComponent === 'function') {
    encode = options.encodeURIComponent;
  }
  if (object === null || typeof object !== 'object') return '';
  const keys = keysOf(object);
  let text = '';
  for (let i = 0; i < keys.length; i++) {
    const value = object[keys[i]];
    const start = `${encode(primitive(keys[i]))}${equals}`;
    const all = isArray(value) ? value : [value];
    for (let k = 0; k < all.length; k++) {
      if (text !== '') text += separator;
      text += `${start}${encode(primitive(all[k]))}`;
    }
  }
  return text;
}

// Is there a byte of two digits in it?
function isEncoded(s) {
  for (let i = apply(indexOf, s, ['%']); i >= 0;
    i = apply(indexOf, s, ['%', i + 1])) {
    if (i + 2 < s.length && hexAt(s, i + 1) >= 0 && hexAt(s, i + 2) >= 0) {
      return true;
    }
  }
  return false;
}

// A text with its plus signs replaced.
function spaces(s, plus) {
  let text = '';
  let from = 0;
  for (let i = 0; i < s.length; i++) {
    if (codeAt(s, i) !== 43) continue;
    text += slice(s, from, i) + plus;
    from = i + 1;
  }
  return from === 0 ? s : text + slice(s, from);
}

function parse(s, separator, equals, options) {
  const result = { __proto__: null };
  if (typeof s !== 'string' || s.length === 0) return result;
  separator = separator ? `${separator}` : '&';
  equals = equals ? `${equals}` : '=';
  let left = 1000;
  if (options && typeof options.maxKeys === 'number') {
    left = options.maxKeys > 0 ? options.maxKeys : -1;
  }
  let decode = querystring.unescape;
  if (options && typeof options.decodeURIComponent === 'function') {
    decode = options.decodeURIComponent;
  }
  const isOwn = decode !== unescape;
  const part = (text) => {
    text = spaces(text, isOwn ? '%20' : ' ');
    if (text === '' || (!isOwn && !isEncoded(text))) return text;
    try {
      return decode(text);
    } catch {
      return querystring.unescape(text, true);
    }
  };
  for (let i = 0; i <= s.length;) {
    let end = apply(indexOf, s, [separator, i]);
    const isLast = end < 0;
    if (isLast) end = s.length;
    if (end > i) {
      const pair = slice(s, i, end);
      const at = apply(indexOf, pair, [equals]);
      add(result, part(at < 0 ? pair : slice(pair, 0, at)),
          at < 0 ? '' : part(slice(pair, at + equals.length)));
    }
    if (isLast || --left === 0) break;
    i = end + separator.length;
  }
  return result;
}

function add(result, key, value) {
  const there = result[key];
  if (there === undefined) result[key] = value;
  else if (typeof there === 'string') result[key] = [there, value];
  else apply(push, there, [value]);
}

const querystring = module.exports = {
  unescapeBuffer,
  unescape,
  escape,
  stringify,
  encode: stringify,
  parse,
  decode: parse,
};
