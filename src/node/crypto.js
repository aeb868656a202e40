// node:crypto, as far as it is random bytes and hashes.

const { crypto: webcrypto, natives, randomUUID } = require('internal/random');
const { Buffer } = require('node:buffer');
const {
  ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE, coded,
} = require('internal/errors');
const {
  validateFunction, validateNumber, validateString,
} = require('internal/validators');
const types = require('node:util/types');
const { nextTick } = require('node:process');
const { begin, blockSize, final, isEqual, random, update } = natives;
const { apply } = Reflect;
const { Error, Number, RangeError, TypeError, Uint8Array } = globalThis;
const { isView } = ArrayBuffer;
const { replace, toLowerCase } = String.prototype;

const call = (f, self, ...args) => apply(f, self, args);
const KINDS = { __proto__: null, md5: 0, sha1: 1, sha256: 2,
                sha384: 3, sha512: 4 };

// The number of a hash by the names that it has: "sha256", "SHA-256", "RSA-SHA256".
function kindOf(name) {
  const lower = call(replace, call(toLowerCase, name), /^rsa-/, '');
  return KINDS[call(replace, lower, /^sha-/, 'sha')];
}

function bytesOf(data, encoding, name) {
  if (typeof data === 'string') {
    return Buffer.from(data, encoding === 'buffer' ? 'utf8' : encoding);
  }
  if (!isView(data)) {
    throw ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'TypedArray', 'DataView'],
                               data);
  }
  return data;
}

function show(bytes, encoding) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return encoding === undefined || encoding === null || encoding === 'buffer'
    ? buffer : buffer.toString(encoding);
}

const isFinal = () => coded(Error, 'ERR_CRYPTO_HASH_FINALIZED',
                            'Digest already called');

// --- Hashes ------------------------------------------------------------------------------

class Hash {
  #kind;
  #state;

