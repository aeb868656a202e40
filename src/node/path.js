// node:path. Both kinds of paths are the same functions on two sets of
// separators, but for roots: those of win32 are drives and shares.
//
// No template strings here: the engine calls String.prototype.concat for them,
// which costs time and which a program may have replaced.

const { validateObject, validateString } = require('internal/validators');

const SLASH = '/';
const BACKSLASH = '\\';
const COLON = ':';
const DOT = '.';
const { apply } = Reflect;
const { slice: sliceOf, toLowerCase, toUpperCase } = String.prototype;

const slice = (s, from, to) => apply(sliceOf, s, [from, to]);
const lower = (s) => apply(toLowerCase, s, []);

const isSlash = (c) => c === SLASH;
const isSeparator = (c) => c === SLASH || c === BACKSLASH;

function isLetter(c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

function hasDrive(path) {
  return path.length >= 2 && isLetter(path[0]) &&
    path[1] === COLON;
}

// The first place from `i` that is (or is not) a separator; the length.
function skip(path, i, isSep, wanted) {
  while (i < path.length && isSep(path[i]) === wanted) i++;
  return i;
}

// What is left of '.', '..' and empty parts: the text behind a root.
function reduce(path, isAbsolute, sep, isSep) {
  const kept = [];
  let count = 0;
  let above = 0;
  for (let i = 0; i < path.length;) {
    const end = skip(path, i, isSep, false);
    const part = slice(path, i, end);
    if (part === '..') {
      if (count > above) {
        count--;
      } else if (!isAbsolute) {
        kept[count++] = part;
        above++;
      }
    } else if (part !== '' && part !== '.') {
      kept[count++] = part;
    }
    i = end + 1;
  }
  let text = '';
  for (let i = 0; i < count; i++) text += i ? sep + kept[i] : kept[i];
  return text;
}

// Where the last part of a path begins and ends behind its root: separators at
// its end do not count. `end` is -1 where there is none.
function lastPart(path, root, isSep) {
  let end = path.length;
  while (end > root && isSep(path[end - 1])) end--;
  if (end === root) return { start: root, end: -1 };
  let start = end;
  while (start > root && !isSep(path[start - 1])) start--;
  return { start, end };
}

// Where the ending of a name begins; -1 when it has none.
function endingOf(name) {
  if (name === '..') return -1;
  let i = name.length - 1;
  while (i > 0 && name[i] !== DOT) i--;
  return i > 0 ? i : -1;
}

function basename(path, suffix, root, isSep) {
  if (suffix !== undefined) validateString(suffix, 'suffix');
  validateString(path, 'path');
  if (suffix === path && path !== '') return '';
  const { start, end } = lastPart(path, root(path), isSep);
  const name = end < 0 ? '' : slice(path, start, end);
  if (suffix === undefined || suffix === '' || suffix.length > path.length) {
    return name;
  }
  const at = name.length - suffix.length;
  if (at > 0) return slice(name, at) === suffix ? slice(name, 0, at) : name;
  // As node has it: a name that is a mere end of the suffix keeps the separators
  // behind it.
  return at < 0 && slice(suffix, -at) === name ? slice(path, start) : name;
}

function extname(path, root, isSep) {
  validateString(path, 'path');
  const { start, end } = lastPart(path, root(path), isSep);
  if (end < 0) return '';
  const name = slice(path, start, end);
  const dot = endingOf(name);
  return dot < 0 ? '' : slice(name, dot);
}

function format(sep, parts) {
  validateObject(parts, 'pathObject');
  const dir = parts.dir || parts.root;
  const { ext } = parts;
  const ending = ext ? (ext[0] === '.' ? '' : '.') + ext : '';
  const base = parts.base || '' + (parts.name || '') + ending;
  if (!dir) return base;
  return dir === parts.root ? '' + dir + base : '' + dir + sep + base;
}

function fillName(result, path, { start, end }) {
  if (end < 0) return;
  const base = slice(path, start, end);
  const dot = endingOf(base);
  result.base = base;
  result.name = dot < 0 ? base : slice(base, 0, dot);
  result.ext = dot < 0 ? '' : slice(base, dot);
}

// --- posix ---------------------------------------------------------------------

const noRoot = () => 0;

const posix = {
  resolve(...args) {
    let path = '';
    let isAbsolute = false;
    for (let i = args.length - 1; i >= 0 && !isAbsolute; i--) {
      validateString(args[i], 'paths[' + i + ']');
      if (args[i] === '') continue;
      path = args[i] + '/' + path;
      isAbsolute = args[i][0] === SLASH;
    }
    if (!isAbsolute) {
      path = binding.cwd() + '/' + path;
      isAbsolute = path[0] === SLASH;
    }
    path = reduce(path, isAbsolute, '/', isSlash);
    return isAbsolute ? '/' + path : path || '.';
  },

  normalize(path) {
    validateString(path, 'path');
    if (path === '') return '.';
    const isAbsolute = path[0] === SLASH;
    const isFolder = path[path.length - 1] === SLASH;
    path = reduce(path, isAbsolute, '/', isSlash);
    if (path === '') {
      if (isAbsolute) return '/';
      return isFolder ? './' : '.';
    }
    if (isFolder) path += '/';
    return isAbsolute ? '/' + path : path;
  },

  isAbsolute(path) {
    validateString(path, 'path');
    return path[0] === SLASH;
  },

  join(...args) {
    let joined = '';
    for (let i = 0; i < args.length; i++) {
      validateString(args[i], 'path');
      if (args[i] !== '') joined += joined === '' ? args[i] : '/' + args[i];
    }
    return joined === '' ? '.' : posix.normalize(joined);
  },

  relative(from, to) {
    validateString(from, 'from');
    validateString(to, 'to');
    if (from === to) return '';
    from = posix.resolve(from);
    to = posix.resolve(to);
    if (from === to) return '';
    return relativeOf(from, to, from, to, 1, 1, '/');
  },

  toNamespacedPath(path) {
    return path;
  },

  dirname(path) {
    validateString(path, 'path');
    if (path === '') return '.';
    const isAbsolute = path[0] === SLASH;
    const end = folderEnd(path, 1, isSlash);
    if (end < 0) return isAbsolute ? '/' : '.';
    return isAbsolute && end === 1 ? '//' : slice(path, 0, end);
  },

  basename(path, suffix) {
    return basename(path, suffix, noRoot, isSlash);
  },

  extname(path) {
    return extname(path, noRoot, isSlash);
  },

  format: (parts) => format('/', parts),

  parse(path) {
    validateString(path, 'path');
    const result = { root: '', dir: '', base: '', ext: '', name: '' };
    if (path === '') return result;
    const root = path[0] === SLASH ? 1 : 0;
    if (root) result.root = '/';
    const part = lastPart(path, root, isSlash);
    fillName(result, path, part);
    result.dir = part.start > root ? slice(path, 0, part.start - 1)
      : result.root;
    return result;
  },

  sep: '/',
  delimiter: ':',
  win32: null,
  posix: null,
};

// Where the name of the folder ends that the last part is in; -1.
function folderEnd(path, from, isSep) {
  let i = path.length - 1;
  while (i >= from && isSep(path[i])) i--;
  while (i >= from && !isSep(path[i])) i--;
  return i >= from ? i : -1;
}

// From one absolute path to another, which are compared as `from` and `to`
// stand, behind `fromStart` and `toStart`; the answer is taken of `shown`.
function relativeOf(from, to, shownFrom, shown, fromStart, toStart, sep) {
  const sepCode = sep[0];
  const fromLength = from.length - fromStart;
  const toLength = to.length - toStart;
  const length = fromLength < toLength ? fromLength : toLength;
  let last = -1;
  let i = 0;
  for (; i < length; i++) {
    const c = from[fromStart + i];
    if (c !== to[toStart + i]) break;
    if (c === sepCode) last = i;
  }
  if (i === length) {
    if (toLength > length) {
      // `from` is a folder of `to`, or the root.
      if (to[toStart + i] === sepCode) {
        return slice(shown, toStart + i + 1);
      }
      if (i === 0) return slice(shown, toStart);
    } else if (fromLength > length) {
      if (from[fromStart + i] === sepCode) last = i;
      else if (i === 0) last = 0;
    }
  }
  let up = '';
  for (i = fromStart + last + 1; i <= from.length; i++) {
    if (i === from.length || from[i] === sepCode) {
      up += up === '' ? '..' : sep + '..';
    }
  }
  return up + slice(shown, toStart + last);
}

// --- win32 ---------------------------------------------------------------------

// The root of a path: { device, end, isAbsolute, isWhole }. `device` is 'C:' or
// '\\server\share', `end` where what follows begins; a share is whole where
// nothing does.
// Where asked for, "\\\\?" and "\\\\." are the root of what stands behind them.
function rootOf(path, hasDevices = false) {
  const root = { device: '', end: 0, isAbsolute: false, isWhole: false };
  if (path === '') return root;
  if (isSeparator(path[0])) {
    root.isAbsolute = true;
    root.end = 1;
    if (path.length < 2 || !isSeparator(path[1])) return root;
    const server = skip(path, 2, isSeparator, false);
    if (server === 2 || server === path.length) return root;
    const share = skip(path, server, isSeparator, true);
    if (share === path.length) return root;
    if (hasDevices && server === 3 && (path[2] === '.' || path[2] === '?')) {
      root.device = '\\\\' + path[2];
      root.end = 4;
      return root;
    }
    root.end = skip(path, share, isSeparator, false);
    root.device = '\\\\' + slice(path, 2, server) + '\\' +
      slice(path, share, root.end);
    root.isWhole = root.end === path.length;
  } else if (hasDrive(path)) {
    root.device = slice(path, 0, 2);
    root.end = 2;
    if (path.length > 2 && isSeparator(path[2])) {
      root.isAbsolute = true;
      root.end = 3;
    }
  }
  return root;
}

// Names of devices in whatever folder. As in node, those with digits that are
// raised are among them.
const reserved = { __proto__: null, CON: 1, PRN: 1, AUX: 1, NUL: 1 };
for (const name of ['COM', 'LPT']) {
  for (const digit of '123456789\xb9\xb2\xb3') reserved[name + digit] = 1;
}

// Does a path begin with one, up to a colon? Where there is none it is -1 and
// stands for the last character, as in node.
function isReserved(path, colon) {
  return reserved[apply(toUpperCase, slice(path, 0, colon), [])] === 1;
}

function find(path, c) {
  for (let i = 0; i < path.length; i++) if (path[i] === c) return i;
  return -1;
}

// Would a relative path come to name a drive or a device?
function mayBeDrive(path, tail) {
  if (hasDrive(tail)) return true;
  for (let i = 0; i < path.length; i++) {
    if (path[i] === COLON && (i === path.length - 1 ||
        isSeparator(path[i + 1]))) {
      return true;
    }
  }
  return false;
}

const drive = (path) => (hasDrive(path) ? 2 : 0);

function workingFolder(device) {
  const path = binding.cwd();
  if (device === '') return path;
  return lower(slice(path, 0, 2)) !== lower(device) &&
    path[2] === BACKSLASH ? device + '\\' : path;
}

const win32 = {
  resolve(...args) {
    let device = '';
    let tail = '';
    let isAbsolute = false;
    for (let i = args.length - 1; i >= -1; i--) {
      const path = i >= 0 ? args[i] : workingFolder(device);
      if (i >= 0) {
        validateString(path, 'paths[' + i + ']');
        if (path === '') continue;
      }
      const root = rootOf(path, true);
      if (root.device !== '') {
        if (device === '') device = root.device;
        else if (lower(root.device) !== lower(device)) continue;
      }
      if (!isAbsolute) {
        tail = slice(path, root.end) + '\\' + tail;
        isAbsolute = root.isAbsolute;
      }
      if (isAbsolute && device !== '') break;
    }
    tail = reduce(tail, isAbsolute, '\\', isSeparator);
    return isAbsolute ? device + '\\' + tail : device + tail || '.';
  },

  normalize(path) {
    validateString(path, 'path');
    if (path === '') return '.';
    const root = rootOf(path, true);
    const colon = find(path, COLON);
    const { isAbsolute, isWhole } = root;
    let { device, end } = root;
    if (device === '' && !isAbsolute && colon > 0 && isReserved(path, colon)) {
      end = colon + 1;
      device = slice(path, 0, end);
    }
    if (isWhole) return device + '\\';
    let tail = reduce(slice(path, end), isAbsolute, '\\', isSeparator);
    if (tail === '' && !isAbsolute) tail = '.';
    if (tail !== '' && isSeparator(path[path.length - 1])) tail += '\\';
    if (end === 0 && mayBeDrive(path, tail)) return '.\\' + tail;
    if (isReserved(path, colon)) return '.\\' + device + tail;
    return isAbsolute ? device + '\\' + tail : device + tail;
  },

  isAbsolute(path) {
    validateString(path, 'path');
    return rootOf(path).isAbsolute;
  },

  join(...args) {
    let joined = '';
    let first = '';
    for (let i = 0; i < args.length; i++) {
      validateString(args[i], 'path');
      if (args[i] === '') continue;
      if (joined === '') joined = first = args[i];
      else joined += '\\' + args[i];
    }
    if (joined === '') return '.';
    // Only a first argument that has the two separators of a share itself makes
    // one.
    const isShare = skip(first, 0, isSeparator, true) === 2 &&
      first.length > 2;
    if (!isShare) {
      const count = skip(joined, 0, isSeparator, true);
      if (count >= 2) joined = '\\' + slice(joined, count);
    }
    return win32.normalize(joined);
  },

  relative(from, to) {
    validateString(from, 'from');
    validateString(to, 'to');
    if (from === to) return '';
    const fromShown = win32.resolve(from);
    const toShown = win32.resolve(to);
    if (fromShown === toShown) return '';
    return relativeWin32(fromShown, toShown);
  },

  toNamespacedPath(path) {
    if (typeof path !== 'string' || path === '') return path;
    const full = win32.resolve(path);
    if (full.length <= 2) return path;
    if (full[0] === BACKSLASH && full[1] === BACKSLASH) {
      const sign = full[2];
      if (sign !== '?' && sign !== '.') return '\\\\?\\UNC\\' + slice(full, 2);
    } else if (hasDrive(full) && full[2] === BACKSLASH) {
      return '\\\\?\\' + full;
    }
    return full;
  },

  dirname(path) {
    validateString(path, 'path');
    if (path === '') return '.';
    const root = rootOf(path);
    if (root.isWhole) return path;
    // The separator behind a share is a part of it.
    const from = root.device.length > 2 ? root.end + 1 : root.end;
    const end = folderEnd(path, from, isSeparator);
    if (end >= 0) return slice(path, 0, end);
    return from === 0 ? '.' : slice(path, 0, from);
  },

  basename(path, suffix) {
    return basename(path, suffix, drive, isSeparator);
  },

  extname(path) {
    return extname(path, drive, isSeparator);
  },

  format: (parts) => format('\\', parts),

  parse(path) {
    validateString(path, 'path');
    const result = { root: '', dir: '', base: '', ext: '', name: '' };
    if (path === '') return result;
    const found = rootOf(path);
    const root = found.device.length > 2 && !found.isWhole ? found.end + 1
      : found.end;
    result.root = slice(path, 0, root);
    const part = lastPart(path, root, isSeparator);
    fillName(result, path, part);
    result.dir = part.start > root ? slice(path, 0, part.start - 1)
      : result.root;
    return result;
  },

  sep: '\\',
  delimiter: ';',
  win32: null,
  posix: null,
};

function partsOf(path) {
  const parts = [];
  let count = 0;
  for (let i = 0; i <= path.length;) {
    let end = i;
    while (end < path.length && path[end] !== BACKSLASH) end++;
    if (end > i || end < path.length) parts[count++] = slice(path, i, end);
    i = end + 1;
  }
  return parts;
}

// By parts, where lower case is longer: places in both are not the same.
function relativeByParts(fromShown, toShown) {
  const from = partsOf(fromShown);
  const to = partsOf(toShown);
  let i = 0;
  while (i < from.length && i < to.length && lower(from[i]) === lower(to[i])) {
    i++;
  }
  if (i === 0) return toShown;
  let text = '';
  for (let n = i; n < from.length; n++) text += '\\..';
  for (; i < to.length; i++) text += '\\' + to[i];
  return slice(text, 1);
}

function relativeWin32(fromShown, toShown) {
  const trim = (s) => {
    let start = 0;
    while (s[start] === BACKSLASH) start++;
    let end = s.length;
    while (end - 1 > start && s[end - 1] === BACKSLASH) end--;
    return [start, end];
  };
  const from = lower(fromShown);
  const to = lower(toShown);
  if (from === to) return '';
  if (from.length !== fromShown.length || to.length !== toShown.length) {
    return relativeByParts(fromShown, toShown);
  }
  const [fromStart, fromEnd] = trim(from);
  const [toStart, toEnd] = trim(to);
  const fromLength = fromEnd - fromStart;
  const toLength = toEnd - toStart;
  const length = fromLength < toLength ? fromLength : toLength;
  let last = -1;
  let i = 0;
  for (; i < length; i++) {
    const c = from[fromStart + i];
    if (c !== to[toStart + i]) break;
    if (c === BACKSLASH) last = i;
  }
  if (i !== length) {
    // Another drive or share.
    if (last === -1) return toShown;
  } else {
    if (toLength > length) {
      if (to[toStart + i] === BACKSLASH) {
        return slice(toShown, toStart + i + 1);
      }
      if (i === 2) return slice(toShown, toStart + i);
    }
    if (fromLength > length) {
      if (from[fromStart + i] === BACKSLASH) last = i;
      else if (i === 2) last = 3;
    }
    if (last === -1) last = 0;
  }
  let up = '';
  for (i = fromStart + last + 1; i <= fromEnd; i++) {
    if (i === fromEnd || from[i] === BACKSLASH) {
      up += up === '' ? '..' : '\\..';
    }
  }
  let start = toStart + last;
  if (up !== '') return up + slice(toShown, start, toEnd);
  if (toShown[start] === BACKSLASH) start++;
  return slice(toShown, start, toEnd);
}

posix.win32 = win32.win32 = win32;
posix.posix = win32.posix = posix;
posix._makeLong = posix.toNamespacedPath;
win32._makeLong = win32.toNamespacedPath;

module.exports = posix;
