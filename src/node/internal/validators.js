// internal/validators: each throws node's error unless its value is of a kind.

const {
  ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, shown,
} = require('internal/errors');
const { isInteger, MAX_SAFE_INTEGER, MIN_SAFE_INTEGER } = Number;
const { isArray } = Array;

function ofType(type) {
  return (value, name) => {
    if (typeof value !== type) throw ERR_INVALID_ARG_TYPE(name, type, value);
  };
}

function validateNumber(value, name, min = undefined, max = undefined) {
  if (typeof value !== 'number') {
    throw ERR_INVALID_ARG_TYPE(name, 'number', value);
  }
  if ((min !== undefined && value < min) ||
      (max !== undefined && value > max) ||
      ((min !== undefined || max !== undefined) && value !== value)) {
    throw ERR_OUT_OF_RANGE(name, `${min !== undefined ? `>= ${min}` : ''}${
      min !== undefined && max !== undefined ? ' && ' : ''}${
      max !== undefined ? `<= ${max}` : ''}`, value);
  }
}

function validateInteger(value, name, min = MIN_SAFE_INTEGER,
                         max = MAX_SAFE_INTEGER) {
  if (typeof value !== 'number') {
    throw ERR_INVALID_ARG_TYPE(name, 'number', value);
  }
  if (!isInteger(value)) throw ERR_OUT_OF_RANGE(name, 'an integer', value);
  if (value < min || value > max) {
    throw ERR_OUT_OF_RANGE(name, `>= ${min} && <= ${max}`, value);
  }
}

function validateObject(value, name) {
  if (value === null || isArray(value) || typeof value !== 'object') {
    throw ERR_INVALID_ARG_TYPE(name, 'Object', value);
  }
}

function validateAbortSignal(signal, name) {
  if (signal !== undefined && (signal === null || typeof signal !== 'object' ||
      !('aborted' in signal))) {
    throw ERR_INVALID_ARG_TYPE(name, 'AbortSignal', signal);
  }
}

function validateOneOf(value, name, values) {
  let text = '';
  for (let i = 0; i < values.length; i++) {
    if (values[i] === value) return;
    text += `${i ? ', ' : ''}${shown(values[i])}`;
  }
  throw ERR_INVALID_ARG_VALUE(name, value, `must be one of: ${text}`);
}

module.exports = {
  validateAbortSignal,
  validateArray(value, name) {
    if (!isArray(value)) throw ERR_INVALID_ARG_TYPE(name, 'Array', value);
  },
  validateBoolean: ofType('boolean'),
  validateFunction: ofType('function'),
  validateInt32: (value, name, min = -2147483648, max = 2147483647) =>
    validateInteger(value, name, min, max),
  validateInteger,
  validateNumber,
  validateObject,
  validateOneOf,
  validateString: ofType('string'),
  validateUint32: (value, name, isPositive = false) =>
    validateInteger(value, name, isPositive ? 1 : 0, 4294967295),
};
