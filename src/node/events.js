// node:events. The names of an emitter's properties (_events, _eventsCount,
// _maxListeners) are node's: packages look at them and mix the prototype in.

const {
  AbortError, ERR_INVALID_ARG_TYPE, ERR_UNHANDLED_ERROR,
} = require('internal/errors');
const {
  validateAbortSignal, validateBoolean, validateFunction, validateInteger,
  validateNumber,
} = require('internal/validators');

const { Error, Promise, Symbol, WeakMap, String } = globalThis;
const { apply, defineProperty, deleteProperty, getPrototypeOf, ownKeys,
        setPrototypeOf } = Reflect;
const { bind } = Function.prototype;
const { pop, push, shift, slice, unshift } = Array.prototype;
const { then } = Promise.prototype;
const { get: weakGet, set: weakSet, has: weakHas } = WeakMap.prototype;
const { MAX_SAFE_INTEGER } = Number;
const { hasInstance } = Symbol;
const isError = (v) => apply(Function.prototype[hasInstance], Error, [v]);
const AsyncIteratorPrototype =
  getPrototypeOf(getPrototypeOf(getPrototypeOf(async function* () {}())));

const kCapture = Symbol('kCapture');
const errorMonitor = Symbol('events.errorMonitor');
const captureRejectionSymbol = Symbol.for('nodejs.rejection');
let defaultMaxListeners = 10;

// Of targets of events: how many listeners they may have.
const limits = new WeakMap();

const empty = () => ({ __proto__: null });

function inspect(value, options) {
  return require('internal/inspect').inspect(value, options);
}

// In node's order, where there is one.
function soon(f, ...args) {
  const { process, queueMicrotask } = globalThis;
  if (typeof process?.nextTick === 'function') {
    process.nextTick(f, ...args);
  } else if (typeof queueMicrotask === 'function') {
    queueMicrotask(() => apply(f, undefined, args));
  } else {
    apply(then, Promise.resolve(), [() => apply(f, undefined, args)]);
  }
}

function EventEmitter(options) {
  apply(init, this, [options]);
}

function init(options) {
  if (this._events === undefined ||
      this._events === getPrototypeOf(this)._events) {
    this._events = empty();
    this._eventsCount = 0;
  }
  this._maxListeners = this._maxListeners || undefined;
  if (options?.captureRejections) {
    validateBoolean(options.captureRejections, 'options.captureRejections');
    this[kCapture] = true;
  } else {
    // One that is set here stays when the default changes.
    this[kCapture] = EventEmitter.prototype[kCapture];
  }
}

const { prototype } = EventEmitter;
prototype._events = undefined;
prototype._eventsCount = 0;
prototype._maxListeners = undefined;
defineProperty(prototype, kCapture, {
  __proto__: null, value: false, writable: true, enumerable: false,
});

const limitOf = (emitter) => (emitter._maxListeners === undefined
  ? defaultMaxListeners : emitter._maxListeners);

// --- Emitting ------------------------------------------------------------------

// A listener that returns a Promise: where the emitter wants it, a rejection
// is an error of the emitter's.
function watchResult(emitter, result, type, args) {
  if (!emitter[kCapture]) return;
  try {
    const { then: thenOf } = result;
    if (typeof thenOf === 'function') {
      apply(thenOf, result, [undefined, (error) => {
        soon(emitRejection, emitter, error, type, args);
      }]);
    }
  } catch (error) {
    emitter.emit('error', error);
  }
}

function emitRejection(emitter, error, type, args) {
  if (typeof emitter[captureRejectionSymbol] === 'function') {
    emitter[captureRejectionSymbol](error, type, ...args);
    return;
  }
  // A handler of errors that fails must not come here again.
  const before = emitter[kCapture];
  try {
    emitter[kCapture] = false;
    emitter.emit('error', error);
  } finally {
    emitter[kCapture] = before;
  }
}

