// node:buffer. A Buffer is a Uint8Array with another prototype; small ones share
// a pool of memory, as in node, where it can be seen by `buffer` and
// `byteOffset`. What touches bytes is buffer.c.

const {
  ERR_BUFFER_OUT_OF_BOUNDS, ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE,
  ERR_INVALID_BUFFER_SIZE, ERR_OUT_OF_RANGE, ERR_UNKNOWN_ENCODING, coded,
} = require('internal/errors');
const {
  validateArray, validateInteger, validateNumber, validateString,
} = require('internal/validators');

const { ArrayBuffer, Error, Number, RangeError, String, Symbol, TypeError,
        Uint8Array } = globalThis;
const { apply, defineProperty, getOwnPropertyDescriptor, getPrototypeOf,
        setPrototypeOf } = Reflect;
const { isArray } = Array;
const { isView } = ArrayBuffer;
const { floor, trunc, min: least } = Math;
const { MAX_SAFE_INTEGER, MIN_SAFE_INTEGER } = Number;
const { charCodeAt, slice: sliceText, toLowerCase } = String.prototype;
const TypedPrototype = getPrototypeOf(Uint8Array.prototype);
const { fill: fillTyped, set: setTyped } = TypedPrototype;
const { isArrayBuffer, isUint8Array } = binding;
const typedGetter = (key) => {
  const { get } = getOwnPropertyDescriptor(TypedPrototype, key);
  return (v) => apply(get, v, []);
};
const lengthOf = typedGetter('length');
const bufferOf = typedGetter('buffer');
const offsetOf = typedGetter('byteOffset');
const tagOf = typedGetter(Symbol.toStringTag);

// What the engine can make.
const MAX_LENGTH = 2 ** 31 - 1;
const MAX_STRING_LENGTH = 2 ** 30 - 1;

class FastBuffer extends Uint8Array {}

// --- Encodings -----------------------------------------------------------------

const UTF8 = 0, UCS2 = 1, LATIN1 = 2, ASCII = 3, HEX = 4, BASE64 = 5,
      BASE64URL = 6;
const encodings = {
  __proto__: null,
  utf8: UTF8, 'utf-8': UTF8, ucs2: UCS2, 'ucs-2': UCS2, utf16le: UCS2,
  'utf-16le': UCS2, latin1: LATIN1, binary: LATIN1, ascii: ASCII, hex: HEX,
  base64: BASE64, base64url: BASE64URL,
};

// undefined for one that there is none of.
function encodingOf(name) {
  const known = encodings[name];
  if (known !== undefined || typeof name !== 'string') return known;
  return encodings[apply(toLowerCase, name, [])];
}

function knownEncoding(name) {
  const encoding = encodingOf(`${name}`);
  if (encoding === undefined) throw ERR_UNKNOWN_ENCODING(name);
  return encoding;
}

const codeAt = (s, i) => apply(charCodeAt, s, [i]);

function sizeOf(string, encoding) {
  if (encoding < BASE64) return binding.size(string, encoding);
  let count = string.length;
  if (string[count - 1] === '=') count--;
  if (count > 1 && string[count - 1] === '=') count--;
  return floor(count * 3 / 4);
}

// --- Making --------------------------------------------------------------------

let poolSize = 8192;
let pool = null;
let poolOffset = 0;

function newPool() {
  poolSize = Buffer.poolSize;
  pool = new ArrayBuffer(poolSize);
  poolOffset = 0;
}

function take(size) {
  const buffer = new FastBuffer(pool, poolOffset, size);
  poolOffset = (poolOffset + size + 7) & ~7;
  return buffer;
}

function allocate(size) {
  if (size <= 0) return new FastBuffer();
  if (size >= Buffer.poolSize >>> 1) return new FastBuffer(size);
  if (pool === null || size > poolSize - poolOffset) newPool();
  return take(size);
}

