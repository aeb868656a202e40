// node:util/types: what the engine knows a value as, whatever it says of itself.

const { classOf } = require('internal/inspect');
const { isView } = ArrayBuffer;
const { defineProperty } = Object;

const isObject = (v) =>
  (typeof v === 'object' && v !== null) || typeof v === 'function';
const nameOf = (v) => (isObject(v) ? classOf(v) : undefined);

// The names of the engine's classes that make each true.
const classes = {
  __proto__: null,
  isArgumentsObject: ['Arguments', 'MappedArguments'],
  isArrayBuffer: ['ArrayBuffer'],
  isAsyncFunction: ['AsyncFunction', 'AsyncGeneratorFunction'],
  isBigInt64Array: ['BigInt64Array'],
  isBigIntObject: ['BigInt'],
  isBigUint64Array: ['BigUint64Array'],
  isBooleanObject: ['Boolean'],
  isDataView: ['DataView'],
  isDate: ['Date'],
  isFloat16Array: ['Float16Array'],
  isFloat32Array: ['Float32Array'],
  isFloat64Array: ['Float64Array'],
  isGeneratorFunction: ['GeneratorFunction', 'AsyncGeneratorFunction'],
  isGeneratorObject: ['Generator', 'AsyncGenerator'],
  isInt16Array: ['Int16Array'],
  isInt32Array: ['Int32Array'],
  isInt8Array: ['Int8Array'],
  isMap: ['Map'],
  isMapIterator: ['Map Iterator'],
  isModuleNamespaceObject: ['Module'],
  isNativeError: ['Error'],
  isNumberObject: ['Number'],
  isPromise: ['Promise'],
  isProxy: ['Proxy'],
  isRegExp: ['RegExp'],
  isSet: ['Set'],
  isSetIterator: ['Set Iterator'],
  isSharedArrayBuffer: ['SharedArrayBuffer'],
  isStringObject: ['String'],
  isSymbolObject: ['Symbol'],
  isUint16Array: ['Uint16Array'],
  isUint32Array: ['Uint32Array'],
  isUint8Array: ['Uint8Array'],
  isUint8ClampedArray: ['Uint8ClampedArray'],
  isWeakMap: ['WeakMap'],
  isWeakSet: ['WeakSet'],
};

const types = {
  isAnyArrayBuffer(v) {
    const name = nameOf(v);
    return name === 'ArrayBuffer' || name === 'SharedArrayBuffer';
  },
  isArrayBufferView: (v) => isView(v),
  isBoxedPrimitive: (v) => types.isNumberObject(v) || types.isStringObject(v) ||
    types.isBooleanObject(v) || types.isBigIntObject(v) ||
    types.isSymbolObject(v),
  isCryptoKey: () => false,
  isExternal: () => false,
  isKeyObject: () => false,
  isTypedArray: (v) => isView(v) && nameOf(v) !== 'DataView',
};
for (const name in classes) {
  const { 0: first, 1: second } = classes[name];
  const is = (v) => {
    const of = nameOf(v);
    return of !== undefined && (of === first || of === second);
  };
  types[name] = defineProperty(is, 'name', {
    __proto__: null, value: name, configurable: true,
  });
}

module.exports = types;
