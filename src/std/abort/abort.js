// AbortController and AbortSignal (DOM Standard, 3 Aborting ongoing activities).
// Whether a signal is aborted, why, and what depends on what is native
// (bind/signal.h): here are the interfaces.
(function (native) {
  'use strict';

  const { event } = native;
  const {
    Object: { create, defineProperty, setPrototypeOf },
    Reflect: { apply },
    Symbol: { iterator },
    DOMException, TypeError,
  } = globalThis;
  const { Event, EventTarget, stamp, fire, finish, checkCount, typeName } = event;

  const isObject = (v) =>
    (typeof v === 'object' && v !== null) || typeof v === 'function';

  // WebIDL's `[EnforceRange] unsigned long long`.
  function milliseconds(v) {
    const n = +v;
    if (n > -1 && n <= 9007199254740991) return n;
    throw new TypeError(
      `AbortSignal.timeout: argument 1 'milliseconds': expected a number from 0 to 2^53-1, got ${
        n}`);
  }

  function reasonOr(reason) {
    return reason !== undefined ? reason
      : new DOMException('The operation was aborted', 'AbortError');
  }

  // The signals of a sequence, without methods.
  function listOf(sequence) {
    const method = isObject(sequence) ? sequence[iterator] : undefined;
    if (typeof method !== 'function') {
      throw new TypeError(
        `AbortSignal.any: argument 1 'signals': expected iterable of AbortSignal, got ${
          typeName(sequence)}`);
    }
    const all = apply(method, sequence, []);
    if (!isObject(all)) {
      throw new TypeError(
        `AbortSignal.any: argument 1 'signals': expected iterator, got ${
          typeName(all)}`);
    }
    const { next } = all;
    const list = setPrototypeOf([], null);
    for (let count = 0; ; count++) {
      const result = apply(next, all, []);
      if (!isObject(result)) {
        throw new TypeError(
          `AbortSignal.any: argument 1 'signals': expected iterator result, got ${
            typeName(result)}`);
      }
      if (result.done) return list;
      const { value } = result;
      if (!native.isSignal(value)) {
        throw new TypeError(
          `AbortSignal.any: argument 1 'signals[${
            count}]': expected AbortSignal, got ${typeName(value)}`);
      }
      list[count] = value;
    }
  }

  class AbortSignal extends EventTarget {
    constructor() {
      throw new TypeError('Illegal constructor');
    }

    static abort(reason = undefined) {
      reason = reasonOr(reason);
      const signal = newSignal();
      native.abort(signal, reason);
      return signal;
    }

    static timeout(ms) {
      checkCount('AbortSignal.timeout', arguments.length, 1);
      ms = milliseconds(ms);
      const signal = newSignal();
      native.startTimeout(signal, ms);
      return signal;
    }

    static any(signals) {
      checkCount('AbortSignal.any', arguments.length, 1);
      const list = listOf(signals);
      const signal = newSignal();
      native.depend(signal, list);
      return signal;
    }

    get aborted() { return native.isAborted(this); }
    get reason() { return native.reason(this); }

    throwIfAborted() {
      if (native.isAborted(this)) throw native.reason(this);
    }

    get onabort() {
      native.isAborted(this);
      return event.getHandlerOf(this, 'abort');
    }
    set onabort(v) {
      native.isAborted(this);
      event.setHandlerOf(this, 'abort', v);
    }
  }
  finish(AbortSignal, 'AbortSignal');
  const enumerable = create(null);
  enumerable.enumerable = true;
  defineProperty(AbortSignal, 'abort', enumerable);
  defineProperty(AbortSignal, 'any', enumerable);
  defineProperty(AbortSignal, 'timeout', enumerable);

  const signalPrototype = AbortSignal.prototype;

  function newSignal() {
    const signal = native.create(signalPrototype);
    stamp(signal);
    return signal;
  }

  let signalOf;

  class AbortController {
    #signal = newSignal();

    static {
      signalOf = (controller) => {
        if (!isObject(controller) || !(#signal in controller)) {
          throw new TypeError('Illegal invocation: expected an AbortController');
        }
        return controller.#signal;
      };
    }

    get signal() { return signalOf(this); }

    abort(reason = undefined) {
      const signal = signalOf(this);
      if (!native.isAborted(signal)) native.abort(signal, reasonOr(reason));
    }
  }
  finish(AbortController, 'AbortController');

  const builtin = create(null);
  builtin.AbortController = AbortController;
  builtin.AbortSignal = AbortSignal;
  builtin.fireAbort = (signal) => fire(signal, new Event('abort'));
  builtin.timedOut = () =>
    new DOMException('The operation timed out', 'TimeoutError');
  return builtin;
})