function fromText(string, encoding) {
  const size = sizeOf(string, encoding);
  if (size >= Buffer.poolSize >>> 1) {
    const buffer = new FastBuffer(size);
    const count = binding.write(buffer, string, 0, size, encoding);
    return count === size ? buffer : new FastBuffer(bufferOf(buffer), 0, count);
  }
  if (pool === null || size > poolSize - poolOffset) newPool();
  const buffer = new FastBuffer(pool, poolOffset, size);
  const count = binding.write(buffer, string, 0, size, encoding);
  return take(count);
}

function fromString(string, encoding) {
  if (typeof encoding !== 'string' || encoding.length === 0) encoding = UTF8;
  else encoding = knownEncoding(encoding);
  return string.length === 0 ? new FastBuffer() : fromText(string, encoding);
}

function fromArrayBuffer(object, offset, length) {
  if (offset === undefined) {
    offset = 0;
  } else {
    offset = +offset;
    if (offset !== offset) offset = 0;
  }
  const most = object.byteLength - offset;
  if (most < 0) throw ERR_BUFFER_OUT_OF_BOUNDS('offset');
  if (length === undefined) {
    length = most;
  } else {
    length = +length;
    if (length > 0) {
      if (length > most) throw ERR_BUFFER_OUT_OF_BOUNDS('length');
    } else {
      length = 0;
    }
  }
  return new FastBuffer(object, offset, length);
}

function fromArrayLike(object) {
  const { length } = object;
  if (length <= 0) return new FastBuffer();
  const buffer = allocate(length);
  if (isUint8Array(object)) binding.copy(object, buffer, 0, 0, length);
  else apply(setTyped, buffer, [object, 0]);
  return buffer;
}

function fromObject(object) {
  if (object.length !== undefined || isArrayBuffer(object.buffer)) {
    return typeof object.length !== 'number' ? new FastBuffer()
      : fromArrayLike(object);
  }
  if (object.type === 'Buffer' && isArray(object.data)) {
    return fromArrayLike(object.data);
  }
  return undefined;
}

function Buffer(value, encodingOrOffset, length) {
  if (typeof value === 'number') {
    if (typeof encodingOrOffset === 'string') {
      throw ERR_INVALID_ARG_TYPE('string', 'string', value);
    }
    return Buffer.alloc(value);
  }
  return Buffer.from(value, encodingOrOffset, length);
}

function validateSize(size) {
  validateNumber(size, 'size', 0, MAX_LENGTH);
}

function validateOffset(value, name, from = 0, to = MAX_LENGTH) {
  validateInteger(value, name, from, to);
}

function checkBytes(v, name) {
  if (!isUint8Array(v)) {
    throw ERR_INVALID_ARG_TYPE(name, ['Buffer', 'Uint8Array'], v);
  }
}

Buffer.poolSize = 8192;

