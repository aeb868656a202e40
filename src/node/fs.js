// node:fs, the functions that wait.

const { Buffer } = require('node:buffer');
const path = require('node:path');
const { fileURLToPath } = require('node:url');
const { isURL } = require('internal/url');
const {
  ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE, coded,
} = require('internal/errors');
const {
  validateBoolean, validateInteger, validateObject,
} = require('internal/validators');
const { apply } = Reflect;
const { assign, create, freeze } = Object;
const { Date, Error, Number, Uint8Array, parseInt } = globalThis;
const { isView } = ArrayBuffer;
const { includes } = String.prototype;
const { test } = RegExp.prototype;

const call = (f, self, ...args) => apply(f, self, args);
const push = (list, v) => { list[list.length] = v; };

const constants = freeze({
  __proto__: null,
  UV_FS_SYMLINK_DIR: 1, UV_FS_SYMLINK_JUNCTION: 2, O_RDONLY: 0, O_WRONLY: 1,
  O_RDWR: 2, UV_DIRENT_UNKNOWN: 0, UV_DIRENT_FILE: 1, UV_DIRENT_DIR: 2,
  UV_DIRENT_LINK: 3, UV_DIRENT_FIFO: 4, UV_DIRENT_SOCKET: 5, UV_DIRENT_CHAR: 6,
  UV_DIRENT_BLOCK: 7, S_IFMT: 61440, S_IFREG: 32768, S_IFDIR: 16384,
  S_IFCHR: 8192, S_IFBLK: 24576, S_IFIFO: 4096, S_IFLNK: 40960,
  S_IFSOCK: 49152, O_CREAT: 64, O_EXCL: 128, UV_FS_O_FILEMAP: 0, O_NOCTTY: 256,
  O_TRUNC: 512, O_APPEND: 1024, O_DIRECTORY: 65536, O_NOATIME: 262144,
  O_NOFOLLOW: 131072, O_SYNC: 1052672, O_DSYNC: 4096, O_DIRECT: 16384,
  O_NONBLOCK: 2048, S_IRWXU: 448, S_IRUSR: 256, S_IWUSR: 128, S_IXUSR: 64,
  S_IRWXG: 56, S_IRGRP: 32, S_IWGRP: 16, S_IXGRP: 8, S_IRWXO: 7, S_IROTH: 4,
  S_IWOTH: 2, S_IXOTH: 1, F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1,
  UV_FS_COPYFILE_EXCL: 1, COPYFILE_EXCL: 1, UV_FS_COPYFILE_FICLONE: 2,
  COPYFILE_FICLONE: 2, UV_FS_COPYFILE_FICLONE_FORCE: 4,
  COPYFILE_FICLONE_FORCE: 4,
});

// --- Arguments -----------------------------------------------------------------------------

function toPath(value, name = 'path') {
  if (isURL(value)) value = fileURLToPath(value);
  if (typeof value !== 'string' && !(isView(value) && value instanceof Uint8Array)) {
    throw ERR_INVALID_ARG_TYPE(name, ['string', 'Buffer', 'URL'], value);
  }
  const text = typeof value === 'string' ? value
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
  if (call(includes, text, '\0')) {
    throw ERR_INVALID_ARG_VALUE(name, value,
      'must be a string, Uint8Array, or URL without null bytes');
  }
  return text;
}

const FLAGS = { __proto__: null };
for (const { 0: text, 1: flags } of [['r', 0], ['rs', 1052672], ['r+', 2],
  ['rs+', 1052674], ['w', 577], ['wx', 705], ['w+', 578], ['wx+', 706],
  ['a', 1089], ['ax', 1217], ['as', 1053761], ['a+', 1090], ['ax+', 1218],
  ['as+', 1053762]]) {
  FLAGS[text] = flags;
}
assign(FLAGS, { 'sr': FLAGS.rs, 'sr+': FLAGS['rs+'], 'xw': FLAGS.wx,
                'xw+': FLAGS['wx+'], 'xa': FLAGS.ax, 'sa': FLAGS.as,
                'xa+': FLAGS['ax+'], 'sa+': FLAGS['as+'] });

function toFlags(flags, name = 'flags') {
  if (typeof flags === 'number') {
    validateInteger(flags, name, -2147483648, 2147483647);
    return flags;
  }
  if (flags === undefined || flags === null) return 0;
  if (FLAGS[flags] === undefined) throw ERR_INVALID_ARG_VALUE(name, flags);
  return FLAGS[flags];
}

