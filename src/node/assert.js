// node:assert

const { inspect } = require('internal/inspect');
const types = require('node:util/types');
const {
  ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_INVALID_RETURN_VALUE,
  ERR_MISSING_ARGS, coded,
} = require('internal/errors');
const { validateFunction, validateObject } = require('internal/validators');
const { isDeepEqual, isDeepStrictEqual } = require('internal/comparisons');
const { apply, ownKeys } = Reflect;
const { defineProperty, is } = Object;
const { join } = Array.prototype;
const { slice, split } = String.prototype;
const { test } = RegExp.prototype;
const { Error, Symbol, TypeError, Uint32Array } = globalThis;

const call = (f, self, ...args) => apply(f, self, args);
const isPrototypeOf = (a, b) =>
  call(Object.prototype.isPrototypeOf, a, b);

// --- AssertionError --------------------------------------------------------------------

const starts = {
  __proto__: null,
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  strictEqualObject:
    'Expected "actual" to be reference-equal to "expected":',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notDeepStrictEqual:
    'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject:
    'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notIdentical:
    'Values have same structure but are not reference-equal:',
  notDeepEqualUnequal: 'Expected values not to be loosely deep-equal:',
};

const show = (v) => inspect(v, {
  compact: false, customInspect: false, depth: 1000, maxArrayLength: Infinity,
  showHidden: false, showProxy: false, sorted: true, getters: true,
  breakLength: Infinity,
});

const linesOf = (v) => call(split, show(v), '\n');
const MOST_LINES = 50;
// So many lines around one that differs are shown.
const NEAR = 5;
// So many lines at both ends may differ before they are looked at by pairs.
const MOST_COMPARED = 1000;

// What is to be done, line by line, to make b of a: the longest common lines
// stay. Rows of lengths of a's rest with b's rest.
function difference(a, b) {
  const rows = [];
  for (let i = a.length; i >= 0; i--) {
    const row = new Uint32Array(b.length + 1);
    rows[i] = row;
    for (let k = b.length - 1; i < a.length && k >= 0; k--) {
      row[k] = a[i] === b[k] ? rows[i + 1][k + 1] + 1
        : rows[i + 1][k] >= row[k + 1] ? rows[i + 1][k] : row[k + 1];
    }
  }
  const out = [];
  let i = 0;
  let k = 0;
  while (i < a.length || k < b.length) {
    if (i < a.length && k < b.length && a[i] === b[k]) {
      out[out.length] = { mark: ' ', text: a[i++] };
      k++;
    } else if (k === b.length ||
               (i < a.length && rows[i + 1][k] >= rows[i][k + 1])) {
      out[out.length] = { mark: '+', text: a[i++] };
    } else {
      out[out.length] = { mark: '-', text: b[k++] };
    }
  }
  return out;
}

function showDifference(actual, expected, operator, message) {
  let a = linesOf(actual);
  let b = linesOf(expected);
  const isReference = (v) => (typeof v === 'object' && v !== null) ||
    typeof v === 'function';
  if (operator === 'strictEqual' && isReference(actual) &&
      isReference(expected)) {
    operator = 'strictEqualObject';
  }
  const isShort = a.length === 1 && b.length === 1;
  if (isShort && a[0] === b[0]) operator = 'notIdentical';
  if (isShort && a[0] !== b[0] && a[0].length + b[0].length <= 12 &&
      !isReference(actual) && !isReference(expected) &&
      (actual !== 0 || expected !== 0)) {
    return `${message || starts[operator]}\n\n${a[0]} !== ${b[0]}\n`;
  }
  if (operator === 'notIdentical' || call(join, a, '\n') === call(join, b, '\n')) {
    if (a.length > MOST_LINES) {
      a = call(Array.prototype.slice, a, 0, MOST_LINES - 4);
      a[a.length] = '...';
    }
    return `${starts.notIdentical}\n\n${call(join, a, '\n')}\n`;
  }
  let cut = '';
  if (a.length > MOST_COMPARED || b.length > MOST_COMPARED) {
    a = call(Array.prototype.slice, a, 0, MOST_COMPARED);
    b = call(Array.prototype.slice, b, 0, MOST_COMPARED);
    cut = '\n... Lines skipped';
  }
  const all = difference(a, b);
  let text = '';
  let count = 0;
  let isSkipping = false;
  let hasSkipped = cut !== '';
  for (let i = 0; i < all.length && count < MOST_LINES; i++) {
    const { mark } = all[i];
    let isNear = mark !== ' ';
    for (let k = i - NEAR; !isNear && k <= i + NEAR; k++) {
      isNear = k >= 0 && k < all.length && all[k].mark !== ' ';
    }
    if (!isNear && all.length > 5) {
      if (!isSkipping) text += '\n...';
      isSkipping = hasSkipped = true;
      continue;
    }
    isSkipping = false;
    text += `\n${mark} ${all[i].text}`;
    count++;
  }
  if (count === MOST_LINES) {
    text += '\n...';
    hasSkipped = true;
  }
  return `${message || starts[operator]}\n+ actual - expected${
    hasSkipped ? ' ... Lines skipped' : ''}\n${text}${cut}`;
}

