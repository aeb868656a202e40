// node:process, which is also the global `process`: what the builtin `process`
// has, and what else packages expect of node's.

const { own, natives } = binding;
const {
  ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_METHOD_NOT_IMPLEMENTED,
  ERR_OUT_OF_RANGE, coded,
} = require('internal/errors');
const {
  validateFunction, validateInteger, validateNumber, validateObject,
  validateString,
} = require('internal/validators');
const { apply, ownKeys } = Reflect;
const {
  create, defineProperties, defineProperty, freeze, getOwnPropertyDescriptors,
} = Object;
const { isArray, prototype: { push: pushTo, slice: sliceOf, splice: spliceOf } } =
  Array;
const { Error, Number, RegExp, String, TypeError, parseInt } = globalThis;
const { isView } = ArrayBuffer;
const nextTick = own.nextTick;

const call = (f, self, ...args) => apply(f, self, args);

// --- Events -----------------------------------------------------------------------

// An emitter as node's, for the objects here: each has a table of its own.
function emitterOf(self, onAdded) {
  const table = create(null);

  const add = (type, listener, isOnce, isFirst) => {
    validateFunction(listener, 'listener');
    const list = table[type] ??= [];
    const entry = { listener, isOnce };
    if (table.newListener && type !== 'newListener') {
      emit('newListener', type, listener);
    }
    if (isFirst) call(spliceOf, list, 0, 0, entry);
    else call(pushTo, list, entry);
    onAdded?.(type);
    return self;
  };
  const removeAt = (type, i) => {
    const list = call(sliceOf, table[type]);
    const { listener } = call(spliceOf, list, i, 1)[0];
    if (list.length) table[type] = list;
    else delete table[type];
    if (table.removeListener) emit('removeListener', type, listener);
  };
  const off = (type, listener) => {
    validateFunction(listener, 'listener');
    const list = table[type];
    for (let i = list ? list.length - 1 : -1; i >= 0; i--) {
      if (list[i].listener !== listener) continue;
      removeAt(type, i);
      break;
    }
    return self;
  };
  const emit = (type, ...args) => {
    const list = table[type];
    if (list === undefined) {
      if (type === 'error') throw args[0];
      return false;
    }
    const all = call(sliceOf, list);
    for (let i = 0; i < all.length; i++) {
      const entry = all[i];
      if (entry.isOnce) {
        const at = table[type] ? call(Array.prototype.indexOf, table[type], entry)
          : -1;
        if (at < 0) continue;
        removeAt(type, at);
      }
      apply(entry.listener, self, args);
    }
    return true;
  };
  let most = 10;
  const listeners = (type) => {
    const found = [];
    const list = table[type];
    for (let i = 0; list && i < list.length; i++) {
      call(pushTo, found, list[i].listener);
    }
    return found;
  };
  const on = (type, listener) => add(type, listener, false, false);
  const methods = {
    on,
    addListener: on,
    once: (type, listener) => add(type, listener, true, false),
    prependListener: (type, listener) => add(type, listener, false, true),
    prependOnceListener: (type, listener) => add(type, listener, true, true),
    off,
    removeListener: off,
    removeAllListeners(type) {
      const types = type === undefined ? ownKeys(table) : [type];
      for (let i = 0; i < types.length; i++) delete table[types[i]];
      return self;
    },
    emit,
    eventNames: () => ownKeys(table),
    listenerCount: (type) => (table[type] ? table[type].length : 0),
    listeners,
    rawListeners: listeners,
    getMaxListeners: () => most,
    setMaxListeners(n) {
      validateNumber(n, 'setMaxListeners', 0);
      most = n;
      return self;
    },
  };
  const all = ownKeys(methods);
  for (let i = 0; i < all.length; i++) {
    defineProperty(self, all[i], {
      __proto__: null, value: methods[all[i]], writable: true,
      configurable: true, enumerable: false,
    });
  }
  return methods;
}

// --- Standard output ----------------------------------------------------------------

const COLORS_OF_TERM = [
  [/^(screen|tmux|xterm|.*)-256(color)?/, 8],
  [/^(ansi|color|console|cygwin|konsole|kterm|linux|rxvt|screen|vt100|xterm|tmux)/,
   4],
];

