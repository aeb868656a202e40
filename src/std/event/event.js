// Events (DOM Standard, 2 Events) and how errors are reported by them (HTML
// Standard, 8.1.4). There is no tree: the path of an event is its target, whose
// listeners that capture come first.
//
// A listener is a node of a list, one list for each type. Nodes are numbered:
// a dispatch visits those that were there when it began. A node that is
// removed keeps its way to the next one, for a dispatch that stands on it: so
// nothing else may keep such a node, which would keep all that came later.
(function (native) {
  'use strict';

  const { bind, call } = Function.prototype;
  const uncurry = bind.bind(call);
  const {
    Object: { create, defineProperty, getOwnPropertyDescriptor },
    Reflect: { apply, ownKeys },
    Symbol: { toStringTag },
    DOMException, String, Symbol, TypeError,
  } = globalThis;
  const global = globalThis;
  const indexOf = uncurry(String.prototype.indexOf);
  const lastIndexOf = uncurry(String.prototype.lastIndexOf);
  const slice = uncurry(String.prototype.slice);
  const wellFormed = uncurry(String.prototype.toWellFormed);
  const errorStack =
    uncurry(getOwnPropertyDescriptor(Error.prototype, 'stack').get);

  const NONE = 0, CAPTURING_PHASE = 1, AT_TARGET = 2, BUBBLING_PHASE = 3;

  const isObject = (v) =>
    (typeof v === 'object' && v !== null) || typeof v === 'function';

  // --- Arguments -------------------------------------------------------------

  function checkCount(name, count, least) {
    if (count >= least) return;
    throw new TypeError(`${name}: expected at least ${least} argument${
      least === 1 ? '' : 's'}, got ${count}`);
  }

  const typeName = (v) => (v === null ? 'null' : typeof v);

  function refuse(name, position, argument, expected, v) {
    throw new TypeError(`${name}: argument ${position} '${argument}': expected ${
      expected}, got ${typeName(v)}`);
  }

  // An argument that is a dictionary; undefined when there is none.
  function dictionary(name, v) {
    if (v === undefined || v === null) return undefined;
    if (!isObject(v)) refuse(name, 2, 'options', 'object', v);
    return v;
  }

  const emptyText = (v) => (v === undefined ? '' : `${v}`);

  // The members of an interface are enumerable, those of a class are not.
  function finish(constructor, name) {
    const { prototype } = constructor;
    const keys = ownKeys(prototype);
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === 'constructor') continue;
      const d = getOwnPropertyDescriptor(prototype, keys[i]);
      d.enumerable = true;
      defineProperty(prototype, keys[i], d);
    }
    const tag = create(null);
    tag.value = name;
    tag.configurable = true;
    defineProperty(prototype, toStringTag, tag);
  }

  // --- Event -----------------------------------------------------------------

  let stateOf, isEvent;

  function cancel(state) {
    if (state.cancelable && !state.isInPassive) state.isCanceled = true;
  }

  function initialize(state, type, bubbles, cancelable) {
    state.isStopped = state.isStoppedAtOnce = state.isCanceled = false;
    state.isTrusted = false;
    state.target = null;
    state.type = type;
    state.bubbles = bubbles;
    state.cancelable = cancelable;
  }

  // Each event has it as a property of its own, and the same for all.
  const isTrusted = create(null);
  isTrusted.get = getOwnPropertyDescriptor(
    { get isTrusted() { return stateOf(this).isTrusted; } }, 'isTrusted').get;
  isTrusted.enumerable = true;

  class Event {
    #state;

    static {
      isEvent = (v) => isObject(v) && #state in v;
      stateOf = (event) => {
        if (!isEvent(event)) {
          throw new TypeError('Illegal invocation: expected an Event');
        }
        return event.#state;
      };
    }

    constructor(type, options = undefined) {
      checkCount('Event', arguments.length, 1);
      const state = create(null);
      initialize(state, `${type}`, false, false);
      options = dictionary('Event', options);
      state.bubbles = !!options?.bubbles;
      state.cancelable = !!options?.cancelable;
      state.composed = !!options?.composed;
      state.isDispatched = state.isInPassive = false;
      state.currentTarget = null;
      state.eventPhase = NONE;
      state.timeStamp = native.now();
      this.#state = state;
      defineProperty(this, 'isTrusted', isTrusted);
    }

    get type() { return stateOf(this).type; }
    get target() { return stateOf(this).target; }
    get srcElement() { return stateOf(this).target; }
    get currentTarget() { return stateOf(this).currentTarget; }
    get eventPhase() { return stateOf(this).eventPhase; }
    get bubbles() { return stateOf(this).bubbles; }
    get cancelable() { return stateOf(this).cancelable; }
    get defaultPrevented() { return stateOf(this).isCanceled; }
    get composed() { return stateOf(this).composed; }
    get timeStamp() { return stateOf(this).timeStamp; }

    get returnValue() { return !stateOf(this).isCanceled; }
    set returnValue(v) {
      const state = stateOf(this);
      if (!v) cancel(state);
    }

    get cancelBubble() { return stateOf(this).isStopped; }
    set cancelBubble(v) {
      const state = stateOf(this);
      if (v) state.isStopped = true;
    }

    composedPath() {
      const { currentTarget } = stateOf(this);
      return currentTarget === null ? [] : [currentTarget];
    }

    stopPropagation() { stateOf(this).isStopped = true; }

    stopImmediatePropagation() {
      const state = stateOf(this);
      state.isStopped = state.isStoppedAtOnce = true;
    }

    preventDefault() { cancel(stateOf(this)); }

    initEvent(type, bubbles = false, cancelable = false) {
      const state = stateOf(this);
      checkCount('initEvent', arguments.length, 1);
      type = `${type}`;
      if (state.isDispatched) return;
      initialize(state, type, !!bubbles, !!cancelable);
    }
  }

  const phases = create(null);
  phases.NONE = NONE;
  phases.CAPTURING_PHASE = CAPTURING_PHASE;
  phases.AT_TARGET = AT_TARGET;
  phases.BUBBLING_PHASE = BUBBLING_PHASE;
  finish(Event, 'Event');
  for (const name in phases) {
    const constant = create(null);
    constant.value = phases[name];
    constant.enumerable = true;
    defineProperty(Event, name, constant);
    defineProperty(Event.prototype, name, constant);
  }

  class CustomEvent extends Event {
    #detail = null;

    constructor(type, options = undefined) {
      checkCount('CustomEvent', arguments.length, 1);
      super(type, options);
      const detail = options?.detail;
      if (detail !== undefined) this.#detail = detail;
    }

    get detail() { return this.#detail; }

    initCustomEvent(type, bubbles = false, cancelable = false, detail = null) {
      const state = stateOf(this);
      checkCount('initCustomEvent', arguments.length, 1);
      type = `${type}`;
      if (state.isDispatched) return;
      this.#detail = detail;
      initialize(state, type, !!bubbles, !!cancelable);
    }
  }
  finish(CustomEvent, 'CustomEvent');

  // What window.onerror is called with; undefined for other events.
  let errorArguments;

  class ErrorEvent extends Event {
    #message;
    #filename;
    #lineno;
    #colno;
    #error;

    static {
      errorArguments = (e) => (#error in e
        ? [e.#message, e.#filename, e.#lineno, e.#colno, e.#error]
        : undefined);
    }

    constructor(type, options = undefined) {
      checkCount('ErrorEvent', arguments.length, 1);
      super(type, options);
      this.#colno = options?.colno >>> 0;
      this.#error = options?.error;
      this.#filename = wellFormed(emptyText(options?.filename));
      this.#lineno = options?.lineno >>> 0;
      this.#message = emptyText(options?.message);
    }

    get message() { return this.#message; }
    get filename() { return this.#filename; }
    get lineno() { return this.#lineno; }
    get colno() { return this.#colno; }
    get error() { return this.#error; }
  }
  finish(ErrorEvent, 'ErrorEvent');

  class PromiseRejectionEvent extends Event {
    #promise;
    #reason;

    constructor(type, options) {
      checkCount('PromiseRejectionEvent', arguments.length, 2);
      super(type, options);
      const promise = options?.promise;
      if (!isObject(promise)) {
        throw new TypeError(
          `PromiseRejectionEvent: option 'promise': expected object, got ${
            typeName(promise)}`);
      }
      this.#promise = promise;
      this.#reason = options.reason;
    }

    get promise() { return this.#promise; }
    get reason() { return this.#reason; }
  }
  finish(PromiseRejectionEvent, 'PromiseRejectionEvent');

  // --- Listeners -------------------------------------------------------------

  let lastId = 0;

  function newNode(callback, capture) {
    const node = create(null);
    node.id = 0;
    node.list = node.next = node.previous = null;
    node.callback = callback;
    node.capture = capture;
    node.once = node.passive = false;
    node.abortable = null; // removes the node when its signal is aborted
    node.handler = null; // for an event handler: what it is
    node.current = null; // or says what it is just now
    return node;
  }

  // Keys of a target's lists besides the types of events. Of a signal the native
  // part is to know whether anybody listens; lists that held the signal itself
  // would be a cycle, so what is kept there holds it weakly.
  const OWNER = Symbol('owner'), HANDLERS = Symbol('handlers');

  function append(target, lists, type, node) {
    let list = lists[type];
    if (!list) {
      list = create(null);
      list.first = list.last = null;
      list.type = type;
      list.lists = lists;
      if (type === 'abort' && native.isSignal(target)) {
        lists[OWNER] ??= native.refer(target);
        native.setHeard(lists[OWNER], true);
      }
      lists[type] = list;
    }
    node.id = ++lastId;
    node.list = list;
    node.next = null;
    node.previous = list.last;
    if (list.last) list.last.next = node;
    else list.first = node;
    list.last = node;
  }

  function dropList({ type, lists }) {
    delete lists[type];
    if (type === 'abort' && lists[OWNER]) native.setHeard(lists[OWNER], false);
  }

  // `list` is null for a node that is in none; `next` stays.
  function unlink(node) {
    const { list, next, previous } = node;
    if (!list) return;
    if (previous) previous.next = next;
    else list.first = next;
    if (next) next.previous = previous;
    else list.last = previous;
    node.list = null;
    node.abortable = null;
    if (!list.first) dropList(list);
  }

  function find(lists, type, callback, capture) {
    let node = lists[type]?.first;
    while (node && (node.callback !== callback || node.capture !== capture)) {
      node = node.next;
    }
    return node;
  }

  function listenerArgument(name, v) {
    if (v === undefined || v === null) return null;
    if (!isObject(v)) refuse(name, 2, 'callback', 'function or object', v);
    return v;
  }

  // --- EventTarget -----------------------------------------------------------

  const globalLists = create(null);
  let listsOf;

  // A target whose object is made by native code.
  class Identity {
    constructor(object) { return object; }
  }
  class Stamp extends Identity {
    #lists = create(null);

    static lists(target) {
      return #lists in target ? target.#lists : undefined;
    }
  }

  class EventTarget {
    #lists = create(null);

    static {
      listsOf = (target) => {
        if (target === global) return globalLists;
        if (isObject(target)) {
          if (#lists in target) return target.#lists;
          const lists = Stamp.lists(target);
          if (lists) return lists;
        }
        throw new TypeError('Illegal invocation: expected an EventTarget');
      };
    }

    addEventListener(type, callback, options = undefined) {
      const lists = listsOf(this ?? global);
      checkCount('addEventListener', arguments.length, 2);
      type = `${type}`;
      const node = newNode(listenerArgument('addEventListener', callback),
        isObject(options) ? !!options.capture : !!options);
      let signal;
      if (isObject(options)) {
        node.once = !!options.once;
        node.passive = !!options.passive;
        ({ signal } = options);
        if (signal !== undefined && !native.isSignal(signal)) {
          throw new TypeError(
            `addEventListener: option 'signal': expected AbortSignal, got ${
              typeName(signal)}`);
        }
      }
      if (signal && native.isAborted(signal)) return;
      if (node.callback === null) return;
      if (find(lists, type, node.callback, node.capture)) return;
      if (signal) node.abortable = native.onAbort(signal, node, unlink);
      append(this ?? global, lists, type, node);
    }

    removeEventListener(type, callback, options = undefined) {
      const lists = listsOf(this ?? global);
      checkCount('removeEventListener', arguments.length, 2);
      type = `${type}`;
      callback = listenerArgument('removeEventListener', callback);
      const capture = isObject(options) ? !!options.capture : !!options;
      const node = callback && find(lists, type, callback, capture);
      if (node) unlink(node);
    }

    dispatchEvent(event) {
      const target = this ?? global;
      listsOf(target);
      checkCount('dispatchEvent', arguments.length, 1);
      if (!isEvent(event)) refuse('dispatchEvent', 1, 'event', 'Event', event);
      const state = stateOf(event);
      if (state.isDispatched) {
        throw new DOMException('dispatchEvent: the event is being dispatched',
          'InvalidStateError');
      }
      state.isTrusted = false;
      return dispatch(target, event, state);
    }
  }
  finish(EventTarget, 'EventTarget');

  // --- Dispatch --------------------------------------------------------------

  // An event handler: what it returns says whether it cancels.
  function callHandler(node, target, event, state) {
    const f = node.current ? node.current() : node.handler;
    if (typeof f !== 'function') return;
    const details = state.type === 'error' ? errorArguments(event) : undefined;
    const result = apply(f, target, details ?? [event]);
    if (result === (details !== undefined)) cancel(state);
  }

  function callListener(node, target, event, state) {
    const { callback } = node;
    if (callback === null) {
      callHandler(node, target, event, state);
    } else if (typeof callback === 'function') {
      apply(callback, target, [event]);
    } else {
      const { handleEvent } = callback;
      if (typeof handleEvent !== 'function') {
        throw new TypeError(`handleEvent: expected function, got ${
          typeName(handleEvent)}`);
      }
      apply(handleEvent, callback, [event]);
    }
  }

  function invoke(target, event, state, capture) {
    if (state.isStopped) return;
    const last = lastId;
    let node = listsOf(target)[state.type]?.first;
    for (; node && node.id <= last; node = node.next) {
      if (!node.list || node.capture !== capture) continue;
      // What was to remove it may have been broken off.
      if (node.abortable && native.isOver(node.abortable)) {
        unlink(node);
        continue;
      }
      if (node.once) unlink(node);
      state.isInPassive = node.passive;
      try {
        callListener(node, target, event, state);
      } catch (error) {
        native.report(error);
      }
      state.isInPassive = false;
      if (state.isStoppedAtOnce) return;
    }
  }

  function dispatch(target, event, state) {
    state.isDispatched = true;
    state.target = state.currentTarget = target;
    state.eventPhase = AT_TARGET;
    try {
      invoke(target, event, state, true);
      invoke(target, event, state, false);
    } finally {
      state.eventPhase = NONE;
      state.currentTarget = null;
      state.isDispatched = state.isInPassive = false;
      state.isStopped = state.isStoppedAtOnce = false;
    }
    return !state.isCanceled;
  }

  // For builtins: an event that no script made. False when it was canceled.
  function fire(target, event) {
    const state = stateOf(event);
    state.isTrusted = true;
    return dispatch(target, event, state);
  }

  // --- Reporting -------------------------------------------------------------

  // The place of a line of a stack, "at name (file:1:2)" or "at file:1:2", as
  // [file, line, column]; undefined when it has none or is one of a builtin.
  function placeOfLine(line) {
    const open = lastIndexOf(line, ' (');
    const place = line[line.length - 1] === ')' && open >= 0
      ? slice(line, open + 2, -1) : slice(line, indexOf(line, 'at ') + 3);
    const second = lastIndexOf(place, ':');
    const first = second > 0 ? lastIndexOf(place, ':', second - 1) : -1;
    if (first < 0 || indexOf(place, 'tenon:') === 0) return undefined;
    return [slice(place, 0, first), slice(place, first + 1, second) >>> 0,
      slice(place, second + 1) >>> 0];
  }

  function placeOf(error) {
    if (!isObject(error)) return undefined;
    const stack = errorStack(error) ??
      getOwnPropertyDescriptor(error, 'stack')?.value;
    if (typeof stack !== 'string') return undefined;
    for (let from = 0, end; from < stack.length; from = end + 1) {
      end = indexOf(stack, '\n', from);
      if (end < 0) end = stack.length;
      const place = placeOfLine(slice(stack, from, end));
      if (place) return place;
    }
    return undefined;
  }

  // A thrown object may have traps and getters of its own, which throw.
  function describe(error) {
    const options = create(null);
    options.cancelable = true;
    options.error = error;
    options.message = 'Uncaught exception';
    try {
      options.message = `Uncaught ${String(error)}`;
    } catch { /* it stays an exception */ }
    try {
      const place = placeOf(error);
      options.filename = place?.[0];
      options.lineno = place?.[1];
      options.colno = place?.[2];
    } catch { /* nowhere, then */ }
    return options;
  }

  function onError(error) {
    return 'error' in globalLists &&
      !fire(global, new ErrorEvent('error', describe(error)));
  }

  function firePromise(type, cancelable, promise, reason) {
    if (!(type in globalLists)) return false;
    const options = create(null);
    options.cancelable = cancelable;
    options.promise = promise;
    options.reason = reason;
    return !fire(global, new PromiseRejectionEvent(type, options));
  }

  const onRejection = (promise, reason) =>
    firePromise('unhandledrejection', true, promise, reason);
  const onLateHandler = (promise, reason) =>
    firePromise('rejectionhandled', false, promise, reason);

  // The handlers of the global object are kept by the native part, which has
  // them before this part is loaded, by the names of their events.
  const handlerNodes = create(null);

  function setHandler(type, isThere) {
    if (handlerNodes[type]) unlink(handlerNodes[type]);
    handlerNodes[type] = null;
    if (!isThere) return;
    const node = newNode(null, false);
    node.current = () => native.handler(type);
    append(global, globalLists, type, node);
    handlerNodes[type] = node;
  }

  // Those of other targets, onabort and its like.
  const getHandlerOf = (target, type) =>
    listsOf(target)[HANDLERS]?.[type]?.handler ?? null;

  function setHandlerOf(target, type, value) {
    const lists = listsOf(target);
    const handlers = lists[HANDLERS] ??= create(null);
    const node = handlers[type];
    if (!isObject(value)) {
      if (node) unlink(node);
      handlers[type] = null;
    } else if (node) {
      node.handler = value;
    } else {
      const added = newNode(null, false);
      added.handler = value;
      append(target, lists, type, added);
      handlers[type] = added;
    }
  }

  function reportError(error) {
    checkCount('reportError', arguments.length, 1);
    native.report(error);
  }

  function adopt(type) {
    if (native.handler(type) !== null) setHandler(type, true);
  }
  adopt('error');
  adopt('unhandledrejection');
  adopt('rejectionhandled');

  // What listens to events of a type, in order.
  function listenersOf(target, type) {
    const found = [];
    let count = 0;
    for (let node = listsOf(target)[type]?.first; node; node = node.next) {
      const callback = node.callback ?? node.handler;
      if (callback !== null) found[count++] = callback;
    }
    return found;
  }

  const builtin = create(null);
  builtin.Event = Event;
  builtin.CustomEvent = CustomEvent;
  builtin.ErrorEvent = ErrorEvent;
  builtin.PromiseRejectionEvent = PromiseRejectionEvent;
  builtin.EventTarget = EventTarget;
  builtin.addEventListener = EventTarget.prototype.addEventListener;
  builtin.removeEventListener = EventTarget.prototype.removeEventListener;
  builtin.dispatchEvent = EventTarget.prototype.dispatchEvent;
  builtin.reportError = reportError;
  builtin.fire = fire;
  builtin.listenersOf = listenersOf;
  builtin.stamp = (target) => new Stamp(target);
  builtin.getHandlerOf = getHandlerOf;
  builtin.setHandlerOf = setHandlerOf;
  builtin.finish = finish;
  builtin.checkCount = checkCount;
  builtin.typeName = typeName;
  builtin.setHandler = setHandler;
  builtin.onError = onError;
  builtin.onRejection = onRejection;
  builtin.onLateHandler = onLateHandler;
  return builtin;
})