const statics = {
  from(value, encodingOrOffset, length) {
    if (typeof value === 'string') return fromString(value, encodingOrOffset);
    if (typeof value === 'object' && value !== null) {
      if (isArrayBuffer(value)) {
        return fromArrayBuffer(value, encodingOrOffset, length);
      }
      const plain = value.valueOf && value.valueOf();
      if (plain != null && plain !== value &&
          (typeof plain === 'string' || typeof plain === 'object')) {
        return statics.from(plain, encodingOrOffset, length);
      }
      const buffer = fromObject(value);
      if (buffer) return buffer;
      const convert = value[Symbol.toPrimitive];
      if (typeof convert === 'function') {
        const text = apply(convert, value, ['string']);
        if (typeof text === 'string') return fromString(text, encodingOrOffset);
      }
    }
    throw ERR_INVALID_ARG_TYPE('first argument',
      ['string', 'Buffer', 'ArrayBuffer', 'Array', 'Array-like Object'], value);
  },

  copyBytesFrom(view, offset, length) {
    if (!isView(view) || tagOf(view) === undefined) {
      throw ERR_INVALID_ARG_TYPE('view', ['TypedArray'], view);
    }
    const count = lengthOf(view);
    if (count === 0) return new FastBuffer();
    if (offset !== undefined || length !== undefined) {
      if (offset !== undefined) {
        validateInteger(offset, 'offset', 0);
        if (offset >= count) return new FastBuffer();
      } else {
        offset = 0;
      }
      let end = count;
      if (length !== undefined) {
        validateInteger(length, 'length', 0);
        end = offset + length;
      }
      view = apply(TypedPrototype.slice, view, [offset, end]);
    }
    return fromArrayLike(new Uint8Array(bufferOf(view), offsetOf(view),
                                        view.byteLength));
  },

  of(...items) {
    const buffer = allocate(items.length);
    for (let i = 0; i < items.length; i++) buffer[i] = items[i];
    return buffer;
  },

  alloc(size, value, encoding) {
    validateSize(size);
    if (value !== undefined && value !== 0 && size > 0) {
      const buffer = new FastBuffer(size);
      return fill(buffer, value, 0, size, encoding);
    }
    return new FastBuffer(size);
  },

  allocUnsafe(size) {
    validateSize(size);
    return allocate(size);
  },

  allocUnsafeSlow(size) {
    validateSize(size);
    return new FastBuffer(size);
  },

  isBuffer(b) { return b instanceof Buffer; },

  compare(a, b) {
    checkBytes(a, 'buf1');
    checkBytes(b, 'buf2');
    return a === b ? 0 : compareAll(a, b);
  },

  isEncoding(encoding) {
    return typeof encoding === 'string' && encoding.length !== 0 &&
      encodingOf(encoding) !== undefined;
  },

  concat(list, length) {
    validateArray(list, 'list');
    if (list.length === 0) return new FastBuffer();
    if (length === undefined) {
      length = 0;
      for (let i = 0; i < list.length; i++) {
        if (list[i].length) length += list[i].length;
      }
    } else {
      validateOffset(length, 'length');
    }
    const buffer = statics.allocUnsafe(length);
    let at = 0;
    for (let i = 0; i < list.length; i++) {
      checkBytes(list[i], `list[${i}]`);
      at += binding.copy(list[i], buffer, at, 0, lengthOf(list[i]));
    }
    // The pool may hold what was there before.
    if (at < length) apply(fillTyped, buffer, [0, at, length]);
    return buffer;
  },

  byteLength(string, encoding) {
    if (typeof string !== 'string') {
      if (isView(string) || isArrayBuffer(string)) return string.byteLength;
      throw ERR_INVALID_ARG_TYPE('string', ['string', 'Buffer', 'ArrayBuffer'],
                                 string);
    }
    if (string.length === 0) return 0;
    return sizeOf(string, (encoding ? encodingOf(`${encoding}`) : UTF8) ?? UTF8);
  },
};

function compareAll(a, b) {
  return binding.compare(a, b, 0, lengthOf(a), 0, lengthOf(b));
}

for (const name in statics) Buffer[name] = statics[name];
defineProperty(Buffer, Symbol.species, {
  __proto__: null, configurable: true, enumerable: false,
  get: () => FastBuffer,
});
setPrototypeOf(Buffer, Uint8Array);

const prototype = FastBuffer.prototype;
defineProperty(prototype, 'constructor', {
  __proto__: null, value: Buffer, writable: true, configurable: true,
  enumerable: false,
});
Buffer.prototype = prototype;

// --- Text ----------------------------------------------------------------------

function text(buffer, start, end, encoding) {
  return binding.text(buffer, start, end, encoding);
}

function writeText(buffer, string, offset, length, encoding) {
  if (typeof string !== 'string') {
    throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', 'argument must be a string');
  }
  return binding.write(buffer, string, offset, length, encoding);
}