// How many bits of colour a terminal shows, by what its environment says.
function depthOf(env) {
  if (env.FORCE_COLOR !== undefined) {
    switch (env.FORCE_COLOR) {
      case '': case '1': case 'true': return 4;
      case '2': return 8;
      case '3': return 24;
      default: return 1;
    }
  }
  if (env.NODE_DISABLE_COLORS || env.NO_COLOR || env.TERM === 'dumb') return 1;
  if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') return 24;
  for (let i = 0; i < COLORS_OF_TERM.length; i++) {
    if (call(RegExp.prototype.test, COLORS_OF_TERM[i][0], env.TERM ?? '')) {
      return COLORS_OF_TERM[i][1];
    }
  }
  return env.COLORTERM ? 4 : 1;
}

// A stream that is written at once, as node's are for files and terminals.
function outputOf(fd) {
  const isTTY = natives.isatty(fd);
  const stream = create({}, {
    [Symbol.toStringTag]: { __proto__: null, value: 'WriteStream' },
  });
  const { emit } = emitterOf(stream);
  let isEnded = false;

  const finish = (done, error) => {
    if (typeof done === 'function') nextTick(done, error);
  };
  const write = (chunk, encoding, done) => {
    if (typeof encoding === 'function') done = encoding;
    if (typeof chunk !== 'string' && !isView(chunk)) {
      throw ERR_INVALID_ARG_TYPE('chunk', ['string', 'Buffer', 'TypedArray',
                                           'DataView'], chunk);
    }
    if (isEnded) {
      const error = coded(Error, 'ERR_STREAM_WRITE_AFTER_END',
                          'write after end');
      finish(done, error);
      nextTick(emit, 'error', error);
      return false;
    }
    if (typeof chunk === 'string' && typeof encoding === 'string' &&
        encoding !== 'utf8' && encoding !== 'utf-8') {
      chunk = require('node:buffer').Buffer.from(chunk, encoding);
    }
    natives.write(fd, chunk);
    finish(done, null);
    return true;
  };
  Object.assign(stream, {
    fd,
    writable: true,
    _type: isTTY ? 'tty' : 'fs',
    write,
    end(chunk, encoding, done) {
      if (typeof chunk === 'function') {
        done = chunk;
        chunk = undefined;
      } else if (typeof encoding === 'function') {
        done = encoding;
        encoding = undefined;
      }
      if (chunk !== undefined && chunk !== null) write(chunk, encoding);
      isEnded = true;
      stream.writable = false;
      finish(done);
      nextTick(emit, 'finish');
      return stream;
    },
    cork() {},
    uncork() {},
  });
  if (!isTTY) return stream;
  const size = (i) => natives.windowSize(fd)[i];
  defineProperties(stream, {
    isTTY: { __proto__: null, value: true, enumerable: true, writable: true,
             configurable: true },
    columns: { __proto__: null, get: () => size(0), enumerable: true,
               configurable: true },
    rows: { __proto__: null, get: () => size(1), enumerable: true,
            configurable: true },
  });
  const control = (text, done) => write(text, done);
  return Object.assign(stream, {
    getColorDepth: (env = module.exports.env) => depthOf(env),
    hasColors(count = 16, env = undefined) {
      if (typeof count === 'object' && count !== null) {
        env = count;
        count = 16;
      }
      validateInteger(count, 'count', 2);
      return count <= 2 ** depthOf(env ?? module.exports.env);
    },
    getWindowSize: () => natives.windowSize(fd),
    cursorTo(x, y, done) {
      if (typeof y === 'function') {
        done = y;
        y = undefined;
      }
      return control(y === undefined ? `\x1b[${x + 1}G`
        : `\x1b[${y + 1};${x + 1}H`, done);
    },
    moveCursor: (dx, dy, done) => control(
      (dx < 0 ? `\x1b[${-dx}D` : dx > 0 ? `\x1b[${dx}C` : '') +
      (dy < 0 ? `\x1b[${-dy}A` : dy > 0 ? `\x1b[${dy}B` : ''), done),
    clearLine: (dir, done) => control(
      dir < 0 ? '\x1b[1K' : dir > 0 ? '\x1b[0K' : '\x1b[2K', done),
    clearScreenDown: (done) => control('\x1b[0J', done),
  });
}

// Nothing reads it yet: what it is can be asked, reading is refused.
function input() {
  const refuse = (name) => () => {
    throw ERR_METHOD_NOT_IMPLEMENTED(`process.stdin.${name}()`);
  };
  const stream = { fd: 0, readable: false };
  if (natives.isatty(0)) stream.isTTY = true;
  const names = ['on', 'once', 'read', 'pipe', 'resume', 'setEncoding',
                 'setRawMode'];
  for (let i = 0; i < names.length; i++) stream[names[i]] = refuse(names[i]);
  stream.pause = () => stream;
  stream.unref = () => stream;
  stream.ref = () => stream;
  return stream;
}