  constructor(algorithm, state = undefined) {
    validateString(algorithm, 'algorithm');
    this.#kind = kindOf(algorithm);
    if (this.#kind === undefined) throw new Error('Digest method not supported');
    this.#state = state ?? begin(this.#kind);
    this.#name = algorithm;
  }

  #name;

  update(data, encoding = undefined) {
    if (!this.#state) throw isFinal();
    update(this.#kind, this.#state, bytesOf(data, encoding, 'data'));
    return this;
  }

  digest(encoding = undefined) {
    if (!this.#state) throw isFinal();
    const bytes = final(this.#kind, this.#state);
    this.#state = undefined;
    return show(bytes, encoding);
  }

  copy() {
    if (!this.#state) throw isFinal();
    return new Hash(this.#name, new Uint8Array(this.#state));
  }
}

class Hmac {
  #kind;
  #inner;
  #outer;

  constructor(algorithm, key) {
    validateString(algorithm, 'hmac');
    const isBuffer = types.isAnyArrayBuffer(key);
    if (typeof key !== 'string' && !isView(key) && !isBuffer) {
      throw ERR_INVALID_ARG_TYPE('key', ['string', 'ArrayBuffer', 'Buffer',
        'TypedArray', 'DataView', 'KeyObject', 'CryptoKey'], key);
    }
    const kind = kindOf(algorithm);
    if (kind === undefined) {
      throw coded(TypeError, 'ERR_CRYPTO_INVALID_DIGEST',
                  `Invalid digest: ${algorithm}`);
    }
    const size = blockSize(kind);
    let bytes = typeof key === 'string' ? Buffer.from(key)
      : isBuffer ? new Uint8Array(key)
        : new Uint8Array(key.buffer, key.byteOffset, key.byteLength);
    if (bytes.length > size) {
      const state = begin(kind);
      update(kind, state, bytes);
      bytes = final(kind, state);
    }
    const pads = [new Uint8Array(size), new Uint8Array(size)];
    for (let i = 0; i < size; i++) {
      const byte = i < bytes.length ? bytes[i] : 0;
      pads[0][i] = byte ^ 0x36;
      pads[1][i] = byte ^ 0x5c;
    }
    this.#kind = kind;
    this.#inner = begin(kind);
    this.#outer = begin(kind);
    update(kind, this.#inner, pads[0]);
    update(kind, this.#outer, pads[1]);
  }

  update(data, encoding = undefined) {
    if (!this.#inner) throw isFinal();
    update(this.#kind, this.#inner, bytesOf(data, encoding, 'data'));
    return this;
  }

  // Of one that has had its digest there is none, as in node.
  digest(encoding = undefined) {
    if (!this.#inner) return show(new Uint8Array(0), encoding);
    update(this.#kind, this.#outer, final(this.#kind, this.#inner));
    const bytes = final(this.#kind, this.#outer);
    this.#inner = this.#outer = undefined;
    return show(bytes, encoding);
  }
}

function hash(algorithm, input, encoding = 'hex') {
  validateString(algorithm, 'algorithm');
  const bytes = bytesOf(input, undefined, 'input');
  return new Hash(algorithm).update(bytes).digest(encoding);
}

// --- Random bytes ----------------------------------------------------------------------------

const MOST = 2 ** 31 - 1;

function checkSize(size, name, most, offset = 0) {
  validateNumber(size, name);
  if (size !== size || size < 0 || size > MOST) {
    throw ERR_OUT_OF_RANGE(name, `>= 0 && <= ${MOST}`, size);
  }
  if (most !== undefined && size + offset > most) {
    throw ERR_OUT_OF_RANGE('size + offset', `<= ${most}`, size + offset);
  }
  return size >>> 0;
}

function checkOffset(offset, unit, length) {
  validateNumber(offset, 'offset');
  offset *= unit;
  const most = length < MOST ? length : MOST;
  if (offset !== offset || offset > most || offset < 0) {
    throw ERR_OUT_OF_RANGE('offset', `>= 0 && <= ${most}`, offset);
  }
  return offset >>> 0;
}

function randomFillSync(buf, offset = 0, size = undefined) {
  if (!types.isAnyArrayBuffer(buf) && !isView(buf)) {
    throw ERR_INVALID_ARG_TYPE('buf', ['ArrayBuffer', 'ArrayBufferView'], buf);
  }
  const unit = buf.BYTES_PER_ELEMENT || 1;
  offset = checkOffset(offset, unit, buf.byteLength);
  size = size === undefined ? buf.byteLength - offset
    : checkSize(size * unit, 'size', buf.byteLength, offset);
  random(buf, offset, size);
  return buf;
}

function randomFill(buf, offset, size, callback) {
  if (typeof offset === 'function') {
    callback = offset;
    offset = 0;
    size = undefined;
  } else if (typeof size === 'function') {
    callback = size;
    size = undefined;
  }
  validateFunction(callback, 'callback');
  randomFillSync(buf, offset, size);
  nextTick(callback, null, buf);
}

function randomBytes(size, callback = undefined) {
  size = checkSize(size, 'size');
  if (callback !== undefined) validateFunction(callback, 'callback');
  const buffer = Buffer.alloc(size);
  random(buffer, 0, size);
  if (callback === undefined) return buffer;
  nextTick(callback, null, buffer);
}

const MOST_RANGE = 2 ** 48 - 1;

function randomInt(min, max, callback) {
  const hasNoMin = max === undefined || typeof max === 'function';
  if (hasNoMin) {
    callback = max;
    max = min;
    min = 0;
  }
  if (callback !== undefined) validateFunction(callback, 'callback');
  if (!Number.isSafeInteger(min)) {
    throw ERR_INVALID_ARG_TYPE('min', 'a safe integer', min);
  }
  if (!Number.isSafeInteger(max)) {
    throw ERR_INVALID_ARG_TYPE('max', 'a safe integer', max);
  }
  if (max <= min) {
    throw ERR_OUT_OF_RANGE('max', `greater than the value of "min" (${min})`, max);
  }
  const range = max - min;
  if (range > MOST_RANGE) {
    throw ERR_OUT_OF_RANGE(hasNoMin ? 'max' : 'max - min', `<= ${MOST_RANGE}`,
                           range);
  }
  // Those behind the last whole range would make the first ones likelier.
  const limit = MOST_RANGE + 1 - ((MOST_RANGE + 1) % range);
  const bytes = Buffer.alloc(6);
  let n;
  do {
    random(bytes, 0, 6);
    n = bytes.readUIntBE(0, 6);
  } while (n >= limit);
  n = (n % range) + min;
  if (callback === undefined) return n;
  nextTick(callback, undefined, n);
}

function timingSafeEqual(a, b) {
  const wrong = (name) => coded(TypeError, 'ERR_INVALID_ARG_TYPE',
    `The "${name}" argument must be an instance of ArrayBuffer, Buffer, ` +
    'TypedArray, or DataView.');
  if (!isView(a) && !types.isAnyArrayBuffer(a)) throw wrong('buf1');
  if (!isView(b) && !types.isAnyArrayBuffer(b)) throw wrong('buf2');
  if (a.byteLength !== b.byteLength) {
    throw coded(RangeError, 'ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH',
                'Input buffers must have the same byte length');
  }
  return isEqual(a, b);
}

module.exports = {
  Hash,
  Hmac,
  constants: {},
  createHash: (algorithm) => new Hash(algorithm),
  createHmac: (algorithm, key) => new Hmac(algorithm, key),
  getHashes: () => ['md5', 'sha1', 'sha256', 'sha384', 'sha512'],
  getRandomValues: (data) => webcrypto.getRandomValues(data),
  hash,
  randomBytes,
  randomFill,
  randomFillSync,
  randomInt,
  randomUUID,
  timingSafeEqual,
  webcrypto,
};