// The methods by the names of encodings that streams of packages call.
const named = {
  __proto__: null, utf8: UTF8, ucs2: UCS2, utf16le: UCS2, latin1: LATIN1,
  ascii: ASCII, hex: HEX, base64: BASE64, base64url: BASE64URL,
};
for (const name in named) {
  const encoding = named[name];
  prototype[`${name}Slice`] = function (start = 0, end = lengthOf(this)) {
    if (start < 0 || start > lengthOf(this) || end < 0) {
      throw coded(RangeError, 'ERR_OUT_OF_RANGE', 'Index out of range');
    }
    return text(this, start, end, encoding);
  };
  prototype[`${name}Write`] = function (string, offset = 0, length) {
    const room = lengthOf(this) - offset;
    if (offset < 0 || room < 0) {
      throw coded(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS',
                  '"offset" is outside of buffer bounds');
    }
    if (length === undefined || length > room) length = room;
    return writeText(this, string, offset, length, encoding);
  };
}

// What is ill-formed in a place is no number: 0.
function placeOf(v) {
  return trunc(v) || 0;
}

function indexOf(buffer, value, offset, encoding, isForward) {
  if (!isUint8Array(buffer) && !isView(buffer)) {
    throw ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView'],
                               buffer);
  }
  if (typeof offset === 'string') {
    encoding = offset;
    offset = undefined;
  } else if (offset > 0x7fffffff) {
    offset = 0x7fffffff;
  } else if (offset < -0x80000000) {
    offset = -0x80000000;
  }
  offset = +offset;
  if (offset !== offset) {
    offset = isForward ? 0 : buffer.length || buffer.byteLength;
  }
  if (typeof value === 'number') {
    const byte = new Uint8Array(1);
    byte[0] = value;
    return binding.indexOf(buffer, byte, offset, isForward, false);
  }
  const known = encoding === undefined ? UTF8 : encodingOf(`${encoding}`);
  if (typeof value === 'string') {
    if (known === undefined) throw ERR_UNKNOWN_ENCODING(encoding);
    return binding.indexOf(buffer, fromText(value, known), offset, isForward,
                           known === UCS2);
  }
  if (isUint8Array(value)) {
    return binding.indexOf(buffer, value, offset, isForward, known === UCS2);
  }
  throw ERR_INVALID_ARG_TYPE('value',
                             ['number', 'string', 'Buffer', 'Uint8Array'],
                             value);
}

function fill(buffer, value, offset, end, encoding) {
  const length = lengthOf(buffer);
  let known;
  if (typeof value === 'string') {
    if (offset === undefined || typeof offset === 'string') {
      encoding = offset;
      offset = 0;
      end = length;
    } else if (typeof end === 'string') {
      encoding = end;
      end = length;
    }
    known = encoding ? encodingOf(`${encoding}`) : UTF8;
    if (known === undefined) {
      validateString(encoding, 'encoding');
      throw ERR_UNKNOWN_ENCODING(encoding);
    }
    if (value.length === 0) value = 0;
  }
  if (offset === undefined) {
    offset = 0;
    end = length;
  } else {
    validateNumber(offset, 'offset', 0, MAX_LENGTH);
    if (end === undefined) end = length;
    else validateNumber(end, 'end', 0, length);
    if (offset >= end) return buffer;
  }
  if (typeof value !== 'string' && !isView(value)) {
    // As a byte, whatever it is.
    if (offset > end || end > length) throw ERR_BUFFER_OUT_OF_BOUNDS();
    apply(fillTyped, buffer, [typeof value === 'number' ? value : value & 255,
                              trunc(offset), trunc(end)]);
    return buffer;
  }
  const pattern = typeof value === 'string' ? fromText(value, known) : value;
  if (pattern.byteLength === 0) throw ERR_INVALID_ARG_VALUE('value', value);
  binding.fill(buffer, pattern, offset, end);
  return buffer;
}

