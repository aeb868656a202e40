// tenon:process: child processes, their pipes and how they end.
//
// What a script gives is read and checked here, option by option, before
// anything is begun; the native part is handed plain values.
(function (native) {
  'use strict';

  const { bind, call } = Function.prototype;
  const uncurry = bind.bind(call);
  const {
    Array: { isArray },
    Number: { isInteger, MAX_SAFE_INTEGER },
    Object: { assign, defineProperty, keys },
    Symbol: { asyncDispose, asyncIterator, toStringTag },
    Array, Error, Promise, String, TypeError, Uint8Array,
  } = globalThis;
  const includes = uncurry(String.prototype.includes);
  const indexOf = uncurry(Uint8Array.prototype.indexOf);
  const push = uncurry(Array.prototype.push);
  const setBytes = uncurry(Uint8Array.prototype.set);
  const subarray = uncurry(Uint8Array.prototype.subarray);
  const then = uncurry(Promise.prototype.then);

  const IGNORE = -1, PIPE = -2, AS_STDOUT = -3;
  const HAS_GROUP = 1, IS_DETACHED = 2;
  const READ = 0, WRITE = 1, APPEND = 2;
  const NEWLINE = 10, RETURN = 13;
  // The largest that a timer can wait, as setTimeout's.
  const MOST_MS = 2147483647;
  const MOST_ID = 4294967294;
  const GRACE_MS = 5000;
  const MAX_BYTES = 16 * 1024 * 1024;

  // --- Arguments -------------------------------------------------------------

  const isObject = (v) =>
    (typeof v === 'object' && v !== null) || typeof v === 'function';

  function shown(v) {
    if (v === null) return 'null';
    if (typeof v === 'string') return `'${v}'`;
    if (typeof v === 'number' || typeof v === 'boolean') return String(v);
    return isArray(v) ? 'array' : typeof v;
  }

  function refuse(name, what, expected, v) {
    throw new TypeError(`${name}: ${what}: expected ${expected}, got ${
      shown(v)}`);
  }

  const option = (key) => `option '${key}'`;

  // A string as the system takes it.
  function checkText(name, what, v) {
    if (typeof v !== 'string') refuse(name, what, 'string', v);
    if (includes(v, '\0')) {
      throw new TypeError(`${name}: ${what}: expected string without NUL`);
    }
    return v;
  }

  function checkData(name, what, v) {
    if (typeof v !== 'string' && !native.isBytes(v)) {
      refuse(name, what, 'string, ArrayBuffer or a view', v);
    }
  }

  function checkFile(name, what, v) {
    if (checkText(name, what, v) === '') {
      throw new TypeError(`${name}: ${what}: expected a name, got ''`);
    }
    return v;
  }

  function checkArgs(name, v) {
    const args = [];

    if (v === undefined) return args;
    if (!isArray(v)) refuse(name, "argument 2 'args'", 'array of strings', v);
    for (let i = 0; i < v.length; i++) {
      push(args, checkText(name, `argument 2 'args[${i}]'`, v[i]));
    }
    return args;
  }

  function checkEnv(name, v) {
    const env = [];

    if (v === undefined) return undefined;
    if (!isObject(v)) refuse(name, option('env'), 'object of strings', v);
    const names = keys(v);
    for (let i = 0; i < names.length; i++) {
      const key = checkText(name, "a name in option 'env'", names[i]);
      if (key === '' || includes(key, '=')) {
        throw new TypeError(`${name}: option 'env': '${
          key}' is no name of a variable`);
      }
      push(env, `${key}=${checkText(name, option(`env.${key}`), v[key])}`);
    }
    return env;
  }

  function checkBoolean(name, key, v) {
    if (v === undefined) return false;
    if (typeof v !== 'boolean') refuse(name, option(key), 'boolean', v);
    return v;
  }

  function checkInteger(name, key, v, most, otherwise) {
    if (v === undefined) return otherwise;
    if (!isInteger(v) || v < 0 || v > most) {
      refuse(name, option(key), `integer from 0 to ${most}`, v);
    }
    return v;
  }

  // The shell that a command is for; undefined: there is none.
  function checkShell(name, v) {
    if (v === undefined || v === false) return undefined;
    if (v === true) return '/bin/sh';
    if (typeof v !== 'string') {
      refuse(name, option('shell'), 'boolean or path of a shell', v);
    }
    return checkFile(name, option('shell'), v);
  }

  function checkSignal(name, what, v) {
    const number = typeof v === 'string' ? native.signal(v) : v;

    if (typeof v === 'string' && number === 0) {
      throw new TypeError(`${name}: ${what}: there is no signal '${v}'`);
    }
    if (!isInteger(number) || number < 0 || number > 64) {
      refuse(name, what, "name of a signal or its number", v);
    }
    return number;
  }

  // Where one of the first three descriptors leads: what, and how it is opened.
  function checkStdio(name, key, number, v, otherwise) {
    const expected = `'pipe', 'inherit', 'ignore'${
      number === 2 ? ", 'stdout'" : ''}, a descriptor or { path }`;

    if (v === undefined) return [otherwise, 0];
    if (v === 'pipe') return [PIPE, 0];
    if (v === 'inherit') return [number, 0];
    if (v === 'ignore') return [IGNORE, 0];
    if (v === 'stdout' && number === 2) return [AS_STDOUT, 0];
    if (typeof v === 'number') {
      if (!isInteger(v) || v < 0 || v > MOST_MS) {
        refuse(name, option(key), 'descriptor', v);
      }
      return [v, 0];
    }
    if (!isObject(v) || isArray(v)) refuse(name, option(key), expected, v);
    const path = checkFile(name, option(`${key}.path`), v.path);
    const append = checkBoolean(name, `${key}.append`, v.append);
    if (number === 0) return [path, READ];
    return [path, append ? APPEND : WRITE];
  }

  // Where the output is collected there is nothing else to choose.
  function checkCollected(name, { stdin, stdout, stderr }) {
    if (stdin !== undefined) {
      refuse(name, option('stdin'), "option 'input' instead", stdin);
    }
    if (stdout !== undefined && stdout !== 'pipe') {
      refuse(name, option('stdout'), "'pipe'", stdout);
    }
    if (stderr !== undefined && stderr !== 'pipe' && stderr !== 'stdout') {
      refuse(name, option('stderr'), "'pipe' or 'stdout'", stderr);
    }
    return [stderr === 'stdout' ? AS_STDOUT : PIPE, 0];
  }

  // What all functions have in common; options of their own are read before.
  function readOptions(name, options, stdin, isCollected) {
    const given = options === undefined ? {} : options;
    if (!isObject(given) || isArray(given)) {
      refuse(name, "argument 3 'options'", 'object', options);
    }
    const shell = checkShell(name, given.shell);
    const argv0 = given.argv0 === undefined
      ? undefined : checkText(name, option('argv0'), given.argv0);
    const cwd = given.cwd === undefined
      ? undefined : checkFile(name, option('cwd'), given.cwd);
    const env = checkEnv(name, given.env);
    const flags = (checkBoolean(name, 'group', given.group) ? HAS_GROUP : 0) |
      (checkBoolean(name, 'detached', given.detached) ? IS_DETACHED : 0);
    const uid = checkInteger(name, 'uid', given.uid, MOST_ID, undefined);
    const gid = checkInteger(name, 'gid', given.gid, MOST_ID, undefined);
    const timeout = checkInteger(name, 'timeout', given.timeout, MOST_MS, 0);
    const grace = checkInteger(name, 'grace', given.grace, MOST_MS, GRACE_MS);
    const stdio = isCollected
      ? [stdin, 0, PIPE, 0, ...checkCollected(name, given)]
      : [
        ...checkStdio(name, 'stdin', 0, given.stdin, stdin),
        ...checkStdio(name, 'stdout', 1, given.stdout, PIPE),
        ...checkStdio(name, 'stderr', 2, given.stderr, PIPE),
      ];
    const { signal } = given;
    if (signal !== undefined) {
      if (!native.isSignal(signal)) {
        refuse(name, option('signal'), 'AbortSignal', signal);
      }
      native.check(signal);
    }
    return { shell, argv0, cwd, env, flags, uid, gid, timeout, grace, signal,
      stdio };
  }

  // Begin one: its parts, and its number.
  function begin(file, args, o) {
    const program = o.shell === undefined ? file : o.shell;
    const all = o.shell === undefined ? args : ['-c', file, program, ...args];
    const parts = native.spawn(program, all, o.env, o.cwd, o.argv0, o.flags,
      o.uid, o.gid, ...o.stdio);
    native.limit(parts[0], o.timeout, o.grace);
    if (o.signal !== undefined) native.listen(parts[0], o.signal);
    return parts;
  }

  // --- Text ------------------------------------------------------------------

  function join(chunks, size) {
    if (chunks.length === 1) return chunks[0];
    const all = new Uint8Array(size);
    let at = 0;
    for (let i = 0; i < chunks.length; i++) {
      setBytes(all, chunks[i], at);
      at += chunks[i].length;
    }
    return all;
  }

  // Text that comes in chunks: a character that is cut waits for its rest.
  class Decoder {
    #rest;

    decode(chunk) {
      const bytes = this.#rest === undefined
        ? chunk : join([this.#rest, chunk], this.#rest.length + chunk.length);
      const n = native.whole(bytes);
      this.#rest = n === bytes.length ? undefined : subarray(bytes, n);
      return native.decode(this.#rest === undefined
        ? bytes : subarray(bytes, 0, n));
    }

    end() {
      const rest = this.#rest;
      this.#rest = undefined;
      return rest === undefined ? '' : native.decode(rest);
    }
  }

  // Lines that come in chunks, as bytes without their ends.
  class Splitter {
    #begun = [];
    #size = 0;

    #finish(part) {
      push(this.#begun, part);
      const line = join(this.#begun, this.#size + part.length);
      this.#begun = [];
      this.#size = 0;
      const n = line.length;
      return n > 0 && line[n - 1] === RETURN ? subarray(line, 0, n - 1) : line;
    }

    split(chunk) {
      const lines = [];
      let from = 0;

      for (;;) {
        const at = indexOf(chunk, NEWLINE, from);
        if (at < 0) break;
        push(lines, native.decode(this.#finish(subarray(chunk, from, at))));
        from = at + 1;
      }
      if (from < chunk.length) {
        const rest = from === 0 ? chunk : subarray(chunk, from);
        push(this.#begun, rest);
        this.#size += rest.length;
      }
      return lines;
    }

    end() {
      if (this.#size === 0) return [];
      return [native.decode(join(this.#begun, this.#size))];
    }
  }

  // --- Pipes -----------------------------------------------------------------

  // An iterator over what `next` gives, null at the end.
  function iterator(next, close) {
    return {
      async next() {
        const value = await next();
        return value === null
          ? { value: undefined, done: true } : { value, done: false };
      },
      async return(value) {
        close();
        return { value, done: true };
      },
      [asyncIterator]() { return this; },
    };
  }

  class Output {
    #reader;

    static #of(o, name) {
      if (!isObject(o) || !(#reader in o)) {
        refuse(name, 'this', "a child's output", o);
      }
      return o.#reader;
    }

    constructor(reader) { this.#reader = reader; }

    [asyncIterator]() {
      const reader = Output.#of(this, 'Symbol.asyncIterator');
      return iterator(() => native.read(reader),
        () => native.closeReader(reader));
    }

    static async #all(reader) {
      const chunks = [];
      let size = 0;

      for (;;) {
        const chunk = await native.read(reader);
        if (chunk === null) return join(chunks, size);
        push(chunks, chunk);
        size += chunk.length;
      }
    }

    async bytes() { return Output.#all(Output.#of(this, 'bytes')); }

    async text() {
      return native.decode(await Output.#all(Output.#of(this, 'text')));
    }

    // Text as it comes, no character of which is split.
    strings() {
      const reader = Output.#of(this, 'strings'), decoder = new Decoder();
      let isDone = false;

      return iterator(async () => {
        while (!isDone) {
          const chunk = await native.read(reader);
          isDone = chunk === null;
          const text = isDone ? decoder.end() : decoder.decode(chunk);
          if (text !== '') return text;
        }
        return null;
      }, () => native.closeReader(reader));
    }

    lines() {
      const reader = Output.#of(this, 'lines'), splitter = new Splitter();
      let lines = [], at = 0, isDone = false;

      return iterator(async () => {
        while (at === lines.length) {
          if (isDone) return null;
          const chunk = await native.read(reader);
          // Another call may have had its chunk meanwhile.
          const more = chunk === null ? splitter.end() : splitter.split(chunk);
          isDone ||= chunk === null;
          if (at === lines.length) {
            lines = more;
            at = 0;
          } else {
            for (let i = 0; i < more.length; i++) push(lines, more[i]);
          }
        }
        return lines[at++];
      }, () => native.closeReader(reader));
    }

    close() { native.closeReader(Output.#of(this, 'close')); }

    get [toStringTag]() { return 'ChildOutput'; }
  }

  class Input {
    #writer;

    static #of(o, name) {
      if (!isObject(o) || !(#writer in o)) {
        refuse(name, 'this', "a child's input", o);
      }
      return o.#writer;
    }

    constructor(writer) { this.#writer = writer; }

    async write(data) {
      const writer = Input.#of(this, 'write');
      checkData('write', "argument 1 'data'", data);
      await native.write(writer, data);
    }

    async close() { await native.end(Input.#of(this, 'close')); }

    async [asyncDispose]() {
      await native.end(Input.#of(this, 'Symbol.asyncDispose'));
    }

    get [toStringTag]() { return 'ChildInput'; }
  }

  // --- Children --------------------------------------------------------------

  const orNull = (part, Class) =>
    (part === undefined ? null : new Class(part));

  class Child {
    #parts;

    static #of(o, name) {
      if (!isObject(o) || !(#parts in o)) refuse(name, 'this', 'a child', o);
      return o.#parts;
    }

    constructor(parts) {
      this.#parts = parts;
      const fixed = (name, value) =>
        defineProperty(this, name, { value, enumerable: true });
      fixed('pid', native.pid(parts[0]));
      fixed('stdin', orNull(parts[1], Input));
      fixed('stdout', orNull(parts[2], Output));
      fixed('stderr', orNull(parts[3], Output));
      fixed('status', parts[4]);
    }

    get timedOut() {
      return native.isTimedOut(Child.#of(this, 'timedOut')[0]);
    }

    kill(signal = 'SIGTERM') {
      return native.kill(Child.#of(this, 'kill')[0],
        checkSignal('kill', "argument 1 'signal'", signal));
    }

    static #setRef(child, name, on) {
      const parts = Child.#of(child, name);
      for (let i = 0; i < 4; i++) {
        if (parts[i] !== undefined) native.setRef(parts[i], on);
      }
      return child;
    }

    ref() { return Child.#setRef(this, 'ref', true); }

    unref() { return Child.#setRef(this, 'unref', false); }

    async [asyncDispose]() {
      const parts = Child.#of(this, 'Symbol.asyncDispose');
      native.stop(parts[0]);
      if (parts[1] !== undefined) ignore(native.end(parts[1]));
      for (let i = 2; i < 4; i++) {
        if (parts[i] !== undefined) native.closeReader(parts[i]);
      }
      await this.status;
    }

    get [toStringTag]() { return 'Child'; }
  }

  // What nobody gets is not left running.
  function guarded(parts, make) {
    try {
      return make(parts);
    } catch (error) {
      native.kill(parts[0], 9);
      throw error;
    }
  }

  function spawn(file, args, options) {
    checkFile('spawn', "argument 1 'file'", file);
    const list = checkArgs('spawn', args);
    return guarded(begin(file, list,
      readOptions('spawn', options, IGNORE, false)), (parts) => new Child(parts));
  }

  // --- Collecting ------------------------------------------------------------

  function fail(message, code, more) {
    const error = new Error(message);
    error.code = code;
    return assign(error, more);
  }

  // All of one pipe, until `isFull(size)`; what came before stays in `to`.
  async function collect(reader, to, isFull) {
    for (;;) {
      const chunk = await native.read(reader);
      if (chunk === null) return;
      to.size += chunk.length;
      push(to.chunks, chunk);
      if (isFull(to)) return;
    }
  }

  function checkEncoding(name, v) {
    if (v === undefined || v === 'utf-8') return true;
    if (v !== 'bytes') refuse(name, option('encoding'), "'utf-8' or 'bytes'", v);
    return false;
  }

  function ignore(promise) {
    if (promise !== undefined) then(promise, undefined, () => {});
  }

  // The input is written beside the reading: both pipes may be full.
  function feed(writer, input) {
    if (writer === undefined) return;
    // A child that does not read its input says by its status what it did.
    ignore(native.write(writer, input));
    ignore(native.end(writer));
  }

  const cut = (bytes, most) =>
    (bytes.length > most ? subarray(bytes, 0, most) : bytes);

  async function exec(file, args, options) {
    checkFile('exec', "argument 1 'file'", file);
    const list = checkArgs('exec', args);
    const given = options === undefined ? {} : options;
    if (!isObject(given) || isArray(given)) {
      refuse('exec', "argument 3 'options'", 'object', options);
    }
    const { input, encoding } = given;
    const isText = checkEncoding('exec', encoding);
    const most = checkInteger('exec', 'maxBytes', given.maxBytes,
      MAX_SAFE_INTEGER, MAX_BYTES);
    if (input !== undefined) checkData('exec', option('input'), input);
    const o = readOptions('exec', given, input === undefined ? IGNORE : PIPE,
      true);
    const parts = begin(file, list, o);
    const child = parts[0], writer = parts[1], out = parts[2], err = parts[3];
    const ofOut = { chunks: [], size: 0 }, ofErr = { chunks: [], size: 0 };
    let isOver = false, ending;

    const abandon = () => {
      native.stop(child);
      native.closeReader(out);
      if (err !== undefined) native.closeReader(err);
    };
    const isFull = (to) => {
      if (to.size > most && !isOver) {
        isOver = true;
        abandon();
      }
      return isOver;
    };
    try {
      feed(writer, input);
      const first = collect(out, ofOut, isFull);
      const second = err === undefined ? undefined
        : collect(err, ofErr, isFull);
      // Of what was stopped others may have the pipes, and for ever.
      const ended = then(parts[4], (status) => {
        if (native.isTimedOut(child) || native.isAborted(child)) abandon();
        return status;
      });
      // Whichever fails first is told of; the others are no rejections.
      ignore(second);
      ignore(ended);
      await first;
      await second;
      ending = await ended;
    } catch (error) {
      abandon();
      throw error;
    }
    const show = (of) => {
      const bytes = cut(join(of.chunks, of.size), most);
      return isText ? native.decode(bytes) : bytes;
    };
    const outputs = { stdout: show(ofOut), stderr: show(ofErr) };
    if (isOver) {
      throw fail(`exec: '${file}' said more than ${most} bytes (maxBytes)`,
        'ERR_MAX_BYTES', { status: ending, ...outputs });
    }
    if (native.isAborted(child)) native.check(o.signal);
    if (native.isTimedOut(child)) {
      throw fail(`exec: '${file}' did not end within ${o.timeout} ms`,
        'ETIMEDOUT', { status: ending, ...outputs });
    }
    return { code: ending.code, signal: ending.signal, ...outputs };
  }

  // --- open and close, as popen(3) has them ------------------------------------

  const ofSystem = (message, code, errno) =>
    fail(message, code, { errno, syscall: 'open' });

  class Command {
    #parts;
    #isReader;
    #isClosed = false;
    #handler = null;
    #decoder = undefined;
    #isReading = false;
    #kept = undefined;
    #tellEnd;
    #output = new Promise((resolve) => { this.#tellEnd = resolve; });
    #isAtEnd = false;

    constructor(parts, isReader) {
      this.#parts = parts;
      this.#isReader = isReader;
      defineProperty(this, 'pid',
        { value: native.pid(parts[0]), enumerable: true });
      defineProperty(this, 'status', { value: parts[4], enumerable: true });
    }

    static #of(o, name) {
      if (!isObject(o) || !(#parts in o)) refuse(name, 'this', 'a command', o);
      return o.#parts;
    }

    kill(signal = 'SIGTERM') {
      return native.kill(Command.#of(this, 'kill')[0],
        checkSignal('kill', "argument 1 'signal'", signal));
    }

    async write(data) {
      const parts = Command.#of(this, 'write');
      if (this.#isReader) {
        throw ofSystem('write: the command was opened to be read', 'EBADF', -9);
      }
      checkData('write', "argument 1 'data'", data);
      await native.write(parts[1], data);
    }

    #tell(chunk) {
      const handler = this.#handler, decoder = this.#decoder;
      let data = chunk;

      if (decoder !== undefined && chunk !== null) data = decoder.decode(chunk);
      if (decoder !== undefined && chunk === null) {
        const rest = decoder.end();
        if (rest !== '') handler(rest);
      }
      if (data !== '') handler(data);
    }

    // One chunk after the other, for as long as there is a handler.
    async #read() {
      this.#isReading = true;
      while (this.#handler !== null && !this.#isAtEnd) {
        let chunk = this.#kept;
        this.#kept = undefined;
        try {
          if (chunk === undefined) chunk = await native.read(this.#parts[2]);
        } catch (error) {
          native.report(error);
          chunk = null;
        }
        if (this.#handler === null) {
          this.#kept = chunk;
          break;
        }
        this.#isAtEnd = chunk === null;
        try {
          this.#tell(chunk);
        } catch (error) {
          native.report(error);
        }
      }
      this.#isReading = false;
      if (this.#isAtEnd) this.#tellEnd();
    }

    static #check(name, handle) {
      if (!isObject(handle) || !(#parts in handle)) {
        refuse(name, "argument 1 'handle'", 'what open() returned', handle);
      }
      if (handle.#isClosed) {
        throw ofSystem(`${name}: the command was closed`, 'EBADF', -9);
      }
    }

    static setReadHandler(handle, handler, encoding) {
      Command.#check('setReadHandler', handle);
      if (handler !== null && typeof handler !== 'function') {
        refuse('setReadHandler', "argument 2 'handler'", 'function or null',
          handler);
      }
      if (encoding !== undefined && encoding !== 'utf-8') {
        refuse('setReadHandler', "argument 3 'encoding'", "'utf-8'", encoding);
      }
      if (!handle.#isReader) {
        throw ofSystem('setReadHandler: the command was opened to be written',
          'EBADF', -9);
      }
      handle.#handler = handler;
      handle.#decoder = encoding === undefined ? undefined : new Decoder();
      if (handler !== null && !handle.#isReading) handle.#read();
    }

    static async close(handle) {
      Command.#check('close', handle);
      handle.#isClosed = true;
      const parts = handle.#parts;
      if (handle.#isReader) {
        // What is there for a handler is told, as stdio would have flushed it.
        if (handle.#handler !== null) await handle.#output;
        native.closeReader(parts[2]);
      } else {
        try {
          await native.end(parts[1]);
        } catch {
          // Its status says why it did not read.
        }
      }
      const { code, signal } = await parts[4];
      return signal === null ? code : signal;
    }
  }

  function open(command, mode) {
    checkFile('open', "argument 1 'command'", command);
    if (typeof mode !== 'string') {
      refuse('open', "argument 2 'mode'", "'r' or 'w'", mode);
    }
    if (mode !== 'r' && mode !== 'w') {
      throw ofSystem(`open: argument 2 'mode': expected 'r' or 'w', got '${
        mode}'`, 'EINVAL', -22);
    }
    const isReader = mode === 'r';
    return guarded(begin(command, [], readOptions('open', {
      shell: true,
      stdin: isReader ? 'inherit' : 'pipe',
      stdout: isReader ? 'pipe' : 'inherit',
      stderr: 'inherit',
    }, IGNORE, false)), (parts) => new Command(parts, isReader));
  }

  return {
    close: (handle) => Command.close(handle),
    exec,
    open,
    setReadHandler(handle, handler, encoding) {
      Command.setReadHandler(handle, handler, encoding);
    },
    spawn,
  };
})
