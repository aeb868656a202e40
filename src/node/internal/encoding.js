// internal/encoding: TextEncoder and TextDecoder (Encoding Standard), of UTF-8.

const { coded, ERR_INVALID_ARG_TYPE, ERR_INVALID_THIS } = require('internal/errors');
const tools = require('internal/inspect');
const { apply } = Reflect;
const { defineProperties } = Object;
const { isView } = ArrayBuffer;
const { RangeError, TypeError, Uint8Array, Symbol } = globalThis;
const { charCodeAt, codePointAt, toLowerCase, trim, slice } = String.prototype;
const { encode: encodeText, decode: decodeBytes, isBuffer } = binding;

const call = (f, self, ...args) => apply(f, self, args);

// --- TextEncoder ----------------------------------------------------------------------

// How many of the code units of `text`, and bytes, fit into `room` bytes.
function fit(text, room) {
  let read = 0;
  let written = 0;
  while (read < text.length) {
    const code = call(codePointAt, text, read);
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (written + size > room) break;
    written += size;
    read += code > 0xffff ? 2 : 1;
  }
  return { read, written };
}

class TextEncoder {
  #isOne = true;

  get encoding() {
    if (!(#isOne in this)) throw ERR_INVALID_THIS('TextEncoder');
    return 'utf-8';
  }

  encode(input = '') {
    if (!(#isOne in this)) throw ERR_INVALID_THIS('TextEncoder');
    return encodeText(`${input}`);
  }

  encodeInto(source, destination) {
    if (!(#isOne in this)) throw ERR_INVALID_THIS('TextEncoder');
    if (typeof source !== 'string') {
      throw ERR_INVALID_ARG_TYPE('src', 'string', source);
    }
    if (!isView(destination) || tools.classOf(destination) !== 'Uint8Array') {
      throw ERR_INVALID_ARG_TYPE('dest', 'Uint8Array', destination);
    }
    const { read, written } = fit(source, destination.length);
    const bytes = encodeText(read === source.length ? source
      : call(slice, source, 0, read));
    call(Uint8Array.prototype.set, destination, bytes);
    return { read, written };
  }
}

// --- TextDecoder ----------------------------------------------------------------------

const labels = {
  __proto__: null,
  'unicode-1-1-utf-8': true,
  'unicode11utf8': true,
  'unicode20utf8': true,
  'utf-8': true,
  'utf8': true,
  'x-unicode20utf8': true,
};

const FATAL = 1, STREAM = 2;

class TextDecoder {
  #isFatal;
  #ignoresBOM;
  #held = new Uint8Array(4); // how many bytes of a sequence, and these
  #hasBegun = false;

  constructor(label = 'utf-8', options = undefined) {
    label = `${label}`;
    if (labels[call(toLowerCase, call(trim, label))] === undefined) {
      throw coded(RangeError, 'ERR_ENCODING_NOT_SUPPORTED',
                  `The "${label}" encoding is not supported`);
    }
    if (options !== undefined && options !== null &&
        typeof options !== 'object' && typeof options !== 'function') {
      throw ERR_INVALID_ARG_TYPE('options', 'Object', options);
    }
    this.#isFatal = !!options?.fatal;
    this.#ignoresBOM = !!options?.ignoreBOM;
  }

  decode(input = undefined, options = undefined) {
    if (!(#isFatal in this)) throw ERR_INVALID_THIS('TextDecoder');
    if (input !== undefined && !isView(input) && !isBuffer(input)) {
      throw ERR_INVALID_ARG_TYPE('input', ['ArrayBuffer', 'ArrayBufferView'],
                                 input);
    }
    const isStream = !!options?.stream;
    let text = decodeBytes(input, this.#held,
                           (this.#isFatal ? FATAL : 0) | (isStream ? STREAM : 0));
    if (text === null) {
      this.#hasBegun = false;
      throw coded(TypeError, 'ERR_ENCODING_INVALID_ENCODED_DATA',
                  'The encoded data was not valid for encoding utf-8');
    }
    if (!this.#hasBegun && !this.#ignoresBOM && text.length) {
      if (call(charCodeAt, text, 0) === 0xfeff) text = call(slice, text, 1);
      this.#hasBegun = true;
    }
    if (!isStream) this.#hasBegun = false;
    return text;
  }

  get encoding() {
    if (!(#isFatal in this)) throw ERR_INVALID_THIS('TextDecoder');
    return 'utf-8';
  }

  get fatal() {
    if (!(#isFatal in this)) throw ERR_INVALID_THIS('TextDecoder');
    return this.#isFatal;
  }

  get ignoreBOM() {
    if (!(#isFatal in this)) throw ERR_INVALID_THIS('TextDecoder');
    return this.#ignoresBOM;
  }
}

const enumerable = { __proto__: null, enumerable: true };
const tag = (value) => ({ __proto__: null, value, configurable: true });
defineProperties(TextEncoder.prototype, {
  encoding: enumerable,
  encode: enumerable,
  encodeInto: enumerable,
  [Symbol.toStringTag]: tag('TextEncoder'),
});
defineProperties(TextDecoder.prototype, {
  encoding: enumerable,
  fatal: enumerable,
  ignoreBOM: enumerable,
  decode: enumerable,
  [Symbol.toStringTag]: tag('TextDecoder'),
});

module.exports = { TextDecoder, TextEncoder };