function toInteger(n, otherwise) {
  n = +n;
  return n >= MIN_SAFE_INTEGER && n <= MAX_SAFE_INTEGER
    ? n % 1 === 0 ? n : floor(n) : otherwise;
}

function adjust(offset, length) {
  offset = trunc(offset);
  if (offset === 0 || offset !== offset) return 0;
  if (offset < 0) {
    offset += length;
    return offset > 0 ? offset : 0;
  }
  return offset < length ? offset : length;
}

function swapper(width) {
  return function () {
    if (lengthOf(this) % width !== 0) {
      throw ERR_INVALID_BUFFER_SIZE(`${width * 8}-bits`);
    }
    binding.swap(this, width);
    return this;
  };
}

let inspectMaxBytes = 50;

const methods = {
  toString(encoding, start, end) {
    const length = lengthOf(this);
    if (arguments.length === 0) return text(this, 0, length, UTF8);
    if (start <= 0) start = 0;
    else if (start >= length) return '';
    else start = placeOf(start);
    if (end === undefined || end > length) end = length;
    else end = placeOf(end);
    if (end <= start) return '';
    return text(this, start, end,
                encoding === undefined ? UTF8 : knownEncoding(encoding));
  },

  equals(other) {
    checkBytes(other, 'otherBuffer');
    if (this === other) return true;
    return lengthOf(this) === lengthOf(other) && compareAll(this, other) === 0;
  },

  compare(target, targetStart, targetEnd, sourceStart, sourceEnd) {
    checkBytes(target, 'target');
    if (arguments.length === 1) return compareAll(this, target);
    if (targetStart === undefined) targetStart = 0;
    else validateOffset(targetStart, 'targetStart');
    if (targetEnd === undefined) targetEnd = lengthOf(target);
    else validateOffset(targetEnd, 'targetEnd', 0, lengthOf(target));
    if (sourceStart === undefined) sourceStart = 0;
    else validateOffset(sourceStart, 'sourceStart');
    if (sourceEnd === undefined) sourceEnd = lengthOf(this);
    else validateOffset(sourceEnd, 'sourceEnd', 0, lengthOf(this));
    if (sourceStart >= sourceEnd) return targetStart >= targetEnd ? 0 : -1;
    if (targetStart >= targetEnd) return 1;
    return binding.compare(this, target, sourceStart, sourceEnd, targetStart,
                           targetEnd);
  },

  copy(target, targetStart, sourceStart, sourceEnd) {
    checkBytes(this, 'source');
    checkBytes(target, 'target');
    const length = lengthOf(this);
    if (targetStart === undefined) {
      targetStart = 0;
    } else {
      targetStart = toInteger(targetStart, 0);
      if (targetStart < 0) {
        throw ERR_OUT_OF_RANGE('targetStart', '>= 0', targetStart);
      }
    }
    if (sourceStart === undefined) {
      sourceStart = 0;
    } else {
      sourceStart = toInteger(sourceStart, 0);
      if (sourceStart < 0 || sourceStart > length) {
        throw ERR_OUT_OF_RANGE('sourceStart', `>= 0 && <= ${length}`,
                               sourceStart);
      }
    }
    if (sourceEnd === undefined) {
      sourceEnd = length;
    } else {
      sourceEnd = toInteger(sourceEnd, 0);
      if (sourceEnd < 0) throw ERR_OUT_OF_RANGE('sourceEnd', '>= 0', sourceEnd);
    }
    if (targetStart >= lengthOf(target) || sourceStart >= sourceEnd) return 0;
    return binding.copy(this, target, targetStart, sourceStart,
                        sourceEnd - sourceStart);
  },

  indexOf(value, offset, encoding) {
    return indexOf(this, value, offset, encoding, true);
  },

  lastIndexOf(value, offset, encoding) {
    return indexOf(this, value, offset, encoding, false);
  },

  includes(value, offset, encoding) {
    return indexOf(this, value, offset, encoding, true) !== -1;
  },

  fill(value, offset, end, encoding) {
    return fill(this, value, offset, end, encoding);
  },

  write(string, offset, length, encoding) {
    const size = lengthOf(this);
    if (offset === undefined) return writeText(this, string, 0, size, UTF8);
    if (length === undefined && typeof offset === 'string') {
      encoding = offset;
      length = size;
      offset = 0;
    } else {
      validateOffset(offset, 'offset', 0, size);
      const room = size - offset;
      if (length === undefined) {
        length = room;
      } else if (typeof length === 'string') {
        encoding = length;
        length = room;
      } else {
        validateOffset(length, 'length', 0, size);
        if (length > room) length = room;
      }
    }
    return writeText(this, string, offset, length,
                     encoding ? knownEncoding(encoding) : UTF8);
  },

  toJSON() {
    const data = [];
    const length = lengthOf(this);
    for (let i = 0; i < length; i++) data[i] = this[i];
    return { type: 'Buffer', data };
  },

  subarray(start, end) {
    const length = lengthOf(this);
    start = adjust(start, length);
    end = end !== undefined ? adjust(end, length) : length;
    return new FastBuffer(bufferOf(this), offsetOf(this) + start,
                          end > start ? end - start : 0);
  },

  slice(start, end) { return this.subarray(start, end); },

  swap16: swapper(2),
  swap32: swapper(4),
  swap64: swapper(8),

  readUIntLE(offset, size) { return readInteger(this, offset, size, '', 'LE'); },
  readUIntBE(offset, size) { return readInteger(this, offset, size, '', 'BE'); },
  readIntLE(offset, size) { return readInteger(this, offset, size, 's', 'LE'); },
  readIntBE(offset, size) { return readInteger(this, offset, size, 's', 'BE'); },
  writeUIntLE(value, offset, size) {
    return writeInteger(this, value, offset, size, '', 'LE');
  },
  writeUIntBE(value, offset, size) {
    return writeInteger(this, value, offset, size, '', 'BE');
  },
  writeIntLE(value, offset, size) {
    return writeInteger(this, value, offset, size, 's', 'LE');
  },
  writeIntBE(value, offset, size) {
    return writeInteger(this, value, offset, size, 's', 'BE');
  },
};

