// internal/errors: errors with a code, worded as node words them.
//
//   const { ERR_OUT_OF_RANGE } = require('internal/errors');
//   throw ERR_OUT_OF_RANGE('offset', '>= 0', -1);
//
// Each is a function (no `new`) that returns the error.

const { Error, RangeError, TypeError, URIError } = globalThis;
const { apply, defineProperty } = Reflect;
const { join, push, splice, slice: sliceOf, indexOf } = Array.prototype;
const { slice, toLowerCase, endsWith, includes, charCodeAt, padStart,
        toUpperCase } =
  String.prototype;
const { toString: symbolToString } = Symbol.prototype;
const { toString: numberToString } = Number.prototype;

const call = (f, self, ...args) => apply(f, self, args);

function toString() {
  return `${this.name} [${this.code}]: ${this.message}`;
}

// An error of a class with a code, as node makes them.
function coded(Base, code, message) {
  const error = new Base(message);
  defineProperty(error, 'code', {
    __proto__: null, value: code, writable: true, enumerable: true,
    configurable: true,
  });
  defineProperty(error, 'toString', {
    __proto__: null, value: toString, writable: true, enumerable: false,
    configurable: true,
  });
  return error;
}

// --- What was received ----------------------------------------------------------

const escapes = {
  __proto__: null, 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\x0B', 12: '\\f',
  13: '\\r', 92: '\\\\',
};

// A string in quotes that it does not hold itself, where there are any.
function quoted(s) {
  let quote = "'";
  if (call(includes, s, "'")) {
    if (!call(includes, s, '"')) quote = '"';
    else if (!call(includes, s, '`') && !call(includes, s, '${')) quote = '`';
  }
  let text = quote;
  for (let i = 0; i < s.length; i++) {
    const code = call(charCodeAt, s, i);
    const isLone = code >= 0xd800 && code <= 0xdfff &&
      !(code < 0xdc00 ? isLow(s, i + 1) : i > 0 && isHigh(s, i - 1));
    if (escapes[code]) text += escapes[code];
    else if (s[i] === quote) text += '\\' + quote;
    else if (code < 32 || (code >= 127 && code < 160)) text += hex(code);
    else if (isLone) text += '\\u' + call(numberToString, code, 16);
    else text += s[i];
  }
  return text + quote;
}

function hex(code) {
  const digits = call(numberToString, code, 16);
  return '\\x' + call(toUpperCase, call(padStart, digits, 2, '0'));
}

function isLow(s, i) {
  const code = call(charCodeAt, s, i);
  return code >= 0xdc00 && code <= 0xdfff;
}

function isHigh(s, i) {
  const code = call(charCodeAt, s, i);
  return code >= 0xd800 && code < 0xdc00;
}

function shown(value) {
  switch (typeof value) {
  case 'string': return quoted(value);
  case 'bigint': return `${value}n`;
  case 'symbol': return call(symbolToString, value);
  case 'number': return value === 0 && 1 / value < 0 ? '-0' : `${value}`;
  case 'function': return value.name ? `[Function: ${value.name}]`
    : '[Function (anonymous)]';
  case 'object':
    if (value === null) return 'null';
    return require('internal/inspect').inspect(value, { depth: -1 });
  default: return `${value}`;
  }
}

// "an instance of X", "type number (1)", …
function received(value) {
  if (value === null || value === undefined) return `${value}`;
  if (typeof value === 'function') return `function ${value.name}`;
  if (typeof value === 'object') {
    if (value.constructor?.name) {
      return `an instance of ${value.constructor.name}`;
    }
    return shown(value);
  }
  let text = shown(value);
  if (text.length > 28) text = `${call(slice, text, 0, 25)}...`;
  return `type ${typeof value} (${text})`;
}

// 'a', 'a or b', 'a, b, or c'
function list(words, word) {
  if (words.length < 3) return call(join, words, ` ${word} `);
  return `${call(join, call(sliceOf, words, 0, -1), ', ')}, ${word} ${
    words[words.length - 1]}`;
}

const types = ['string', 'function', 'number', 'object', 'Function', 'Object',
               'boolean', 'bigint', 'symbol'];

// Letters and digits, the first one a capital.
function isClassName(name) {
  for (let i = 0; i < name.length; i++) {
    const code = call(charCodeAt, name, i);
    const isCapital = code >= 65 && code <= 90;
    if (!isCapital && (i === 0 || !((code >= 97 && code <= 122) ||
                                    (code >= 48 && code <= 57)))) {
      return false;
    }
  }
  return name.length > 0;
}

function expectation(expected) {
  const ofType = [];
  const instances = [];
  const other = [];
  for (let i = 0; i < expected.length; i++) {
    const name = expected[i];
    if (call(indexOf, types, name) >= 0) {
      call(push, ofType, call(toLowerCase, name));
    } else if (isClassName(name)) {
      call(push, instances, name);
    } else {
      call(push, other, name);
    }
  }
  const at = instances.length ? call(indexOf, ofType, 'object') : -1;
  if (at >= 0) {
    call(splice, ofType, at, 1);
    call(push, instances, 'Object');
  }
  const parts = [];
  if (ofType.length) {
    call(push, parts, `${ofType.length > 1 ? 'one of type' : 'of type'} ${
      list(ofType, 'or')}`);
  }
  if (instances.length) {
    call(push, parts, `an instance of ${list(instances, 'or')}`);
  }
  if (other.length > 1) {
    call(push, parts, `one of ${list(other, 'or')}`);
  } else if (other.length) {
    call(push, parts, call(toLowerCase, other[0]) === other[0] ? other[0]
      : `an ${other[0]}`);
  }
  return call(join, parts, ' or ');
}

