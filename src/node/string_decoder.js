// node:string_decoder: text of bytes that come in pieces. What a piece ends in
// the midst of waits for the next one.

const { Buffer } = require('buffer');
const { ERR_INVALID_ARG_TYPE, ERR_UNKNOWN_ENCODING } =
  require('internal/errors');
const { Uint8Array, Symbol } = globalThis;
const { apply, defineProperty } = Reflect;
const { isView } = ArrayBuffer;
const { toString } = Buffer.prototype;
const { toLowerCase } = String.prototype;

const names = {
  __proto__: null, 'utf8': 'utf8', 'utf-8': 'utf8', 'ucs2': 'utf16le',
  'ucs-2': 'utf16le', 'utf16le': 'utf16le', 'utf-16le': 'utf16le',
  'latin1': 'latin1', 'binary': 'latin1', 'ascii': 'ascii', 'hex': 'hex',
  'base64': 'base64', 'base64url': 'base64url',
};

function nameOf(encoding) {
  if (encoding === undefined || encoding === null || encoding === '') {
    return 'utf8';
  }
  const name = names[apply(toLowerCase, `${encoding}`, [])];
  if (name === undefined) throw ERR_UNKNOWN_ENCODING(encoding);
  return name;
}

const text = (decoder, bytes, from, to) =>
  apply(toString, bytes, [decoder.encoding, from, to]);

const kWaiting = Symbol('waiting');

function StringDecoder(encoding) {
  this.encoding = nameOf(encoding);
  this[kWaiting] = { bytes: Buffer.alloc(4), count: 0, missing: 0 };
}

// How many bytes of a character are there at the end, and how many more it
// needs: by its first byte alone, as in node.
function lookAtEnd(encoding, bytes, size, waiting) {
  const last = bytes[size - 1];
  waiting.count = waiting.missing = 0;
  if (encoding === 'utf8') {
    if (!(last & 0x80)) return;
    for (let i = size - 1; i >= 0 && size - i <= 4; i--) {
      const byte = bytes[i];
      if ((byte & 0xc0) === 0x80) continue;
      const length = (byte & 0xe0) === 0xc0 ? 2 : (byte & 0xf0) === 0xe0 ? 3
        : (byte & 0xf8) === 0xf0 ? 4 : 0;
      if (size - i < length) {
        waiting.count = size - i;
        waiting.missing = length - waiting.count;
      }
      return;
    }
  } else if (encoding === 'utf16le') {
    if (size % 2 === 1) {
      waiting.count = 1;
      waiting.missing = 1;
    } else if ((last & 0xfc) === 0xd8) {
      // The first half of a pair.
      waiting.count = 2;
      waiting.missing = 2;
    }
  } else if (encoding === 'base64' || encoding === 'base64url') {
    waiting.count = size % 3;
    waiting.missing = waiting.count ? 3 - waiting.count : 0;
  }
}

// Bytes from `at` for the character that waits; where they end.
function complete(encoding, waiting, bytes, at) {
  while (waiting.missing > 0 && at < bytes.length) {
    if (encoding === 'utf8' && (bytes[at] & 0xc0) !== 0x80) {
      // Another one begins: it stays incomplete.
      waiting.missing = 0;
      break;
    }
    waiting.bytes[waiting.count++] = bytes[at++];
    waiting.missing--;
  }
  return at;
}

StringDecoder.prototype.write = function write(bytes) {
  if (typeof bytes === 'string') return bytes;
  if (!isView(bytes)) {
    throw ERR_INVALID_ARG_TYPE('buf', ['Buffer', 'TypedArray', 'DataView'],
                               bytes);
  }
  const { encoding } = this;
  const waiting = this[kWaiting];
  if (bytes.length !== bytes.byteLength || bytes.constructor !== Buffer) {
    bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  let first = '';
  let at = 0;
  if (waiting.missing > 0) {
    at = complete(encoding, waiting, bytes, 0);
    if (waiting.missing > 0) return '';
    first = text(this, waiting.bytes, 0, waiting.count);
    waiting.count = 0;
  }
  const size = bytes.length - at;
  if (size === 0) return first;
  const rest = at === 0 ? bytes
    : new Uint8Array(bytes.buffer, bytes.byteOffset + at, size);
  lookAtEnd(encoding, rest, size, waiting);
  const end = size - waiting.count;
  for (let i = 0; i < waiting.count; i++) waiting.bytes[i] = rest[end + i];
  return first + text(this, rest, 0, end);
};

StringDecoder.prototype.end = function end(bytes) {
  let said = '';
  if (bytes !== undefined) said = this.write(bytes);
  const waiting = this[kWaiting];
  let { count } = waiting;
  if (this.encoding === 'utf16le') count -= count % 2;
  if (count > 0) said += text(this, waiting.bytes, 0, count);
  waiting.count = waiting.missing = 0;
  return said;
};

StringDecoder.prototype.text = function (bytes, offset) {
  this[kWaiting].count = this[kWaiting].missing = 0;
  return this.write(bytes.slice(offset));
};

for (const [name, get] of [
  ['lastChar', (w) => w.bytes],
  ['lastNeed', (w) => w.missing],
  ['lastTotal', (w) => w.count + w.missing]]) {
  defineProperty(StringDecoder.prototype, name, {
    __proto__: null, configurable: true, enumerable: true,
    get() { return get(this[kWaiting]); },
  });
}

module.exports = { StringDecoder };
