// Glue: it alone has the native functions. What programs get is lookup(name,
// { signal }), which does by hand what find(name, { signal }) does by itself.
//
// It takes what it needs before any other script runs, and calls no method that
// a script may have replaced. It is strict: a call site shows none of its inner
// functions.
'use strict';
({ connect, find }) => {
  const { Promise, RangeError, TypeError } = globalThis;
  const { apply, defineProperty, getOwnPropertyDescriptor } = Reflect;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const getter = (name) =>
    getOwnPropertyDescriptor(AbortSignal.prototype, name).get;
  const aborted = getter('aborted');
  const reason = getter('reason');

  const open = { __proto__: null }; // { resolve, reject, forget }, by number
  let last = 0;

  // Whoever comes first ends an operation: the answer, the signal, a failure.
  function settle(id, how, value) {
    const operation = open[id];
    if (!operation) return;
    delete open[id];
    operation[how](value);
    operation.forget();
  }

  // C keeps this function: it reaches what is open, but not `start` itself.
  const { start, cancel, finish } = connect((id, value) => {
    if (value !== undefined) settle(id, 'resolve', value);
    else settle(id, 'reject', new RangeError('lookup: nobody has this name'));
  });

  function isAborted(signal) {
    try {
      return apply(aborted, signal, []);
    } catch {
      throw new TypeError("lookup: option 'signal': expected AbortSignal");
    }
  }

  const lookup = (name, options = {}) => new Promise((resolve, reject) => {
    const { signal } = options;
    if (signal !== undefined && isAborted(signal))
      throw apply(reason, signal, []);

    const id = ++last;
    const abort = () => {
      cancel(id);
      settle(id, 'reject', apply(reason, signal, []));
    };
    const forget = () => {
      finish(id);
      if (signal) apply(removeEventListener, signal, ['abort', abort]);
    };
    open[id] = { resolve, reject, forget };
    try {
      if (signal) apply(addEventListener, signal, ['abort', abort]);
      start(name, id);
    } catch (error) {
      settle(id, 'reject', error);
    }
  });

  for (const [name, value] of [['lookup', lookup], ['find', find]]) {
    defineProperty(globalThis, name,
      { value, writable: true, enumerable: false, configurable: true });
  }
};
