// internal/comparisons: whether two values are deeply equal, by the rules of
// node's assert.deepEqual (loose) and assert.deepStrictEqual.

const types = require('node:util/types');
const { apply, getPrototypeOf, ownKeys } = Reflect;
const { is, keys: keysOf, prototype: ObjectPrototype } = Object;
const { hasOwnProperty, propertyIsEnumerable, toString } = ObjectPrototype;
const { isArray, prototype: ArrayPrototype } = Array;
const { splice: spliceOf } = ArrayPrototype;
const { getTime } = Date.prototype;
const { Error, Map, Set, Uint8Array } = globalThis;
const { get: mapGet, set: mapSet, has: mapHas, forEach: mapForEach } =
  Map.prototype;
const { add: setAdd, delete: setDelete, has: setHas, forEach: setForEach } =
  Set.prototype;
const typed = getPrototypeOf(Uint8Array.prototype);
const getter = (prototype, name) => {
  const { get } = Reflect.getOwnPropertyDescriptor(prototype, name);
  return (v) => apply(get, v, []);
};
const mapSize = getter(Map.prototype, 'size');
const setSize = getter(Set.prototype, 'size');
const tagOfTyped = getter(typed, Symbol.toStringTag);
const boxes = [
  [types.isNumberObject, Number.prototype.valueOf],
  [types.isStringObject, String.prototype.valueOf],
  [types.isBooleanObject, Boolean.prototype.valueOf],
  [types.isBigIntObject, BigInt.prototype.valueOf],
  [types.isSymbolObject, Symbol.prototype.valueOf],
];

const call = (f, self, ...args) => apply(f, self, args);
const has = (o, key) => apply(hasOwnProperty, o, [key]);
const isEnumerable = (o, key) => apply(propertyIsEnumerable, o, [key]);
const tagOf = (v) => apply(toString, v, []);
const isObject = (v) => typeof v === 'object' && v !== null;
const push = (list, v) => { list[list.length] = v; };

const NONE = 0, ARRAY = 1, SET = 2, MAP = 3;

// An index of an array, which is compared as an element.
const isIndex = (key) => typeof key === 'string' && key >>> 0 !== 4294967295 &&
  `${key >>> 0}` === key;

// The enumerable keys that are no indices; symbols only where they count.
function namedKeys(v, isStrict) {
  const all = ownKeys(v);
  const found = [];
  for (let i = 0; i < all.length; i++) {
    if (typeof all[i] === 'symbol' ? !isStrict : isIndex(all[i])) continue;
    if (isEnumerable(v, all[i])) push(found, all[i]);
  }
  return found;
}

function symbolKeys(v) {
  const all = ownKeys(v);
  const found = [];
  for (let i = 0; i < all.length; i++) {
    if (typeof all[i] === 'symbol' && isEnumerable(v, all[i])) {
      push(found, all[i]);
    }
  }
  return found;
}

function bytesOf(v) {
  return isArray(v.buffer) || v.buffer === undefined ? new Uint8Array(v)
    : new Uint8Array(v.buffer, v.byteOffset, v.byteLength);
}

function haveSameBytes(a, b) {
  if (a.byteLength !== b.byteLength) return false;
  const x = bytesOf(a);
  const y = bytesOf(b);
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}

