// node:util

const types = require('node:util/types');
const tools = require('internal/inspect');
const {
  ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, coded,
} = require('internal/errors');
const {
  validateAbortSignal, validateBoolean, validateFunction, validateInteger,
  validateNumber, validateObject, validateString,
} = require('internal/validators');
const { inspect } = tools;
const { format: formatOf } = binding;
const { TextDecoder, TextEncoder } = require('internal/encoding');
const { apply, construct, ownKeys } = Reflect;
const {
  create, defineProperties, defineProperty, getOwnPropertyDescriptors,
  setPrototypeOf, prototype: { hasOwnProperty },
} = Object;
const { isArray, prototype: { join, pop, push, slice: sliceOf } } = Array;
const { Error, Promise, RegExp, String, Symbol, TypeError, WeakRef } = globalThis;
const { then } = Promise.prototype;
const {
  replace, slice, split, startsWith, toUpperCase, toWellFormed,
} = String.prototype;
const { test } = RegExp.prototype;
const process = () => require('node:process');

const call = (f, self, ...args) => apply(f, self, args);
const has = (o, key) => apply(hasOwnProperty, o, [key]);

// --- Text ---------------------------------------------------------------------------

const format = (...args) => apply(formatOf, undefined, [false, ...args]);

function formatWithOptions(options, ...args) {
  validateObject(options, 'inspectOptions');
  return apply(formatOf, undefined, [options, ...args]);
}

function toUSVString(text) {
  return call(toWellFormed, `${text}`);
}

// As in node, what ansi-regex matches.
const CONTROL = new RegExp('[\\u001B\\u009B][[\\]()#;?]*' +
  '(?:(?:(?:(?:;[-a-zA-Z\\d\\/\\#&.:=?%@~_]+)*' +
  '|[a-zA-Z\\d]+(?:;[-a-zA-Z\\d\\/\\#&.:=?%@~_]*)*)?' +
  '(?:\\u0007|\\u001B\\u005C|\\u009C))' +
  '|(?:(?:\\d{1,4}(?:;\\d{0,4})*)?[\\dA-PR-TZcf-ntqry=><~]))', 'g');

function stripVTControlCharacters(text) {
  validateString(text, 'str');
  return call(replace, text, CONTROL, '');
}

function hasColors(stream) {
  if (process().env.FORCE_COLOR !== undefined) {
    return !call(test, /^(0|false)$/, process().env.FORCE_COLOR);
  }
  return !!stream?.isTTY && (typeof stream.getColorDepth !== 'function' ||
    stream.getColorDepth() > 2);
}

function styleText(styles, text, options = {}) {
  validateString(text, 'text');
  validateObject(options, 'options');
  const { validateStream = true, stream = process().stdout } = options;
  validateBoolean(validateStream, 'options.validateStream');
  const all = isArray(styles) ? styles : [styles];
  let left = '';
  let right = '';
  for (let i = 0; i < all.length; i++) {
    const codes = typeof all[i] === 'string' && has(inspect.colors, all[i])
      ? inspect.colors[all[i]] : undefined;
    if (codes === undefined) {
      throw ERR_INVALID_ARG_VALUE('format', all[i],
        `must be one of: ${call(join, ownKeys(inspect.colors), ', ')}`);
    }
    left += `\x1b[${codes[0]}m`;
    right = `\x1b[${codes[1]}m${right}`;
  }
  return validateStream && !hasColors(stream) ? text : left + text + right;
}

// --- Functions ------------------------------------------------------------------------

const customPromisify = Symbol.for('nodejs.util.promisify.custom');

function promisify(original) {
  validateFunction(original, 'original');
  const own = original[customPromisify];
  if (own) {
    validateFunction(own, 'util.promisify.custom');
    return defineProperty(own, customPromisify, {
      __proto__: null, value: own, enumerable: false, writable: false,
      configurable: true,
    });
  }
  function fn(...args) {
    return new Promise((resolve, reject) => {
      apply(original, this, [...args, (error, ...values) => {
        if (error) reject(error);
        else resolve(values[0]);
      }]);
    });
  }
  setPrototypeOf(fn, Object.getPrototypeOf(original));
  defineProperty(fn, customPromisify, {
    __proto__: null, value: fn, enumerable: false, writable: false,
    configurable: true,
  });
  const own2 = getOwnPropertyDescriptors(original);
  const keys = ownKeys(own2);
  for (let i = 0; i < keys.length; i++) setPrototypeOf(own2[keys[i]], null);
  return defineProperties(fn, own2);
}
promisify.custom = customPromisify;