function shorten(text) {
  const lines = call(split, text, '\n');
  if (lines.length <= MOST_LINES) return text;
  return `${call(join, call(Array.prototype.slice, lines, 0, MOST_LINES), '\n')
  }\n...`;
}

function messageFor(actual, expected, operator, message) {
  switch (operator) {
    case 'deepStrictEqual':
    case 'strictEqual':
      return showDifference(actual, expected, operator, message);
    case 'notDeepStrictEqual':
    case 'notStrictEqual': {
      let start = starts[operator];
      const lines = linesOf(actual);
      if (operator === 'notStrictEqual' &&
          ((typeof actual === 'object' && actual !== null) ||
           typeof actual === 'function')) {
        start = starts.notStrictEqualObject;
      }
      if (lines.length === 1) {
        return `${start}${lines[0].length > 5 ? '\n\n' : ' '}${lines[0]}`;
      }
      return `${start}\n\n${shorten(call(join, lines, '\n'))}\n`;
    }
    default: {
      let left = shorten(show(actual));
      let right = shorten(show(expected));
      if (operator === 'notDeepEqual' && left === right) {
        left = `${starts.notDeepEqual}\n\n${left}`;
        if (left.length > 1024) left = `${call(slice, left, 0, 1021)}...`;
        return left;
      }
      if (left.length > 512) left = `${call(slice, left, 0, 509)}...`;
      if (right.length > 512) right = `${call(slice, right, 0, 509)}...`;
      if (operator === 'deepEqual') {
        return `${starts.deepEqual}\n\n${left}\n\nshould loosely deep-equal\n\n${
          right}`;
      }
      if (operator === 'notDeepEqual') {
        return `${starts.notDeepEqualUnequal}\n\n${left
        }\n\nshould not loosely deep-equal\n\n${right}`;
      }
      return `${left} ${operator} ${right}`;
    }
  }
}