// As in node all of them are enumerable, and their names are their own.
for (const name in methods) {
  prototype[name] = methods[name];
  const at = /* readUIntLE, writeUIntBE */ name.length - 6;
  if (at > 0 && apply(sliceText, name, [at, at + 4]) === 'UInt') {
    prototype[`${apply(sliceText, name, [0, at])}Uint${
      apply(sliceText, name, [at + 4])}`] = methods[name];
  }
}
prototype.toLocaleString = prototype.toString;

for (const [name, get] of [['parent', (b) => bufferOf(b)],
                           ['offset', (b) => offsetOf(b)]]) {
  defineProperty(prototype, name, {
    __proto__: null, enumerable: true,
    get() { return this instanceof Buffer ? get(this) : undefined; },
  });
}

const inspectSymbol = Symbol.for('nodejs.util.inspect.custom');
prototype[inspectSymbol] = function inspect() {
  const length = lengthOf(this);
  const count = least(inspectMaxBytes, length);
  const digits = text(this, 0, count, HEX);
  let shown = '';
  for (let i = 0; i < digits.length; i += 2) {
    shown += `${i ? ' ' : ''}${apply(sliceText, digits, [i, i + 2])}`;
  }
  const more = length - inspectMaxBytes;
  if (more > 0) shown += ` ... ${more} more byte${more > 1 ? 's' : ''}`;
  return `<${this.constructor.name} ${shown}>`;
};
prototype.inspect = prototype[inspectSymbol];

// --- Numbers -------------------------------------------------------------------