function callbackify(original) {
  validateFunction(original, 'original');
  function callbackified(...args) {
    const done = call(pop, args);
    validateFunction(done, 'last argument');
    const callback = (...values) => apply(done, this, values);
    const { nextTick } = process();
    call(then, apply(original, this, args),
      (value) => nextTick(callback, null, value),
      (reason) => {
        if (!reason) {
          const error = coded(Error, 'ERR_FALSY_VALUE_REJECTION',
                              'Promise was rejected with falsy value');
          error.reason = reason;
          reason = error;
        }
        nextTick(callback, reason);
      });
  }
  const own = getOwnPropertyDescriptors(original);
  if (typeof own.length?.value === 'number') own.length.value++;
  if (typeof own.name?.value === 'string') own.name.value += 'Callbackified';
  const keys = ownKeys(own);
  for (let i = 0; i < keys.length; i++) setPrototypeOf(own[keys[i]], null);
  return defineProperties(callbackified, own);
}

function inherits(constructor, superConstructor) {
  if (constructor === undefined || constructor === null) {
    throw ERR_INVALID_ARG_TYPE('ctor', 'Function', constructor);
  }
  if (superConstructor === undefined || superConstructor === null) {
    throw ERR_INVALID_ARG_TYPE('superCtor', 'Function', superConstructor);
  }
  if (superConstructor.prototype === undefined) {
    throw ERR_INVALID_ARG_TYPE('superCtor.prototype', 'Object',
                               superConstructor.prototype);
  }
  defineProperty(constructor, 'super_', {
    __proto__: null, value: superConstructor, writable: true,
    configurable: true,
  });
  setPrototypeOf(constructor.prototype, superConstructor.prototype);
}

const toldCodes = create(null);

function deprecate(fn, message, code = undefined) {
  validateFunction(fn, 'fn');
  if (code !== undefined) validateString(code, 'code');
  let isTold = false;
  function deprecated(...args) {
    if (!isTold && !process().noDeprecation) {
      isTold = true;
      if (code === undefined) {
        process().emitWarning(message, 'DeprecationWarning', deprecated);
      } else if (!toldCodes[code]) {
        toldCodes[code] = true;
        process().emitWarning(message, 'DeprecationWarning', code, deprecated);
      }
    }
    return new.target ? construct(fn, args, new.target)
      : apply(fn, this, args);
  }
  setPrototypeOf(deprecated, fn);
  if (fn.prototype) deprecated.prototype = fn.prototype;
  return deprecated;
}

// --- Messages for debugging -----------------------------------------------------------

let wanted;

// NODE_DEBUG=name,other*
function isWanted(set) {
  if (wanted === undefined) {
    const text = process().env.NODE_DEBUG;
    const names = text ? call(split, text, ',') : [];
    const patterns = [];
    for (let i = 0; i < names.length; i++) {
      const escaped = call(replace, names[i], /[|\\{}()[\]^$+?.]/g, '\\$&');
      call(push, patterns, `^${call(replace, escaped, /\*/g, '.*')}$`);
    }
    wanted = patterns.length
      ? new RegExp(call(join, patterns, '|'), 'i') : null;
  }
  return wanted !== null && call(test, wanted, set);
}

function debuglog(set, callback = undefined) {
  set = call(toUpperCase, `${set}`);
  const isOn = () => isWanted(set);
  const say = (...args) => {
    if (!isOn()) return;
    const { pid, stderr } = process();
    stderr.write(`${set} ${pid}: ${format(...args)}\n`);
  };
  let logger = (...args) => {
    if (typeof callback === 'function') callback(say);
    logger = say;
    say(...args);
  };
  const debug = (...args) => logger(...args);
  defineProperty(debug, 'enabled', {
    __proto__: null, get: isOn, configurable: true, enumerable: true,
  });
  return debug;
}

// --- Arguments of a command -------------------------------------------------------------

const parseError = (code, message) => coded(TypeError, code, message);

function checkOptions(options) {
  validateObject(options, 'options');
  const names = ownKeys(options);
  for (let i = 0; i < names.length; i++) {
    const o = options[names[i]];
    const where = `options.${names[i]}`;
    validateObject(o, where);
    if (o.type !== 'string' && o.type !== 'boolean') {
      throw ERR_INVALID_ARG_TYPE(`${where}.type`, '(\'string|boolean\')',
                                 o.type);
    }
    if (has(o, 'short')) {
      validateString(o.short, `${where}.short`);
      if (o.short.length !== 1) {
        throw ERR_INVALID_ARG_VALUE(`${where}.short`, o.short,
                                    'must be a single character');
      }
    }
    if (has(o, 'multiple')) validateBoolean(o.multiple, `${where}.multiple`);
    if (o.default === undefined) continue;
    const list = o.multiple ? o.default : [o.default];
    if (!isArray(list)) {
      throw ERR_INVALID_ARG_TYPE(`${where}.default`, 'Array', list);
    }
    for (let k = 0; k < list.length; k++) {
      const at = o.multiple ? `${where}.default[${k}]` : `${where}.default`;
      if (o.type === 'string') validateString(list[k], at);
      else validateBoolean(list[k], at);
    }
  }
}