function toMode(value, name, fallback = undefined) {
  if (value === undefined || value === null) {
    if (fallback !== undefined) return fallback;
  }
  if (typeof value === 'string') {
    if (!call(test, /^[0-7]+$/, value)) {
      throw ERR_INVALID_ARG_VALUE(name, value,
        'must be a 32-bit unsigned integer or an octal string');
    }
    value = parseInt(value, 8);
  }
  validateInteger(value, name, 0, 4294967295);
  return value;
}

function toFd(fd) {
  validateInteger(fd, 'fd', 0, 2147483647);
  return fd;
}

function optionsOf(options, defaults) {
  if (options === undefined || options === null || typeof options === 'function') {
    return defaults;
  }
  if (typeof options === 'string') options = { encoding: options };
  else if (typeof options !== 'object') {
    throw ERR_INVALID_ARG_TYPE('options', ['string', 'Object'], options);
  }
  const { encoding } = options;
  if (encoding && encoding !== 'buffer' && !Buffer.isEncoding(encoding)) {
    throw ERR_INVALID_ARG_VALUE('encoding', encoding, 'is invalid encoding');
  }
  return { ...defaults, ...options };
}

const shown = (text, encoding) => (encoding === 'buffer' ? Buffer.from(text)
  : !encoding || encoding === 'utf8' || encoding === 'utf-8' ? text
    : Buffer.from(text).toString(encoding));

// --- What there is --------------------------------------------------------------------------

class Kinds {
  isDirectory() { return this._is(constants.S_IFDIR); }
  isFile() { return this._is(constants.S_IFREG); }
  isBlockDevice() { return this._is(constants.S_IFBLK); }
  isCharacterDevice() { return this._is(constants.S_IFCHR); }
  isSymbolicLink() { return this._is(constants.S_IFLNK); }
  isFIFO() { return this._is(constants.S_IFIFO); }
  isSocket() { return this._is(constants.S_IFSOCK); }
}

const NAMES = ['dev', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'blksize', 'ino',
               'size', 'blocks'];
const TIMES = ['atime', 'mtime', 'ctime', 'birthtime'];

class Stats extends Kinds {
  _is(kind) {
    return (Number(this.mode) & constants.S_IFMT) === kind;
  }
}

class BigIntStats extends Stats {}
Object.defineProperty(Kinds.prototype, '_is', {
  __proto__: null, value: undefined, enumerable: false, writable: true,
  configurable: true,
});

function statsOf(values, isBig) {
  if (values === undefined) return undefined;
  const stats = create((isBig ? BigIntStats : Stats).prototype);
  for (let i = 0; i < NAMES.length; i++) stats[NAMES[i]] = values[i];
  const ms = [];
  for (let i = 0; i < TIMES.length; i++) {
    const seconds = values[10 + 2 * i];
    const ns = values[11 + 2 * i];
    ms[i] = isBig ? seconds * 1000n + ns / 1000000n : seconds * 1000 + ns / 1e6;
    stats[`${TIMES[i]}Ms`] = ms[i];
  }
  for (let i = 0; isBig && i < TIMES.length; i++) {
    stats[`${TIMES[i]}Ns`] = values[10 + 2 * i] * 1000000000n + values[11 + 2 * i];
  }
  for (let i = 0; i < TIMES.length; i++) {
    stats[TIMES[i]] = new Date(Math.floor(Number(ms[i]) + (isBig ? 0 : 0.5)));
  }
  return stats;
}

const THROWS = 0, NO_ENTRY = 1, NO_FOLDER = 2;

function statWith(native) {
  return (file, options = { bigint: false, throwIfNoEntry: true }) => {
    const isBig = !!options.bigint;
    return statsOf(native(toPath(file), isBig, options.throwIfNoEntry === false
      ? NO_ENTRY : THROWS), isBig);
  };
}
const statSync = statWith(binding.stat);
const lstatSync = statWith(binding.lstat);

function fstatSync(fd, options = { bigint: false }) {
  const isBig = !!options.bigint;
  return statsOf(binding.fstat(toFd(fd), isBig, THROWS), isBig);
}

function existsSync(file) {
  try {
    binding.access(toPath(file), undefined, 0);
    return true;
  } catch {
    return false;
  }
}