class AssertionError extends Error {
  constructor(options) {
    validateObject(options, 'options');
    const { message, operator, actual, expected, stackStartFn } = options;
    const isWhole = message && operator !== 'deepStrictEqual' &&
      operator !== 'strictEqual';
    super(isWhole ? `${message}`
      : messageFor(actual, expected, operator, message));
    this.generatedMessage = !message;
    defineProperty(this, 'name', {
      __proto__: null, value: 'AssertionError', enumerable: false,
      writable: true, configurable: true,
    });
    this.code = 'ERR_ASSERTION';
    this.actual = actual;
    this.expected = expected;
    this.operator = operator;
    if (typeof Error.captureStackTrace === 'function') {
      Error.captureStackTrace(this, stackStartFn);
    }
  }

  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

// --- The functions ----------------------------------------------------------------------

function fail(options) {
  if (options.message instanceof Error) throw options.message;
  throw new AssertionError(options);
}

function check(isRight, name, operator) {
  function fn(actual, expected, message) {
    if (arguments.length < 2) throw ERR_MISSING_ARGS('actual', 'expected');
    if (isRight(actual, expected)) return;
    fail({ actual, expected, message, operator, stackStartFn: fn });
  }
  return defineProperty(fn, 'name', {
    __proto__: null, value: name, configurable: true,
  });
}

function verify(fn, count, value, message) {
  if (value) return;
  let generated = false;
  if (count === 0) {
    generated = true;
    message = 'No value argument passed to `assert.ok()`';
  } else if (message === undefined || message === null) {
    generated = true;
    message = 'The expression evaluated to a falsy value';
  } else if (message instanceof Error) {
    throw message;
  }
  const error = new AssertionError({
    actual: value, expected: true, message, operator: '==', stackStartFn: fn,
  });
  error.generatedMessage = generated;
  throw error;
}

function ok(...args) {
  verify(ok, args.length, args[0], args[1]);
}

function assert(...args) {
  verify(assert, args.length, args[0], args[1]);
}

const looselyEqual = (a, b) => a == b || (a !== a && b !== b);

assert.ok = ok;
assert.fail = function(actual, expected, message, operator, stackStartFn) {
  const count = arguments.length;
  let isGenerated = false;
  if ((actual === null || actual === undefined) && count <= 1) {
    isGenerated = true;
    message = 'Failed';
  } else if (count === 1) {
    message = actual;
    actual = undefined;
  } else if (count === 2) {
    operator = '!=';
  }
  if (message instanceof Error) throw message;
  const error = new AssertionError({
    actual, expected, message,
    operator: operator === undefined ? 'fail' : operator,
    stackStartFn: stackStartFn || assert.fail,
  });
  if (isGenerated) error.generatedMessage = true;
  throw error;
};
assert.AssertionError = AssertionError;
assert.equal = check(looselyEqual, 'equal', '==');
assert.notEqual = check((a, b) => !looselyEqual(a, b), 'notEqual', '!=');
assert.deepEqual = check(isDeepEqual, 'deepEqual', 'deepEqual');
assert.notDeepEqual = check((a, b) => !isDeepEqual(a, b), 'notDeepEqual',
                            'notDeepEqual');
assert.deepStrictEqual = check(isDeepStrictEqual, 'deepStrictEqual',
                               'deepStrictEqual');
assert.notDeepStrictEqual = check((a, b) => !isDeepStrictEqual(a, b),
                                  'notDeepStrictEqual', 'notDeepStrictEqual');
assert.strictEqual = check(is, 'strictEqual', 'strictEqual');
assert.notStrictEqual = check((a, b) => !is(a, b), 'notStrictEqual',
                              'notStrictEqual');

// --- What is thrown -----------------------------------------------------------------------

const NOTHING = Symbol('nothing was thrown');

function run(fn) {
  validateFunction(fn, 'fn');
  try {
    fn();
  } catch (error) {
    return error;
  }
  return NOTHING;
}

const isPromiseLike = (v) => types.isPromise(v) ||
  (v !== null && typeof v === 'object' && typeof v.then === 'function' &&
   typeof v.catch === 'function');

async function wait(promiseFn) {
  let promise;
  if (typeof promiseFn === 'function') {
    promise = promiseFn();
    if (!isPromiseLike(promise)) {
      throw ERR_INVALID_RETURN_VALUE('instance of Promise', 'promiseFn', promise);
    }
  } else if (isPromiseLike(promiseFn)) {
    promise = promiseFn;
  } else {
    throw ERR_INVALID_ARG_TYPE('promiseFn', ['Function', 'Promise'], promiseFn);
  }
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return NOTHING;
}

// Of an error, the members that are asked for: for the difference that is shown.
function membersOf(actual, keys, expected) {
  const picked = {};
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (!(key in actual)) continue;
    picked[key] = types.isRegExp(expected?.[key]) &&
      typeof actual[key] === 'string' &&
      call(test, expected[key], actual[key]) ? expected[key] : actual[key];
  }
  return picked;
}