function longOf(short, options) {
  const names = ownKeys(options);
  for (let i = 0; i < names.length; i++) {
    if (options[names[i]].short === short) return names[i];
  }
  return short;
}

const takesValue = (name, options) => has(options, name) &&
  options[name].type === 'string';

// The arguments one by one: options, positionals, and the terminator.
function tokensOf(args, options) {
  const tokens = [];
  const rest = call(sliceOf, args);
  let index = -1;
  let groups = 0;
  const option = (name, rawName, value, inlineValue) => {
    call(push, tokens, { kind: 'option', name, rawName, index, value,
                         inlineValue });
  };
  const next = () => {
    const arg = rest[0];
    call(Array.prototype.shift, rest);
    if (groups > 0) groups--;
    else index++;
    return arg;
  };
  while (rest.length) {
    const arg = next();
    if (arg === '--') {
      call(push, tokens, { kind: 'option-terminator', index });
      while (rest.length) {
        index++;
        call(push, tokens, {
          kind: 'positional', index, value: call(Array.prototype.shift, rest),
        });
      }
      break;
    }
    if (arg.length === 2 && arg[0] === '-' && arg[1] !== '-') {
      const name = longOf(arg[1], options);
      let value;
      let isInline;
      if (takesValue(name, options) && rest.length) {
        value = rest[0];
        isInline = false;
      }
      option(name, arg, value, isInline);
      if (isInline === false) {
        call(Array.prototype.shift, rest);
        index++;
      }
      continue;
    }
    if (arg.length > 2 && arg[0] === '-' && arg[1] !== '-') {
      if (takesValue(longOf(arg[1], options), options)) {
        option(longOf(arg[1], options), `-${arg[1]}`, call(slice, arg, 2), true);
        continue;
      }
      const expanded = [];
      for (let i = 1; i < arg.length; i++) {
        const name = longOf(arg[i], options);
        if (!takesValue(name, options) || i === arg.length - 1) {
          call(push, expanded, `-${arg[i]}`);
        } else {
          call(push, expanded, `-${call(slice, arg, i)}`);
          break;
        }
      }
      call(Array.prototype.unshift, rest, ...expanded);
      groups = expanded.length;
      continue;
    }
    if (arg.length > 2 && call(startsWith, arg, '--')) {
      const at = call(String.prototype.indexOf, arg, '=', 3);
      if (at < 0) {
        const name = call(slice, arg, 2);
        let value;
        let isInline;
        if (takesValue(name, options) && rest.length) {
          value = rest[0];
          isInline = false;
        }
        option(name, arg, value, isInline);
        if (isInline === false) {
          call(Array.prototype.shift, rest);
          index++;
        }
      } else {
        const name = call(slice, arg, 2, at);
        option(name, `--${name}`, call(slice, arg, at + 1), true);
      }
      continue;
    }
    call(push, tokens, { kind: 'positional', index, value: arg });
  }
  return tokens;
}

function checkStrictly(token, options, allowsPositionals) {
  const { name, rawName, value, inlineValue } = token;
  if (!has(options, name)) {
    const hint = allowsPositionals
      ? `. To specify a positional argument starting with a '-', place it at ` +
        `the end of the command after '--', as in '-- "${rawName}"` : '';
    throw parseError('ERR_PARSE_ARGS_UNKNOWN_OPTION',
                     `Unknown option '${rawName}'${hint}`);
  }
  const o = options[name];
  const shown = `${o.short ? `-${o.short}, ` : ''}--${name}`;
  if (o.type === 'string' && typeof value !== 'string') {
    throw parseError('ERR_PARSE_ARGS_INVALID_OPTION_VALUE',
                     `Option '${shown} <value>' argument missing`);
  }
  if (o.type === 'boolean' && value !== undefined && value !== null) {
    throw parseError('ERR_PARSE_ARGS_INVALID_OPTION_VALUE',
                     `Option '${shown}' does not take an argument`);
  }
  if (inlineValue === false && value.length > 1 && value[0] === '-') {
    const example = call(startsWith, rawName, '--')
      ? `'${rawName}=-XYZ'` : `'--${name}=-XYZ' or '${rawName}-XYZ'`;
    throw parseError('ERR_PARSE_ARGS_INVALID_OPTION_VALUE',
      `Option '${rawName}' argument is ambiguous.
Did you forget to specify the option argument for '${rawName}'?
To specify an option argument starting with a dash use ${example}.`);
  }
}

