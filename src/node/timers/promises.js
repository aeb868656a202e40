// node:timers/promises

const timers = require('internal/timers');
const { AbortError } = require('internal/errors');
const {
  validateAbortSignal, validateBoolean, validateNumber, validateObject,
} = require('internal/validators');
const { setTimeout: start, setImmediate: startImmediate, clearTimeout,
        clearImmediate, setInterval: startInterval, clearInterval } = timers;
const { Promise } = globalThis;

// It does not keep the program alive: an immediate, or the number of a timer.
function release(it) {
  if (typeof it === 'object') it.unref();
  else timers.hold(it, false);
}

function check(options) {
  validateObject(options, 'options');
  validateAbortSignal(options.signal, 'options.signal');
  if (options.ref !== undefined) validateBoolean(options.ref, 'options.ref');
  return options.signal;
}

// Until what `begin` has begun calls its function, or the signal is aborted.
function wait(begin, clear, value, options) {
  let signal;
  try {
    signal = check(options);
  } catch (error) {
    return Promise.reject(error);
  }
  if (signal?.aborted) {
    return Promise.reject(new AbortError(undefined, { cause: signal.reason }));
  }
  return new Promise((resolve, reject) => {
    let onAbort;
    const it = begin(() => {
      if (onAbort) signal.removeEventListener('abort', onAbort);
      resolve(value);
    });
    if (options.ref === false) release(it);
    if (!signal) return;
    onAbort = () => {
      clear(it);
      reject(new AbortError(undefined, { cause: signal.reason }));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

function setTimeout(delay = undefined, value = undefined, options = {}) {
  if (delay !== undefined) {
    try {
      validateNumber(delay, 'delay');
    } catch (error) {
      return Promise.reject(error);
    }
  }
  return wait((f) => start(f, delay), clearTimeout, value, options);
}

function setImmediate(value = undefined, options = {}) {
  return wait((f) => startImmediate(f), clearImmediate, value, options);
}

// One value a period, as many as have gone by when they are asked for.
async function* setInterval(delay = undefined, value = undefined, options = {}) {
  if (delay !== undefined) validateNumber(delay, 'delay');
  const signal = check(options);
  if (signal?.aborted) throw new AbortError(undefined, { cause: signal.reason });
  let passed = 0;
  let wake;
  const timer = startInterval(() => {
    passed++;
    wake?.();
  }, delay);
  if (options.ref === false) release(timer);
  const onAbort = () => {
    clearInterval(timer);
    wake?.();
  };
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    while (!signal?.aborted) {
      if (passed === 0) await new Promise((resolve) => { wake = resolve; });
      wake = undefined;
      for (; passed > 0; passed--) yield value;
    }
    throw new AbortError(undefined, { cause: signal.reason });
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

module.exports = {
  setTimeout,
  setImmediate,
  setInterval,
  scheduler: {
    wait: (delay, options) => setTimeout(delay, undefined, options),
    yield: () => setImmediate(),
  },
};