function compareMembers(actual, expected, message, fn) {
  const keys = ownKeys(expected).filter(
    (key) => call(Object.prototype.propertyIsEnumerable, expected, key));
  if (expected instanceof Error) keys.push('name', 'message');
  else if (keys.length === 0) {
    throw ERR_INVALID_ARG_VALUE('error', expected, 'may not be an empty object');
  }
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i];
    if (typeof actual[key] === 'string' && types.isRegExp(expected[key]) &&
        call(test, expected[key], actual[key])) continue;
    if (key in actual && isDeepStrictEqual(actual[key], expected[key])) continue;
    if (message) fail({ actual, expected, message, operator: fn.name });
    const error = new AssertionError({
      actual: membersOf(actual, keys, expected),
      expected: membersOf(expected, keys),
      operator: 'deepStrictEqual',
    });
    error.actual = actual;
    error.expected = expected;
    error.operator = fn.name;
    throw error;
  }
}

function expectException(actual, expected, message, fn) {
  let isGenerated = false;
  let isError = false;
  if (typeof expected !== 'function') {
    if (types.isRegExp(expected)) {
      const text = `${actual}`;
      if (call(test, expected, text)) return;
      if (!message) {
        isGenerated = true;
        message = `The input did not match the regular expression ${
          inspect(expected)}. Input:\n\n${inspect(text)}\n`;
      }
      isError = true;
    } else if (typeof actual !== 'object' || actual === null) {
      const error = new AssertionError({
        actual, expected, message, operator: 'deepStrictEqual',
      });
      error.operator = fn.name;
      throw error;
    } else {
      compareMembers(actual, expected, message, fn);
      return;
    }
  } else if (expected.prototype !== undefined && actual instanceof expected) {
    return;
  } else if (isPrototypeOf(Error, expected) || expected === Error) {
    if (!message) {
      isGenerated = true;
      message = 'The error is expected to be an instance of ' +
        `"${expected.name}". Received `;
      if (types.isNativeError(actual) || actual instanceof Error) {
        message += `"${actual.name}"`;
      } else {
        message += `"${inspect(actual, { depth: -1 })}"`;
      }
    }
    if (isGenerated && (types.isNativeError(actual) || actual instanceof Error)) {
      message += `\n\nError message:\n\n${actual.message}`;
    }
    isError = true;
  } else {
    const result = apply(expected, {}, [actual]);
    if (result === true) return;
    if (!message) {
      isGenerated = true;
      const name = expected.name ? `"${expected.name}" ` : '';
      message = `The ${name}validation function is expected to return ` +
        `"true". Received ${inspect(result)}`;
      if (types.isNativeError(actual) || actual instanceof Error) {
        message += `\n\nCaught error:\n\n${actual}`;
      }
    }
    isError = true;
  }
  if (!isError) return;
  if (message instanceof Error) throw message;
  const error = new AssertionError({ actual, expected, message,
                                     operator: fn.name });
  error.generatedMessage = isGenerated;
  throw error;
}

function expectsError(fn, actual, args) {
  let { 0: error, 1: message } = args;
  if (typeof error === 'string') {
    if (args.length === 2) {
      throw ERR_INVALID_ARG_TYPE('error', ['Object', 'Error', 'Function',
                                           'RegExp'], error);
    }
    if (actual !== NOTHING && typeof actual === 'object' && actual !== null) {
      if (actual.message === error) {
        throw coded(TypeError, 'ERR_AMBIGUOUS_ARGUMENT',
          'The "error/message" argument is ambiguous. The error message ' +
          `"${actual.message}" is identical to the message.`);
      }
    } else if (actual === error) {
      throw coded(TypeError, 'ERR_AMBIGUOUS_ARGUMENT',
        'The "error/message" argument is ambiguous. The error ' +
        `"${actual}" is identical to the message.`);
    }
    message = error;
    error = undefined;
  } else if (error !== null && error !== undefined &&
             typeof error !== 'object' && typeof error !== 'function') {
    throw ERR_INVALID_ARG_TYPE('error', ['Object', 'Error', 'Function',
                                         'RegExp'], error);
  }
  if (actual === NOTHING) {
    let details = '';
    if (error && error.name) details += ` (${error.name})`;
    details += message ? `: ${message}` : '.';
    const what = fn.name === 'rejects' ? 'rejection' : 'exception';
    if (message instanceof Error) throw message;
    throw new AssertionError({
      actual: undefined, expected: error, operator: fn.name,
      message: `Missing expected ${what}${details}`, stackStartFn: fn,
    });
  }
  if (error === undefined || error === null) return;
  expectException(actual, error, message, fn);
}