function parseArgs(config = {}) {
  validateObject(config, 'config');
  const { strict = true, allowPositionals = !strict, tokens: wantsTokens = false,
          options = {} } = config;
  let { args } = config;
  if (args === undefined) args = call(sliceOf, process().argv, 2);
  if (!isArray(args)) throw ERR_INVALID_ARG_TYPE('args', 'Array', args);
  validateBoolean(strict, 'strict');
  validateBoolean(allowPositionals, 'allowPositionals');
  validateBoolean(wantsTokens, 'tokens');
  checkOptions(options);
  const tokens = tokensOf(args, options);
  const values = create(null);
  const positionals = [];
  const store = (name, value) => {
    if (name === '__proto__') return;
    if (has(options, name) && options[name].multiple) {
      if (values[name]) call(push, values[name], value);
      else values[name] = [value];
    } else {
      values[name] = value;
    }
  };
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token.kind === 'option') {
      if (strict) checkStrictly(token, options, allowPositionals);
      store(token.name, token.value ?? true);
    } else if (token.kind === 'positional') {
      if (!allowPositionals) {
        throw parseError('ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL',
          `Unexpected argument '${token.value}'. This command does not take ` +
          'positional arguments');
      }
      call(push, positionals, token.value);
    }
  }
  const names = ownKeys(options);
  for (let i = 0; i < names.length; i++) {
    const o = options[names[i]];
    if (o.default !== undefined && values[names[i]] === undefined) {
      values[names[i]] = o.default;
    }
  }
  const result = { values, positionals };
  if (wantsTokens) result.tokens = tokens;
  return result;
}

// --- Signals -------------------------------------------------------------------------------

// Settled when the signal is aborted; `resource` is held weakly.
function aborted(signal, resource) {
  if (signal === undefined) {
    return Promise.reject(ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal));
  }
  try {
    validateAbortSignal(signal, 'signal');
    validateObject(resource, 'resource');
  } catch (error) {
    return Promise.reject(error);
  }
  if (signal.aborted) return Promise.resolve();
  const ref = new WeakRef(resource);
  return new Promise((resolve) => {
    signal.addEventListener('abort', (event) => {
      if (ref.deref() !== undefined) resolve(event);
    }, { once: true });
  });
}

// --- The old questions ----------------------------------------------------------------------

const isPrimitive = (v) => v === null ||
  (typeof v !== 'object' && typeof v !== 'function');

function systemErrorName(code) {
  validateNumber(code, 'err');
  if (code >= 0 || !Number.isSafeInteger(code)) {
    throw ERR_OUT_OF_RANGE('err', 'a negative integer', code);
  }
  return binding.errorName(code);
}

module.exports = {
  TextDecoder,
  TextEncoder,
  _extend(target, source) {
    if (source === null || typeof source !== 'object') return target;
    return Object.assign(target, source);
  },
  aborted,
  callbackify,
  debug: debuglog,
  debuglog,
  deprecate,
  format,
  formatWithOptions,
  getSystemErrorName: systemErrorName,
  inherits,
  inspect,
  isArray,
  isBoolean: (v) => typeof v === 'boolean',
  isDate: types.isDate,
  isDeepStrictEqual: (a, b) =>
    require('internal/comparisons').isDeepStrictEqual(a, b),
  isError: (v) => types.isNativeError(v) || v instanceof Error,
  isFunction: (v) => typeof v === 'function',
  isNull: (v) => v === null,
  isNullOrUndefined: (v) => v === null || v === undefined,
  isNumber: (v) => typeof v === 'number',
  isObject: (v) => v !== null && typeof v === 'object',
  isPrimitive,
  isRegExp: types.isRegExp,
  isString: (v) => typeof v === 'string',
  isSymbol: (v) => typeof v === 'symbol',
  isUndefined: (v) => v === undefined,
  log(...args) {
    const now = new Date();
    const two = (n) => (n < 10 ? `0${n}` : `${n}`);
    const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug',
                    'Sep', 'Oct', 'Nov', 'Dec'];
    process().stdout.write(`${now.getDate()} ${months[now.getMonth()]} ${
      two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())
    } - ${format(...args)}\n`);
  },
  parseArgs,
  promisify,
  stripVTControlCharacters,
  styleText,
  toUSVString,
  types,
};