// 'x' is an argument, 'x.y' a property, 'first argument' both words.
function named(name) {
  if (call(endsWith, name, ' argument')) return `The ${name}`;
  return `The "${name}" ${call(includes, name, '.') ? 'property' : 'argument'}`;
}

function ERR_INVALID_ARG_TYPE(name, expected, actual) {
  if (typeof expected === 'string') expected = [expected];
  return coded(TypeError, 'ERR_INVALID_ARG_TYPE',
               `${named(name)} must be ${expectation(expected)}. Received ${
                 received(actual)}`);
}

function ERR_INVALID_ARG_VALUE(name, value, reason = 'is invalid',
                               Base = TypeError) {
  let text = shown(value);
  if (text.length > 128) text = `${call(slice, text, 0, 128)}...`;
  const kind = call(includes, name, '.') ? 'property' : 'argument';
  return coded(Base, 'ERR_INVALID_ARG_VALUE',
               `The ${kind} '${name}' ${reason}. Received ${text}`);
}

// 1_000_000
function separated(s) {
  let text = '';
  let i = s.length;
  const start = s[0] === '-' ? 1 : 0;
  for (; i >= start + 4; i -= 3) text = `_${call(slice, s, i - 3, i)}${text}`;
  return `${call(slice, s, 0, i)}${text}`;
}

function ERR_OUT_OF_RANGE(name, range, input, replaceDefault = false) {
  let text;
  if (typeof input === 'number' && input % 1 === 0 &&
      (input > 2 ** 32 || input < -(2 ** 32))) {
    text = separated(`${input}`);
  } else if (typeof input === 'bigint') {
    text = `${input}`;
    if (input > 2n ** 32n || input < -(2n ** 32n)) text = separated(text);
    text += 'n';
  } else {
    text = shown(input);
  }
  const what = replaceDefault ? name
    : `The value of "${name}" is out of range.`;
  return coded(RangeError, 'ERR_OUT_OF_RANGE',
               `${what} It must be ${range}. Received ${text}`);
}

function ERR_MISSING_ARGS(...names) {
  const all = [];
  for (let i = 0; i < names.length; i++) call(push, all, `"${names[i]}"`);
  return coded(TypeError, 'ERR_MISSING_ARGS',
               `The ${list(all, 'and')} argument${all.length > 1 ? 's' : ''
               } must be specified`);
}

// Those whose message is one sentence: [class, what it says].
const plain = {
  __proto__: null,
  ERR_BUFFER_OUT_OF_BOUNDS: [RangeError, (name) => (name
    ? `"${name}" is outside of buffer bounds`
    : 'Attempt to access memory outside buffer bounds')],
  ERR_BUFFER_TOO_LARGE: [RangeError, (n) =>
    `Cannot create a Buffer larger than ${n} bytes`],
  ERR_INVALID_BUFFER_SIZE: [RangeError, (n) =>
    `Buffer size must be a multiple of ${n}`],
  ERR_INVALID_RETURN_VALUE: [TypeError, (expected, name, value) =>
    `Expected ${expected} to be returned from the "${name}" function but got ${
      received(value)}.`],
  ERR_INVALID_STATE: [Error, (what) => `Invalid state: ${what}`],
  ERR_INVALID_THIS: [TypeError, (what) => `Value of "this" must be of type ${
    what}`],
  ERR_INVALID_URI: [URIError, () => 'URI malformed'],
  ERR_METHOD_NOT_IMPLEMENTED: [Error, (name) =>
    `The ${name} method is not implemented`],
  ERR_SYSTEM_ERROR: [Error, (what) => what],
  ERR_UNHANDLED_ERROR: [Error, (value) => (value === undefined
    ? 'Unhandled error.' : `Unhandled error. (${value})`)],
  ERR_UNKNOWN_ENCODING: [TypeError, (name) => `Unknown encoding: ${
    typeof name === 'object' && name !== null
      ? require('internal/inspect').inspect(name, { depth: 0 }) : name}`],
};

module.exports = {
  ERR_INVALID_ARG_TYPE,
  ERR_INVALID_ARG_VALUE,
  ERR_MISSING_ARGS,
  ERR_OUT_OF_RANGE,
  coded,
  received,
  shown,
};
for (const code in plain) {
  const { 0: Base, 1: say } = plain[code];
  module.exports[code] = (...args) => coded(Base, code, say(...args));
}

// new DOMException('…', 'AbortError') is what a signal has as its reason; where
// node makes an error of its own for one it is this.
module.exports.AbortError = class AbortError extends Error {
  constructor(message = 'The operation was aborted', options = undefined) {
    super(message, options);
    this.code = 'ABORT_ERR';
    this.name = 'AbortError';
  }
};