function expectsNoError(fn, actual, error, message) {
  if (actual === NOTHING) return;
  if (typeof error === 'string') {
    message = error;
    error = undefined;
  }
  const isMeant = !error || (typeof error === 'function'
    ? (error.prototype !== undefined && actual instanceof error) ||
      (!isPrototypeOf(Error, error) && apply(error, {}, [actual]) === true)
    : types.isRegExp(error) && call(test, error, `${actual}`));
  if (!isMeant) throw actual;
  const details = message ? `: ${message}` : '.';
  const what = fn.name === 'doesNotReject' ? 'rejection' : 'exception';
  fail({
    actual, expected: error, operator: fn.name, stackStartFn: fn,
    message: `Got unwanted ${what}${details}\nActual message: "${
      actual && actual.message}"`,
  });
}

assert.throws = function throws(fn, ...args) {
  expectsError(throws, run(fn), args);
};
assert.rejects = async function rejects(promiseFn, ...args) {
  expectsError(rejects, await wait(promiseFn), args);
};
assert.doesNotThrow = function doesNotThrow(fn, ...args) {
  expectsNoError(doesNotThrow, run(fn), ...args);
};
assert.doesNotReject = async function doesNotReject(fn, ...args) {
  expectsNoError(doesNotReject, await wait(fn), ...args);
};

assert.ifError = function ifError(error) {
  if (error === null || error === undefined) return;
  let message = 'ifError got unwanted exception: ';
  if (typeof error === 'object' && typeof error.message === 'string') {
    message += error.message.length === 0 && error.constructor
      ? error.constructor.name : error.message;
  } else {
    message += inspect(error);
  }
  throw new AssertionError({
    actual: error, expected: null, operator: 'ifError', message,
    stackStartFn: ifError,
  });
};

function matches(text, regexp, message, fn) {
  if (!types.isRegExp(regexp)) {
    throw ERR_INVALID_ARG_TYPE('regexp', 'RegExp', regexp);
  }
  const wants = fn.name === 'match';
  if (typeof text === 'string' && call(test, regexp, text) === wants) return;
  if (message instanceof Error) throw message;
  const isGenerated = !message;
  message ||= typeof text !== 'string'
    ? `The "string" argument must be of type string. Received type ${
      typeof text} (${inspect(text)})`
    : `${wants ? 'The input did not match the regular expression '
      : 'The input was expected to not match the regular expression '}${
      inspect(regexp)}. Input:\n\n${inspect(text)}\n`;
  const error = new AssertionError({
    actual: text, expected: regexp, message, operator: fn.name, stackStartFn: fn,
  });
  error.generatedMessage = isGenerated;
  throw error;
}

assert.match = function match(text, regexp, message) {
  matches(text, regexp, message, match);
};
assert.doesNotMatch = function doesNotMatch(text, regexp, message) {
  matches(text, regexp, message, doesNotMatch);
};

function strict(...args) {
  verify(strict, args.length, args[0], args[1]);
}

assert.strict = Object.assign(strict, assert, {
  equal: assert.strictEqual,
  deepEqual: assert.deepStrictEqual,
  notEqual: assert.notStrictEqual,
  notDeepEqual: assert.notDeepStrictEqual,
});
assert.strict.strict = assert.strict;

module.exports = assert;