function throwUnhandled(error) {
  if (isError(error)) throw error;
  let text;
  try {
    text = inspect(error);
  } catch {
    text = error;
  }
  const wrapped = ERR_UNHANDLED_ERROR(text);
  wrapped.context = error;
  throw wrapped;
}

prototype.emit = function emit(type, ...args) {
  const events = this._events;
  const isUnhandled = type === 'error' && events?.error === undefined;
  if (type === 'error' && events !== undefined &&
      events[errorMonitor] !== undefined) {
    this.emit(errorMonitor, ...args);
  }
  if (isUnhandled) throwUnhandled(args[0]);
  const listeners = events?.[type];
  if (listeners === undefined) return false;
  if (typeof listeners === 'function') {
    const result = apply(listeners, this, args);
    if (result !== undefined && result !== null) {
      watchResult(this, result, type, args);
    }
    return true;
  }
  const all = apply(slice, listeners, []);
  for (let i = 0; i < all.length; i++) {
    const result = apply(all[i], this, args);
    if (result !== undefined && result !== null) {
      watchResult(this, result, type, args);
    }
  }
  return true;
};

// --- Listeners -----------------------------------------------------------------

function warn(emitter, type, listeners) {
  listeners.warned = true;
  const text = 'Possible EventEmitter memory leak detected. ' +
    `${listeners.length} ${String(type)} listeners added to ${
      inspect(emitter, { depth: -1 })}. MaxListeners is ${
      limitOf(emitter)}. Use emitter.setMaxListeners() to increase limit`;
  const warning = new Error(text);
  warning.name = 'MaxListenersExceededWarning';
  warning.emitter = emitter;
  warning.type = type;
  warning.count = listeners.length;
  const { process, console } = globalThis;
  if (typeof process?.emitWarning === 'function') process.emitWarning(warning);
  else console?.error(`${warning.name}: ${text}`);
}

function add(emitter, type, listener, isFirst) {
  validateFunction(listener, 'listener');
  let events = emitter._events;
  if (events === undefined) {
    events = emitter._events = empty();
    emitter._eventsCount = 0;
  } else if (events.newListener !== undefined) {
    emitter.emit('newListener', type, listener.listener ?? listener);
    // A listener may have replaced it.
    events = emitter._events;
  }
  const there = events[type];
  if (there === undefined) {
    events[type] = listener;
    ++emitter._eventsCount;
    return emitter;
  }
  let all = there;
  if (typeof there === 'function') {
    all = events[type] = isFirst ? [listener, there] : [there, listener];
  } else {
    apply(isFirst ? unshift : push, there, [listener]);
  }
  const limit = limitOf(emitter);
  if (limit > 0 && all.length > limit && !all.warned) warn(emitter, type, all);
  return emitter;
}

function onceWrapper(...args) {
  if (this.fired) return undefined;
  this.target.removeListener(this.type, this.wrapped);
  this.fired = true;
  return apply(this.listener, this.target, args);
}

function wrapOnce(target, type, listener) {
  validateFunction(listener, 'listener');
  const state = { fired: false, wrapped: undefined, target, type, listener };
  const wrapped = apply(bind, onceWrapper, [state]);
  wrapped.listener = listener;
  state.wrapped = wrapped;
  return wrapped;
}

prototype.setMaxListeners = function setMaxListeners(n) {
  validateNumber(n, 'setMaxListeners', 0);
  this._maxListeners = n;
  return this;
};

prototype.getMaxListeners = function getMaxListeners() {
  return limitOf(this);
};

prototype.addListener = function addListener(type, listener) {
  return add(this, type, listener, false);
};
prototype.on = prototype.addListener;

prototype.prependListener = function prependListener(type, listener) {
  return add(this, type, listener, true);
};

prototype.once = function once(type, listener) {
  this.on(type, wrapOnce(this, type, listener));
  return this;
};

prototype.prependOnceListener = function prependOnceListener(type, listener) {
  this.prependListener(type, wrapOnce(this, type, listener));
  return this;
};