function haveSameElements(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function isSameBox(a, b) {
  for (let i = 0; i < boxes.length; i++) {
    const { 0: isOne, 1: valueOf } = boxes[i];
    if (isOne(a)) return isOne(b) && is(call(valueOf, a), call(valueOf, b));
  }
  return false;
}

const isErrorLike = (v) => types.isNativeError(v) || v instanceof Error;

// Of a kind that a plain object must not be equal to.
const isSpecial = (v) => isArray(v) || types.isArrayBufferView(v) ||
  types.isSet(v) || types.isMap(v) || types.isDate(v) || types.isRegExp(v) ||
  types.isAnyArrayBuffer(v) || types.isBoxedPrimitive(v) || isErrorLike(v);

function isEqual(a, b, isStrict, memo) {
  if (a === b) return a !== 0 || !isStrict || is(a, b);
  if (isStrict) {
    if (typeof a !== 'object') {
      return typeof a === 'number' && a !== a && b !== b;
    }
    if (typeof b !== 'object' || a === null || b === null) return false;
    if (getPrototypeOf(a) !== getPrototypeOf(b)) return false;
  } else {
    if (!isObject(a)) {
      return !isObject(b) && (a == b || (a !== a && b !== b));
    }
    if (!isObject(b)) return false;
  }
  const tag = tagOf(a);
  if (tag !== tagOf(b)) return false;
  if (isArray(a)) {
    if (!isArray(b) || a.length !== b.length) return false;
    const mine = namedKeys(a, isStrict);
    if (mine.length !== namedKeys(b, isStrict).length) return false;
    return compareKeys(a, b, isStrict, memo, ARRAY, mine);
  }
  if (tag === '[object Object]') {
    return !isSpecial(b) === !isSpecial(a) && compareSpecial(a, b, isStrict, memo);
  }
  return compareSpecial(a, b, isStrict, memo);
}

function compareSpecial(a, b, isStrict, memo) {
  if (types.isDate(a)) {
    if (!types.isDate(b) || call(getTime, a) !== call(getTime, b)) return false;
  } else if (types.isRegExp(a)) {
    if (!types.isRegExp(b) || a.source !== b.source || a.flags !== b.flags ||
        a.lastIndex !== b.lastIndex) return false;
  } else if (isErrorLike(a)) {
    if (!isErrorLike(b) || a.message !== b.message || a.name !== b.name) {
      return false;
    }
  } else if (types.isArrayBufferView(a)) {
    if (!types.isArrayBufferView(b)) return false;
    const kind = types.isTypedArray(a) ? tagOfTyped(a) : 'DataView';
    if (kind !== (types.isTypedArray(b) ? tagOfTyped(b) : 'DataView')) {
      return false;
    }
    if (!isStrict && (kind === 'Float32Array' || kind === 'Float64Array')) {
      if (!haveSameElements(a, b)) return false;
    } else if (!haveSameBytes(a, b)) {
      return false;
    }
    const mine = namedKeys(a, isStrict);
    if (mine.length !== namedKeys(b, isStrict).length) return false;
    return compareKeys(a, b, isStrict, memo, NONE, mine);
  } else if (types.isSet(a)) {
    if (!types.isSet(b) || setSize(a) !== setSize(b)) return false;
    return compareKeys(a, b, isStrict, memo, SET);
  } else if (types.isMap(a)) {
    if (!types.isMap(b) || mapSize(a) !== mapSize(b)) return false;
    return compareKeys(a, b, isStrict, memo, MAP);
  } else if (types.isAnyArrayBuffer(a)) {
    if (!types.isAnyArrayBuffer(b) || !haveSameBytes(a, b)) return false;
  } else if (types.isBoxedPrimitive(a)) {
    if (!isSameBox(a, b)) return false;
  } else if (isSpecial(b)) {
    return false;
  }
  return compareKeys(a, b, isStrict, memo, NONE);
}

// `keys` are those of both, as far as their number says.
function compareKeys(a, b, isStrict, memo, kind, keys = undefined) {
  const all = keys ?? keysOf(a);
  if (keys === undefined && all.length !== keysOf(b).length) return false;
  for (let i = 0; i < all.length; i++) if (!has(b, all[i])) return false;
  if (isStrict && keys === undefined) {
    const symbols = symbolKeys(a);
    for (let i = 0; i < symbols.length; i++) {
      if (!isEnumerable(b, symbols[i])) return false;
      push(all, symbols[i]);
    }
    if (symbols.length !== symbolKeys(b).length) return false;
  }
  if (all.length === 0 && (kind === NONE ||
      (kind === ARRAY && a.length === 0) || (kind === SET && !setSize(a)) ||
      (kind === MAP && !mapSize(a)))) {
    return true;
  }
  return compareOnce(a, b, memo, () =>
    compareContent(a, b, isStrict, memo, kind, all));
}

// What is being compared further up, both of it, is taken as equal. Only from
// the third level on do they stand in a set: most values are not that deep.
function compareOnce(a, b, memo, compare) {
  if (memo.depth < 2) {
    if (memo.depth === 1 && memo.first[0] === a && memo.first[1] === b) {
      return true;
    }
    memo[memo.depth++ === 0 ? 'first' : 'second'] = [a, b];
    const result = compare();
    memo.depth--;
    return result;
  }
  memo.all ??= new Set([...memo.first, ...memo.second]);
  const { all } = memo;
  const before = setSize(all);
  call(setAdd, all, a);
  call(setAdd, all, b);
  if (setSize(all) !== before + 2) return setSize(all) === before;
  const result = compare();
  call(setDelete, all, a);
  call(setDelete, all, b);
  return result;
}

function compareContent(a, b, isStrict, memo, kind, keys) {
  if (kind === SET && !compareSets(a, b, isStrict, memo)) return false;
  if (kind === MAP && !compareMaps(a, b, isStrict, memo)) return false;
  for (let i = 0; kind === ARRAY && i < a.length; i++) {
    if (has(a, i) !== has(b, i) || !isEqual(a[i], b[i], isStrict, memo)) {
      return false;
    }
  }
  for (let i = 0; i < keys.length; i++) {
    if (!isEqual(a[keys[i]], b[keys[i]], isStrict, memo)) return false;
  }
  return true;
}

// Each of `left` has a partner among `others`, of whom each is taken once.
function match(left, others, isPair) {
  for (let i = 0; i < left.length; i++) {
    let at = 0;
    while (at < others.length && !isPair(left[i], others[at])) at++;
    if (at === others.length) return false;
    call(spliceOf, others, at, 1);
  }
  return true;
}

function compareSets(a, b, isStrict, memo) {
  const left = [];
  const others = [];
  call(setForEach, a, (v) => { if (!call(setHas, b, v)) push(left, v); });
  if (!left.length) return true;
  for (let i = 0; isStrict && i < left.length; i++) {
    if (!isObject(left[i])) return false;
  }
  call(setForEach, b, (v) => { if (!call(setHas, a, v)) push(others, v); });
  return match(left, others, (x, y) => isEqual(x, y, isStrict, memo));
}

function compareMaps(a, b, isStrict, memo) {
  const left = [];
  const others = [];
  const found = new Map();
  call(mapForEach, a, (v, key) => {
    if (call(mapHas, b, key) &&
        isEqual(v, call(mapGet, b, key), isStrict, memo)) {
      call(mapSet, found, key, true);
    } else {
      push(left, key);
    }
  });
  for (let i = 0; isStrict && i < left.length; i++) {
    if (!isObject(left[i])) return false;
  }
  if (!left.length) return true;
  call(mapForEach, b, (v, key) => {
    if (!call(mapHas, found, key)) push(others, key);
  });
  return match(left, others, (x, y) => isEqual(x, y, isStrict, memo) &&
    isEqual(call(mapGet, a, x), call(mapGet, b, y), isStrict, memo));
}

const newMemo = () => ({ depth: 0, first: null, second: null, all: null });

module.exports = {
  isDeepEqual: (a, b) => isEqual(a, b, false, newMemo()),
  isDeepStrictEqual: (a, b) => isEqual(a, b, true, newMemo()),
};