const streams = create(null);

function lazyStream(name, make) {
  return {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => (streams[name] ??= make()),
  };
}

// --- Time and memory -----------------------------------------------------------------

const NS = 1000000000n;

function hrtime(previous = undefined) {
  const now = natives.hrtime();
  let seconds = Number(now / NS);
  let rest = Number(now % NS);
  if (previous !== undefined) {
    if (!isArray(previous)) throw ERR_INVALID_ARG_TYPE('time', 'Array', previous);
    if (previous.length !== 2) {
      throw ERR_OUT_OF_RANGE('time', 2, previous.length);
    }
    seconds -= previous[0];
    rest -= previous[1];
    if (rest < 0) {
      seconds--;
      rest += 1e9;
    }
  }
  return [seconds, rest];
}
hrtime.bigint = () => natives.hrtime();

function memoryUsage() {
  const { 0: rss, 1: heapUsed, 2: external } = natives.memory();
  return { rss, heapTotal: heapUsed, heapUsed, external, arrayBuffers: 0 };
}
memoryUsage.rss = () => natives.memory()[0];

function cpuUsage(previous = undefined) {
  const { 0: user, 1: system } = natives.cpu();
  if (previous === undefined) return { user, system };
  validateObject(previous, 'prevValue');
  validateNumber(previous.user, 'prevValue.user', 0);
  validateNumber(previous.system, 'prevValue.system', 0);
  return { user: user - previous.user, system: system - previous.system };
}

// --- Warnings --------------------------------------------------------------------------

function emitWarning(warning, type = undefined, code = undefined) {
  let detail;
  if (type !== null && typeof type === 'object' && !isArray(type)) {
    ({ detail, code, type } = type);
  }
  if (typeof type === 'function') type = code = undefined;
  if (typeof code === 'function') code = undefined;
  if (type !== undefined) validateString(type, 'type');
  if (code !== undefined) validateString(code, 'code');
  if (typeof warning === 'string') {
    const name = String(type || 'Warning');
    warning = new Error(warning);
    warning.name = name;
    if (code !== undefined) warning.code = code;
    if (typeof detail === 'string') warning.detail = detail;
  } else if (!(warning instanceof Error)) {
    throw ERR_INVALID_ARG_TYPE('warning', ['Error', 'string'], warning);
  }
  if (warning.name === 'DeprecationWarning') {
    if (process.noDeprecation) return;
    if (process.throwDeprecation) {
      nextTick(() => { throw warning; });
      return;
    }
  }
  nextTick(tellWarning, warning);
}

function tellWarning(warning) {
  if (!natives.hasNoWarnings()) {
    const code = warning.code ? `[${warning.code}] ` : '';
    const trace = process.traceDeprecation &&
      warning.name === 'DeprecationWarning' && warning.stack;
    let text = `(tenon:${process.pid}) ${code}${warning.name}: ${
      warning.message}`;
    if (trace) text += `\n${warning.stack}`;
    if (typeof warning.detail === 'string') text += `\n${warning.detail}`;
    natives.write(2, `${text}\n`);
  }
  emit('warning', warning);
}

// --- The program's end ---------------------------------------------------------------------

let isExiting = false;

function fireExit() {
  if (isExiting) return;
  isExiting = true;
  emit('exit', process.exitCode ?? 0);
}

// By the runtime, when nothing is left to do.
function atEnd(isLast) {
  if (isLast) fireExit();
  else emit('beforeExit', process.exitCode ?? 0);
}

function exit(code = undefined) {
  if (code !== undefined) process.exitCode = code;
  fireExit();
  own.exit();
}

// --- Errors that nobody caught ----------------------------------------------------------------

let isListening = false;

function onRejection(event) {
  if (emit('unhandledRejection', event.reason, event.promise)) {
    event.preventDefault();
  } else if (methods.listenerCount('uncaughtException')) {
    emit('uncaughtExceptionMonitor', event.reason, 'unhandledRejection');
    emit('uncaughtException', event.reason, 'unhandledRejection');
    event.preventDefault();
  }
}