function accessSync(file, mode = constants.F_OK) {
  file = toPath(file);
  validateInteger(mode, 'mode', 0, 7);
  binding.access(file, undefined, mode);
}

const KIND_OF = [0, constants.S_IFREG, constants.S_IFDIR, constants.S_IFLNK,
                 constants.S_IFIFO, constants.S_IFSOCK, constants.S_IFCHR,
                 constants.S_IFBLK];

class Dirent extends Kinds {
  #kind;

  constructor(name, parent, kind) {
    super();
    this.name = name;
    this.parentPath = parent;
    this.path = parent;
    this.#kind = kind;
  }

  _is(kind) {
    return this.#kind === kind;
  }
}

function readdirSync(folder, options = undefined) {
  const { encoding, withFileTypes, recursive } = optionsOf(options, {});
  folder = toPath(folder);
  if (recursive !== undefined && recursive !== null) {
    validateBoolean(recursive, 'options.recursive');
  }
  const found = [];
  const add = (at, prefix) => {
    const list = binding.readdir(at);
    const below = [];
    for (let i = 0; i < list.length; i += 2) {
      const name = list[i];
      let kind = KIND_OF[list[i + 1]];
      // Not every file system tells with the names.
      if (!kind && (withFileTypes || recursive)) {
        kind = lstatSync(path.join(at, name)).mode & constants.S_IFMT;
      }
      push(found, withFileTypes ? new Dirent(shown(name, encoding), at, kind)
        : shown(prefix + name, encoding));
      if (recursive && kind === constants.S_IFDIR) push(below, name);
    }
    for (let i = 0; i < below.length; i++) {
      add(path.join(at, below[i]), `${prefix}${below[i]}/`);
    }
  };
  add(folder, '');
  return found;
}

// --- Content -----------------------------------------------------------------------------------

function openSync(file, flags = 'r', mode = undefined) {
  return binding.open(toPath(file), toFlags(flags), toMode(mode, 'mode', 0o666));
}

function closeSync(fd) {
  binding.close(toFd(fd));
}

function toPosition(position) {
  if (position === undefined || position === null) return -1;
  if (typeof position === 'bigint') position = Number(position);
  validateInteger(position, 'position', -1);
  return position;
}

function readSync(fd, buffer, offsetOrOptions = undefined, length = undefined,
                  position = undefined) {
  toFd(fd);
  if (!isView(buffer)) {
    throw ERR_INVALID_ARG_TYPE('buffer', ['Buffer', 'TypedArray', 'DataView'],
                               buffer);
  }
  let offset = offsetOrOptions;
  if (arguments.length <= 3 && (typeof offset === 'object' || offset === undefined)) {
    ({ offset = 0, length = buffer.byteLength - offset, position = null } =
      offsetOrOptions ?? {});
  }
  if (offset === undefined) offset = 0;
  validateInteger(offset, 'offset', 0);
  if (length === undefined) length = buffer.byteLength - offset;
  length |= 0;
  if (length === 0) return 0;
  if (buffer.byteLength === 0) {
    throw ERR_INVALID_ARG_VALUE('buffer', buffer,
                                'is empty and cannot be written');
  }
  checkLength(offset, length, buffer.byteLength);
  return binding.read(fd, buffer, offset, length, toPosition(position));
}

function checkLength(offset, length, size) {
  if (length > size - offset) {
    throw ERR_OUT_OF_RANGE('length', `<= ${size - offset}`, length);
  }
  if (length < 0) throw ERR_OUT_OF_RANGE('length', '>= 0', length);
}

function checkRange(offset, length, size) {
  if (offset > size) throw ERR_OUT_OF_RANGE('offset', `<= ${size}`, offset);
  checkLength(offset, length, size);
}

function writeSync(fd, buffer, offsetOrOptions = undefined, length = undefined,
                   position = undefined) {
  toFd(fd);
  if (typeof buffer === 'string') {
    // (fd, text, position, encoding)
    const bytes = Buffer.from(buffer, typeof length === 'string' ? length : 'utf8');
    return bytes.length
      ? binding.write(fd, bytes, 0, bytes.length, toPosition(offsetOrOptions)) : 0;
  }
  if (!isView(buffer)) {
    throw ERR_INVALID_ARG_TYPE('buffer', ['string', 'Buffer', 'TypedArray',
                                          'DataView'], buffer);
  }
  let offset = offsetOrOptions;
  if (typeof offset === 'object' && offset !== null) {
    ({ offset = 0, length = buffer.byteLength - offset, position = null } =
      offsetOrOptions);
  }
  if (offset === undefined || offset === null) offset = 0;
  validateInteger(offset, 'offset', 0);
  if (typeof length !== 'number') length = buffer.byteLength - offset;
  checkRange(offset, length, buffer.byteLength);
  return binding.write(fd, buffer, offset, length, toPosition(position));
}

