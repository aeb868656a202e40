// internal/random: what the global `crypto` and node:crypto share.

const { ERR_INVALID_THIS, ERR_METHOD_NOT_IMPLEMENTED } = require('internal/errors');
const { validateBoolean, validateObject } = require('internal/validators');
const types = require('node:util/types');
const { random } = binding;
const { apply } = Reflect;
const { defineProperties } = Object;
const { DOMException, Uint8Array, Symbol } = globalThis;
const { isView } = ArrayBuffer;
const { slice: sliceOf } = String.prototype;

const slice = (s, from, to) => apply(sliceOf, s, [from, to]);
const isInteger = (v) => isView(v) && !types.isDataView(v) &&
  !types.isFloat32Array(v) && !types.isFloat64Array(v) &&
  !types.isFloat16Array(v);

function getRandomValues(data) {
  if (this !== crypto && this !== undefined) throw ERR_INVALID_THIS('Crypto');
  if (!isInteger(data)) {
    throw new DOMException('The data argument must be an integer-type TypedArray',
                           'TypeMismatchError');
  }
  if (data.byteLength > 65536) {
    throw new DOMException('The requested length exceeds 65,536 bytes',
                           'QuotaExceededError');
  }
  random(data, 0, data.byteLength);
  return data;
}

const HEX = [];
for (let i = 0; i < 256; i++) HEX[i] = (i < 16 ? '0' : '') + i.toString(16);

// Version 4, RFC 9562.
function randomUUID(options = undefined) {
  if (options !== undefined) {
    validateObject(options, 'options');
    if (options.disableEntropyCache !== undefined) {
      validateBoolean(options.disableEntropyCache, 'options.disableEntropyCache');
    }
  }
  const b = new Uint8Array(16);
  random(b, 0, 16);
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  let hex = '';
  for (let i = 0; i < 16; i++) hex += HEX[b[i]];
  return `${slice(hex, 0, 8)}-${slice(hex, 8, 12)}-${slice(hex, 12, 16)}-${
    slice(hex, 16, 20)}-${slice(hex, 20)}`;
}

class Crypto {
  get subtle() {
    throw ERR_METHOD_NOT_IMPLEMENTED('crypto.subtle');
  }
}
defineProperties(Crypto.prototype, {
  getRandomValues: {
    __proto__: null, value: getRandomValues, writable: true, configurable: true,
    enumerable: true,
  },
  randomUUID: {
    __proto__: null, value: () => randomUUID(), writable: true,
    configurable: true, enumerable: true,
  },
  subtle: { __proto__: null, enumerable: true },
  [Symbol.toStringTag]: { __proto__: null, value: 'Crypto', configurable: true },
});
const crypto = new Crypto();

module.exports = { crypto, natives: binding, randomUUID };