function onError(event) {
  emit('uncaughtExceptionMonitor', event.error, 'uncaughtException');
  if (emit('uncaughtException', event.error, 'uncaughtException')) {
    event.preventDefault();
  }
}

function onAdded(type) {
  if (type === 'exit' || type === 'beforeExit') natives.setAtEnd(atEnd);
  if (isListening) return;
  switch (type) {
    case 'uncaughtException':
    case 'uncaughtExceptionMonitor':
    case 'unhandledRejection':
    case 'rejectionHandled': {
      const listen = natives.listen();
      isListening = true;
      listen('error', onError);
      listen('unhandledrejection', onRejection);
      listen('rejectionhandled', (event) => {
        emit('rejectionHandled', event.promise);
      });
    }
  }
}

// --- The object ------------------------------------------------------------------------------

const readOnly = (value) => ({
  __proto__: null, value, enumerable: true, writable: false, configurable: true,
});
const value = (v) => ({
  __proto__: null, value: v, enumerable: true, writable: true, configurable: true,
});

const { versions, arch, platform } = natives;

const signals = natives.signals();

function kill(pid, signal = 'SIGTERM') {
  validateInteger(pid, 'pid', -2147483648, 2147483647);
  let number = signal;
  if (typeof signal === 'string') {
    number = signals[signal];
    if (number === undefined) {
      throw coded(TypeError, 'ERR_UNKNOWN_SIGNAL', `Unknown signal: ${signal}`);
    }
  } else {
    validateInteger(signal, 'signal', 0, 64);
  }
  natives.kill(pid, number);
  return true;
}

const names = getOwnPropertyDescriptors(own);
delete names.exit;
const process = create(create({}, {
  [Symbol.toStringTag]: {
    __proto__: null, value: 'process', configurable: true,
  },
}), names);

defineProperties(process, {
  version: readOnly(`v${versions.node}`),
  versions: readOnly(freeze(versions)),
  arch: readOnly(arch),
  platform: readOnly(platform),
  release: readOnly(freeze({ name: 'node', lts: 'Iron' })),
  config: readOnly(freeze({ target_defaults: freeze({}),
                            variables: freeze({}) })),
  features: readOnly(freeze({
    inspector: false, debug: false, uv: true, ipv6: true, tls_alpn: false,
    tls_sni: false, tls_ocsp: false, tls: false, cached_builtins: true,
  })),
  argv0: value(own.argv.length ? own.argv[0] : ''),
  execPath: value(own.argv.length ? own.argv[0] : ''),
  execArgv: value([]),
  title: value('tenon'),
  pid: readOnly(natives.pid),
  ppid: { __proto__: null, get: () => natives.ppid(), enumerable: true,
          configurable: true },
  stdin: lazyStream('stdin', input),
  stdout: lazyStream('stdout', () => outputOf(1)),
  stderr: lazyStream('stderr', () => outputOf(2)),
  exit: value(exit),
  reallyExit: { ...value((code) => {
    if (code !== undefined) process.exitCode = code;
    own.exit();
  }), enumerable: false },
  abort: value(() => { throw ERR_METHOD_NOT_IMPLEMENTED('process.abort()'); }),
  chdir: value((directory) => {
    validateString(directory, 'directory');
    natives.chdir(directory);
  }),
  umask: value((mask = undefined) => {
    if (mask === undefined) return natives.umask(-1);
    if (typeof mask === 'string') {
      if (!call(RegExp.prototype.test, /^[0-7]+$/, mask)) {
        throw ERR_INVALID_ARG_VALUE('mask', mask,
          'must be a 32-bit unsigned integer or an octal string');
      }
      mask = parseInt(mask, 8);
    }
    validateInteger(mask, 'mask', 0, 0xffffffff);
    return natives.umask(mask & 0o777);
  }),
  kill: value(kill),
  hrtime: value(hrtime),
  uptime: value(() => natives.uptime()),
  memoryUsage: value(memoryUsage),
  cpuUsage: value(cpuUsage),
  emitWarning: value(emitWarning),
  binding: value((name) => {
    throw coded(Error, 'ERR_INVALID_MODULE', `No such module: ${name}`);
  }),
  hasUncaughtExceptionCaptureCallback: value(() => false),
  getuid: value(() => natives.ids()[0]),
  geteuid: value(() => natives.ids()[1]),
  getgid: value(() => natives.ids()[2]),
  getegid: value(() => natives.ids()[3]),
});
const methods = emitterOf(process, onAdded);
const { emit } = methods;

module.exports = process;