const CHUNK = 65536;

// All that can be read; where its size is known it is read at once.
function readAll(fd) {
  const { size } = fstatSync(fd);
  const chunks = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(size > total && size - total < 0x7fffffff
      ? size - total + 1 : CHUNK);
    const n = binding.read(fd, chunk, 0, chunk.length, -1);
    if (n === 0) break;
    push(chunks, n === chunk.length ? chunk : chunk.subarray(0, n));
    total += n;
  }
  return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, total);
}

function withFile(file, flags, mode, f) {
  if (Number.isInteger(file)) return f(toFd(file));
  const fd = binding.open(toPath(file), flags, mode);
  try {
    return f(fd);
  } finally {
    binding.close(fd);
  }
}

function readFileSync(file, options = undefined) {
  const { encoding, flag } = optionsOf(options, { flag: 'r' });
  const buffer = withFile(file, toFlags(flag), 0o666, readAll);
  return encoding && encoding !== 'buffer' ? buffer.toString(encoding) : buffer;
}

function writeFileSync(file, data, options = undefined) {
  const { encoding, mode, flag, flush } = optionsOf(options,
    { encoding: 'utf8', mode: 0o666, flag: 'w', flush: false });
  if (flush !== undefined && flush !== null) validateBoolean(flush, 'options.flush');
  if (typeof data !== 'string' && !isView(data)) {
    throw ERR_INVALID_ARG_TYPE('data', ['string', 'Buffer', 'TypedArray',
                                        'DataView'], data);
  }
  const bytes = typeof data === 'string' ? Buffer.from(data, encoding || 'utf8')
    : data;
  withFile(file, toFlags(flag || 'w'), toMode(mode, 'mode', 0o666), (fd) => {
    let at = 0;
    while (at < bytes.byteLength) {
      const left = bytes.byteLength - at;
      at += binding.write(fd, bytes, at, left < 0x7ffff000 ? left : 0x7ffff000, -1);
    }
    if (flush) binding.fsync(fd);
  });
}

function appendFileSync(file, data, options = undefined) {
  writeFileSync(file, data, { ...optionsOf(options, { encoding: 'utf8' }),
                              flag: optionsOf(options, {}).flag ?? 'a' });
}

function truncateSync(file, length = 0) {
  withFile(file, toFlags('r+'), 0o666, (fd) => ftruncateSync(fd, length));
}

function ftruncateSync(fd, length = 0) {
  validateInteger(length, 'len');
  binding.ftruncate(toFd(fd), length < 0 ? 0 : length);
}

// --- Folders -----------------------------------------------------------------------------------

const isFolder = (file) => !!statsOf(binding.stat(file, false, NO_FOLDER))
  ?.isDirectory();
const isThere = (file) => !!binding.lstat(file, false, NO_FOLDER);

function mkdirSync(folder, options = undefined) {
  let mode = 0o777;
  let recursive = false;
  if (typeof options === 'number' || typeof options === 'string') {
    mode = toMode(options, 'mode');
  } else if (options) {
    if (options.recursive !== undefined) {
      recursive = options.recursive;
      validateBoolean(recursive, 'options.recursive');
    }
    mode = toMode(options.mode, 'options.mode', 0o777);
  }
  folder = toPath(folder);
  if (!recursive) {
    binding.mkdir(folder, undefined, mode);
    return undefined;
  }
  return makeAll(path.resolve(folder), mode);
}

// The first folder that was made.
function makeAll(folder, mode) {
  if (isFolder(folder)) return undefined;
  const parent = path.dirname(folder);
  const first = parent === folder ? undefined : makeAll(parent, mode);
  try {
    binding.mkdir(folder, undefined, mode);
  } catch (error) {
    // Somebody else may have been faster.
    if (error.code === 'EEXIST' && isFolder(folder)) return first;
    throw error;
  }
  return first ?? folder;
}