// The last one that is it.
function place(list, listener) {
  let i = list.length - 1;
  while (i >= 0 && list[i] !== listener && list[i].listener !== listener) i--;
  return i;
}

prototype.removeListener = function removeListener(type, listener) {
  validateFunction(listener, 'listener');
  const events = this._events;
  const list = events?.[type];
  if (list === undefined) return this;
  if (list === listener || list.listener === listener) {
    this._eventsCount -= 1;
    if (this._eventsCount === 0) {
      this._events = empty();
    } else {
      deleteProperty(events, type);
      if (events.removeListener) {
        this.emit('removeListener', type, list.listener || listener);
      }
    }
  } else if (typeof list !== 'function') {
    const at = place(list, listener);
    if (at < 0) return this;
    if (at === 0) {
      apply(shift, list, []);
    } else {
      for (let i = at; i + 1 < list.length; i++) list[i] = list[i + 1];
      apply(pop, list, []);
    }
    if (list.length === 1) events[type] = list[0];
    if (events.removeListener !== undefined) {
      this.emit('removeListener', type, listener);
    }
  }
  return this;
};
prototype.off = prototype.removeListener;

prototype.removeAllListeners = function removeAllListeners(type) {
  const events = this._events;
  if (events === undefined) return this;
  if (events.removeListener === undefined) {
    // Nobody wants to be told.
    if (arguments.length === 0) {
      this._events = empty();
      this._eventsCount = 0;
    } else if (events[type] !== undefined) {
      if (--this._eventsCount === 0) this._events = empty();
      else deleteProperty(events, type);
    }
    return this;
  }
  if (arguments.length === 0) {
    const keys = ownKeys(events);
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] !== 'removeListener') this.removeAllListeners(keys[i]);
    }
    this.removeAllListeners('removeListener');
    this._events = empty();
    this._eventsCount = 0;
    return this;
  }
  const listeners = events[type];
  if (typeof listeners === 'function') {
    this.removeListener(type, listeners);
  } else if (listeners !== undefined) {
    for (let i = listeners.length - 1; i >= 0; i--) {
      this.removeListener(type, listeners[i]);
    }
  }
  return this;
};

function listenersOf(emitter, type, isRaw) {
  const list = emitter._events?.[type];
  if (list === undefined) return [];
  if (typeof list === 'function') return [isRaw ? list : list.listener || list];
  const all = apply(slice, list, []);
  for (let i = 0; !isRaw && i < all.length; i++) {
    const original = all[i].listener;
    if (typeof original === 'function') all[i] = original;
  }
  return all;
}

prototype.listeners = function listeners(type) {
  return listenersOf(this, type, false);
};

prototype.rawListeners = function rawListeners(type) {
  return listenersOf(this, type, true);
};

prototype.listenerCount = function listenerCount(type, listener) {
  const list = this._events?.[type];
  if (list === undefined) return 0;
  if (listener !== undefined && listener !== null) {
    if (typeof list === 'function') {
      return listener === list || listener === list.listener ? 1 : 0;
    }
    let count = 0;
    for (let i = 0; i < list.length; i++) {
      if (list[i] === listener || list[i].listener === listener) count++;
    }
    return count;
  }
  return typeof list === 'function' ? 1 : list.length;
};

prototype.eventNames = function eventNames() {
  return this._eventsCount > 0 ? ownKeys(this._events) : [];
};

// --- Functions of the module ---------------------------------------------------

const isTarget = (v) => typeof v?.addEventListener === 'function' &&
  typeof v.removeEventListener === 'function';

function listen(emitter, name, listener, isOnce) {
  if (typeof emitter.on === 'function') {
    if (isOnce) emitter.once(name, listener);
    else emitter.on(name, listener);
  } else if (typeof emitter.addEventListener === 'function') {
    emitter.addEventListener(name, listener,
                             isOnce ? { __proto__: null, once: true }
                               : undefined);
  } else {
    throw ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
  }
}