function throwBounds(value, length, name) {
  if (floor(value) !== value) {
    validateNumber(value, name ?? 'offset');
    throw ERR_OUT_OF_RANGE(name ?? 'offset', 'an integer', value);
  }
  if (length < 0) throw ERR_BUFFER_OUT_OF_BOUNDS();
  throw ERR_OUT_OF_RANGE(name ?? 'offset',
                         `>= ${name ? 1 : 0} and <= ${length}`, value);
}

function checkPlace(buffer, offset, size) {
  validateNumber(offset, 'offset');
  if (!(offset >= 0 && offset % 1 === 0 && offset + size <= buffer.length)) {
    throwBounds(offset, buffer.length - size);
  }
}

// The range of integers of so many bytes, and how it is called.
function checkRange(value, low, high, size) {
  if (!(value > high || value < low)) return;
  const n = typeof low === 'bigint' ? 'n' : '';
  let range;
  if (size < 5) {
    range = `>= ${low}${n} and <= ${high}${n}`;
  } else if (low == 0) {
    range = `>= 0${n} and < 2${n} ** ${size * 8}${n}`;
  } else {
    range = `>= -(2${n} ** ${size * 8 - 1}${n}) and < 2${n} ** ${
      size * 8 - 1}${n}`;
  }
  throw ERR_OUT_OF_RANGE('value', range, value);
}

const asInteger = (v) => (v !== v ? 0 : trunc(v));

function define(names, isWriter, kind, check) {
  for (let i = 0; i < names.length; i++) {
    prototype[names[i]] = binding.method(names[i], isWriter, kind, check);
  }
}

for (const [label, size, kind] of [
  ['Int8', 1, 0], ['Int16', 2, 0], ['Int32', 4, 0], ['BigInt64', 8, 0],
  ['Float', 4, binding.FLOAT], ['Double', 8, binding.FLOAT]]) {
  for (const order of size === 1 ? [''] : ['LE', 'BE']) {
    for (const sign of kind ? [''] : ['', 'U']) {
      let type = sign + label;
      if (label === 'BigInt64') type = sign ? 'BigUInt64' : label;
      const names = [`${type}${order}`];
      // Uint8 as well as UInt8.
      if (type[0] === 'U') {
        names[1] = `Uint${apply(sliceText, type, [4])}${order}`;
      }
      if (sign && label === 'BigInt64') names[1] = `BigUint64${order}`;
      const bits = size | kind | (order === 'BE' ? binding.BIG : 0) |
        (kind || sign ? 0 : binding.SIGNED);
      const readers = [], writers = [];
      for (let i = 0; i < names.length; i++) {
        readers[i] = `read${names[i]}`;
        writers[i] = `write${names[i]}`;
      }
      define(readers, false, bits, function (offset = 0) {
        checkPlace(this, offset, size);
        return [undefined, offset | 0];
      });
      if (label === 'BigInt64') {
        defineBigWriters(writers, sign, order);
        continue;
      }
      const high = sign ? 2 ** (size * 8) - 1 : 2 ** (size * 8 - 1) - 1;
      const low = sign ? 0 : -(2 ** (size * 8 - 1));
      define(writers, true, bits, function (value, offset = 0) {
        value = +value;
        if (size === 1) validateNumber(offset, 'offset');
        if (!kind) checkRange(value, low, high, size);
        checkPlace(this, offset, size);
        return [kind ? value : asInteger(value), offset | 0];
      });
    }
  }
}

function defineBigWriters(names, sign, order) {
  const low = sign ? 0n : -(2n ** 63n);
  const high = sign ? 2n ** 64n - 1n : 2n ** 63n - 1n;
  const isBig = order === 'BE';
  for (let i = 0; i < names.length; i++) {
    prototype[names[i]] = function (value, offset = 0) {
      checkRange(value, low, high, 8);
      checkPlace(this, offset, 8);
      let rest = value & (2n ** 64n - 1n);
      for (let k = 0; k < 8; k++) {
        this[isBig ? offset + 7 - k : offset + k] = Number(rest & 255n);
        rest >>= 8n;
      }
      return offset + 8;
    };
  }
}