function removeTree(file) {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isDirectory()) {
    binding.unlink(file);
    return;
  }
  const list = binding.readdir(file);
  for (let i = 0; i < list.length; i += 2) removeTree(path.join(file, list[i]));
  binding.rmdir(file);
}

function checkRemoval(options) {
  if (options === undefined) options = {};
  validateObject(options, 'options');
  const { force = false, recursive = false } = options;
  validateBoolean(force, 'options.force');
  validateBoolean(recursive, 'options.recursive');
  return { force, recursive };
}

function rmSync(file, options = undefined) {
  file = toPath(file);
  const { force, recursive } = checkRemoval(options);
  const stats = lstatSync(file, { throwIfNoEntry: !force });
  if (!stats) return;
  if (!stats.isDirectory()) {
    binding.unlink(file);
    return;
  }
  if (!recursive) {
    const error = coded(Error, 'ERR_FS_EISDIR',
      `Path is a directory: rm returned EISDIR (is a directory) ${file}`);
    error.name = 'SystemError';
    error.errno = 21;
    error.syscall = 'rm';
    error.path = file;
    throw error;
  }
  removeTree(file);
}

function rmdirSync(folder, options = undefined) {
  folder = toPath(folder);
  if (options?.recursive) {
    if (!isFolder(folder)) binding.rmdir(folder);
    removeTree(folder);
    return;
  }
  binding.rmdir(folder);
}

// --- Names -------------------------------------------------------------------------------------

// What is missing is named by its first part that is.
function realpathSync(file, options = undefined) {
  const { encoding } = optionsOf(options, {});
  file = toPath(file);
  try {
    return shown(binding.realpath(file), encoding);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  let at = path.resolve(file);
  let missing = at;
  while (!isThere(at) && at !== path.dirname(at)) {
    missing = at;
    at = path.dirname(at);
  }
  return binding.fail(binding.ENOENT, isThere(missing) ? 'stat' : 'lstat',
                      missing);
}
realpathSync.native = (file, options = undefined) => {
  const { encoding } = optionsOf(options, {});
  return shown(binding.realpath(toPath(file)), encoding);
};

function mkdtempSync(prefix, options = undefined) {
  const { encoding } = optionsOf(options, {});
  return shown(binding.mkdtemp(`${toPath(prefix, 'prefix')}XXXXXX`), encoding);
}

function readlinkSync(file, options = undefined) {
  const { encoding } = optionsOf(options, {});
  return shown(binding.readlink(toPath(file, 'oldPath')), encoding);
}

function copyFileSync(from, to, mode = 0) {
  from = toPath(from, 'src');
  to = toPath(to, 'dest');
  validateInteger(mode, 'mode', 0, 7);
  binding.copyFile(from, to, mode);
}

const secondsOf = (time, name) => {
  if (typeof time === 'number') return time;
  if (time instanceof Date) return time.getTime() / 1000;
  const n = typeof time === 'string' ? Number(time) : NaN;
  if (n === n) return n;
  throw ERR_INVALID_ARG_TYPE(name, ['Date', 'Time in seconds'], time);
};

module.exports = {
  Dirent,
  Stats,
  accessSync,
  appendFileSync,
  chmodSync(file, mode) {
    file = toPath(file);
    binding.chmod(file, undefined, toMode(mode, 'mode'));
  },
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fstatSync,
  fsyncSync: (fd) => binding.fsync(toFd(fd)),
  ftruncateSync,
  linkSync: (from, to) =>
    binding.link(toPath(from, 'existingPath'), toPath(to, 'newPath'), 0),
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync: (from, to) =>
    binding.rename(toPath(from, 'oldPath'), toPath(to, 'newPath'), 0),
  rmSync,
  rmdirSync,
  statSync,
  symlinkSync: (target, file) =>
    binding.symlink(toPath(target, 'target'), toPath(file), 0),
  truncateSync,
  unlinkSync: (file) => binding.unlink(toPath(file)),
  utimesSync: (file, atime, mtime) => binding.utimes(toPath(file),
    secondsOf(atime, 'time'), secondsOf(mtime, 'time')),
  writeFileSync,
  writeSync,
};
assign(module.exports, { F_OK: 0, R_OK: 4, W_OK: 2, X_OK: 1 });