function unlisten(emitter, name, listener) {
  if (typeof emitter.removeListener === 'function') {
    emitter.removeListener(name, listener);
  } else if (typeof emitter.removeEventListener === 'function') {
    emitter.removeEventListener(name, listener);
  } else {
    throw ERR_INVALID_ARG_TYPE('emitter', 'EventEmitter', emitter);
  }
}

const aborted = (signal) => new AbortError(undefined, {
  cause: signal?.reason,
});

async function once(emitter, name, options = undefined) {
  const signal = options?.signal;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw aborted(signal);
  return new Promise((resolve, reject) => {
    const onError = (error) => {
      if (typeof emitter.removeListener === 'function') {
        emitter.removeListener(name, onEvent);
      }
      if (signal != null) unlisten(signal, 'abort', onAbort);
      reject(error);
    };
    const onEvent = (...args) => {
      if (typeof emitter.removeListener === 'function') {
        emitter.removeListener('error', onError);
      }
      if (signal != null) unlisten(signal, 'abort', onAbort);
      resolve(args);
    };
    const onAbort = () => {
      unlisten(emitter, name, onEvent);
      unlisten(emitter, 'error', onError);
      reject(aborted(signal));
    };
    listen(emitter, name, onEvent, true);
    if (name !== 'error' && typeof emitter.once === 'function') {
      emitter.once('error', onError);
    }
    if (signal != null) listen(signal, 'abort', onAbort, true);
  });
}

// A list that is taken from at its beginning.
function queue() {
  let items = [];
  let at = 0;
  return {
    __proto__: null,
    push(v) { apply(push, items, [v]); },
    isEmpty: () => at === items.length,
    shift() {
      const v = items[at];
      items[at++] = undefined;
      if (at > 64 && at * 2 > items.length) {
        items = apply(slice, items, [at]);
        at = 0;
      }
      return v;
    },
  };
}

function on(emitter, name, options = {}) {
  const { signal } = options;
  validateAbortSignal(signal, 'options.signal');
  if (signal?.aborted) throw aborted(signal);
  const most = options.highWaterMark ?? MAX_SAFE_INTEGER;
  const least = options.lowWaterMark ?? 1;
  validateInteger(most, 'options.highWaterMark', 1);
  validateInteger(least, 'options.lowWaterMark', 1);

  const events = queue();
  const readers = queue();
  const heard = [];
  let size = 0;
  let isPaused = false;
  let isFinished = false;
  let error = null;

  function hear(type, listener) {
    listen(emitter, type, listener, false);
    apply(push, heard, [[type, listener]]);
  }

  function onEvent(...args) {
    if (!readers.isEmpty()) {
      readers.shift().resolve({ value: args, done: false });
      return;
    }
    size++;
    if (!isPaused && size > most) {
      isPaused = true;
      emitter.pause();
    }
    events.push(args);
  }

  function onError(e) {
    if (readers.isEmpty()) error = e;
    else readers.shift().reject(e);
    close();
  }

  const onAbort = () => onError(aborted(signal));

  function close() {
    if (signal) unlisten(signal, 'abort', onAbort);
    while (heard.length) {
      const { 0: type, 1: listener } = apply(pop, heard, []);
      unlisten(emitter, type, listener);
    }
    isFinished = true;
    while (!readers.isEmpty()) {
      readers.shift().resolve({ value: undefined, done: true });
    }
    return Promise.resolve({ value: undefined, done: true });
  }

  const iterator = {
    next() {
      if (size) {
        const value = events.shift();
        size--;
        if (isPaused && size < least) {
          emitter.resume();
          isPaused = false;
        }
        return Promise.resolve({ value, done: false });
      }
      if (error) {
        const rejected = Promise.reject(error);
        error = null;
        return rejected;
      }
      if (isFinished) return close();
      return new Promise((resolve, reject) => {
        readers.push({ resolve, reject });
      });
    },
    return: close,
    throw(e) {
      if (!e || !isError(e)) {
        throw ERR_INVALID_ARG_TYPE('EventEmitter.AsyncIterator', 'Error', e);
      }
      onError(e);
    },
    [Symbol.asyncIterator]() { return this; },
  };
  setPrototypeOf(iterator, AsyncIteratorPrototype);
  hear(name, onEvent);
  if (name !== 'error' && typeof emitter.on === 'function') {
    hear('error', onError);
  }
  const closing = options?.close;
  for (let i = 0; i < (closing?.length ?? 0); i++) hear(closing[i], close);
  if (signal) listen(signal, 'abort', onAbort, true);
  return iterator;
}