function checkWidth(size) {
  if (typeof size !== 'number' || !(size >= 1 && size <= 6 && size % 1 === 0)) {
    throwBounds(size, 6, 'byteLength');
  }
}

function readInteger(buffer, offset, size, sign, order) {
  if (offset === undefined) throw ERR_INVALID_ARG_TYPE('offset', 'number', offset);
  checkWidth(size);
  checkPlace(buffer, offset, size);
  let value = 0;
  for (let i = 0; i < size; i++) {
    value = value * 256 + buffer[order === 'BE' ? offset + i
      : offset + size - 1 - i];
  }
  return sign && value >= 2 ** (size * 8 - 1) ? value - 2 ** (size * 8) : value;
}

function writeInteger(buffer, value, offset, size, sign, order) {
  checkWidth(size);
  value = +value;
  if (size === 1) validateNumber(offset, 'offset');
  checkRange(value, sign ? -(2 ** (size * 8 - 1)) : 0,
             sign ? 2 ** (size * 8 - 1) - 1 : 2 ** (size * 8) - 1, size);
  checkPlace(buffer, offset, size);
  let rest = asInteger(value);
  if (rest < 0) rest += 2 ** (size * 8);
  for (let i = 0; i < size; i++) {
    buffer[order === 'BE' ? offset + size - 1 - i : offset + i] = rest % 256;
    rest = floor(rest / 256);
  }
  return offset + size;
}

// --- The module ----------------------------------------------------------------

function SlowBuffer(length) {
  validateSize(length);
  return new FastBuffer(length);
}
setPrototypeOf(SlowBuffer.prototype, Uint8Array.prototype);
setPrototypeOf(SlowBuffer, Uint8Array);

function checkInput(input) {
  if (!isView(input) && !isArrayBuffer(input)) {
    throw ERR_INVALID_ARG_TYPE('input', ['ArrayBuffer', 'Buffer',
                                         'TypedArray'], input);
  }
}

// From one encoding to another; what the other one has not is '?'.
function transcode(source, from, to) {
  checkBytes(source, 'source');
  if (lengthOf(source) === 0) return statics.alloc(0);
  const known = encodingOf(from), wanted = encodingOf(to);
  if (!(known <= ASCII && wanted <= ASCII)) {
    const error = new Error(
      'Unable to transcode Buffer [U_ILLEGAL_ARGUMENT_ERROR]');
    error.code = 'U_ILLEGAL_ARGUMENT_ERROR';
    error.errno = 1;
    throw error;
  }
  const string = text(source, 0, lengthOf(source), known);
  if (wanted === UTF8 || wanted === UCS2) return fromText(string, wanted);
  const most = wanted === ASCII ? 127 : 255;
  let narrow = '';
  for (const c of string) narrow += codeAt(c, 0) > most ? '?' : c;
  return fromText(narrow, LATIN1);
}

const { atob, btoa } = globalThis;

module.exports = {
  Buffer,
  SlowBuffer,
  transcode,
  isUtf8(input) {
    checkInput(input);
    return binding.isUtf8(input);
  },
  isAscii(input) {
    checkInput(input);
    return binding.isAscii(input);
  },
  kMaxLength: MAX_LENGTH,
  kStringMaxLength: MAX_STRING_LENGTH,
  btoa,
  atob,
  constants: { __proto__: null, MAX_LENGTH, MAX_STRING_LENGTH },
};
defineProperty(module.exports, 'INSPECT_MAX_BYTES', {
  __proto__: null, configurable: true, enumerable: true,
  get: () => inspectMaxBytes,
  set(value) {
    validateNumber(value, 'INSPECT_MAX_BYTES', 0);
    inspectMaxBytes = value;
  },
});