function addAbortListener(signal, listener) {
  if (signal === undefined) {
    throw ERR_INVALID_ARG_TYPE('signal', 'AbortSignal', signal);
  }
  validateAbortSignal(signal, 'signal');
  validateFunction(listener, 'listener');
  let isHeard = false;
  if (signal.aborted) {
    soon(() => listener());
  } else {
    signal.addEventListener('abort', listener, {
      __proto__: null, once: true,
    });
    isHeard = true;
  }
  const disposable = { __proto__: null };
  disposable[Symbol.dispose ?? Symbol.for('dispose')] = () => {
    if (isHeard) signal.removeEventListener('abort', listener);
  };
  return disposable;
}

function getEventListeners(emitter, type) {
  if (typeof emitter.listeners === 'function') return emitter.listeners(type);
  if (isTarget(emitter)) return binding.listeners()(emitter, `${type}`);
  throw ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'],
                             emitter);
}

function getMaxListeners(emitter) {
  if (typeof emitter?.getMaxListeners === 'function') return limitOf(emitter);
  if (isTarget(emitter)) {
    return apply(weakHas, limits, [emitter])
      ? apply(weakGet, limits, [emitter]) : defaultMaxListeners;
  }
  throw ERR_INVALID_ARG_TYPE('emitter', ['EventEmitter', 'EventTarget'],
                             emitter);
}

function setMaxListeners(n = defaultMaxListeners, ...targets) {
  validateNumber(n, 'setMaxListeners', 0);
  if (targets.length === 0) {
    defaultMaxListeners = n;
    return;
  }
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i];
    if (typeof target?.setMaxListeners === 'function') {
      target.setMaxListeners(n);
    } else if (isTarget(target)) {
      apply(weakSet, limits, [target, n]);
    } else {
      throw ERR_INVALID_ARG_TYPE('eventTargets',
                                 ['EventEmitter', 'EventTarget'], target);
    }
  }
}

module.exports = EventEmitter;
EventEmitter.addAbortListener = addAbortListener;
EventEmitter.once = once;
EventEmitter.on = on;
EventEmitter.getEventListeners = getEventListeners;
EventEmitter.getMaxListeners = getMaxListeners;
EventEmitter.EventEmitter = EventEmitter;
EventEmitter.usingDomains = false;
EventEmitter.captureRejectionSymbol = captureRejectionSymbol;
EventEmitter.errorMonitor = errorMonitor;
EventEmitter.setMaxListeners = setMaxListeners;
EventEmitter.init = init;
EventEmitter.listenerCount = (emitter, type) =>
  (typeof emitter.listenerCount === 'function' ? emitter.listenerCount(type)
    : apply(prototype.listenerCount, emitter, [type]));

defineProperty(EventEmitter, 'captureRejections', {
  __proto__: null,
  get() { return prototype[kCapture]; },
  set(value) {
    validateBoolean(value, 'EventEmitter.captureRejections');
    prototype[kCapture] = value;
  },
  configurable: true,
  enumerable: true,
});
defineProperty(EventEmitter, 'defaultMaxListeners', {
  __proto__: null,
  get: () => defaultMaxListeners,
  set(value) {
    validateNumber(value, 'defaultMaxListeners', 0);
    defaultMaxListeners = value;
  },
  enumerable: true,
});
