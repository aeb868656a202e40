// console, and how values are shown: as node's util.inspect shows them, by its
// algorithm, but for what would run code of the program. Getters are named and
// not called, proxies are named and not asked, and a method that the program
// has replaced since console was first used is not missed: nothing here calls
// one by its name.
(function (native) {
  'use strict';

  const { bind, call, toString: sourceOf } = Function.prototype;
  const uncurry = bind.bind(call);
  const {
    Object: { create, getOwnPropertyDescriptor, getPrototypeOf },
    Reflect: { ownKeys },
    Array: { isArray },
    ArrayBuffer: { isView },
    JSON: { stringify },
    Math: { floor, max, min, round, sqrt },
    Number, String, Symbol, Uint8Array, parseFloat, parseInt,
  } = globalThis;
  const getter = (prototype, key) =>
    uncurry(getOwnPropertyDescriptor(prototype, key).get);
  const typed = getPrototypeOf(Uint8Array.prototype);
  const typedTag = getter(typed, Symbol.toStringTag);
  const typedLength = getter(typed, 'length');
  const bufferLength = getter(ArrayBuffer.prototype, 'byteLength');
  const sharedLength = getter(SharedArrayBuffer.prototype, 'byteLength');
  const viewLength = getter(DataView.prototype, 'byteLength');
  const viewOffset = getter(DataView.prototype, 'byteOffset');
  const viewBuffer = getter(DataView.prototype, 'buffer');
  const mapSize = getter(Map.prototype, 'size');
  const setSize = getter(Set.prototype, 'size');
  const mapEach = uncurry(Map.prototype.forEach);
  const setEach = uncurry(Set.prototype.forEach);
  const time = uncurry(Date.prototype.getTime);
  const isoDate = uncurry(Date.prototype.toISOString);
  const stackOf = getOwnPropertyDescriptor(Error.prototype, 'stack')?.get;
  const callStackOf = stackOf && uncurry(stackOf);
  const regexpSource = getter(RegExp.prototype, 'source');
  const textOf = uncurry(sourceOf);
  const codeAt = uncurry(String.prototype.charCodeAt);
  const slice = uncurry(String.prototype.slice);
  const indexOf = uncurry(String.prototype.indexOf);
  const padStart = uncurry(String.prototype.padStart);
  const padEnd = uncurry(String.prototype.padEnd);
  const repeat = uncurry(String.prototype.repeat);
  const hex = uncurry(Number.prototype.toString);
  const { iterator, toStringTag } = Symbol;
  const flagGetters = [['hasIndices', 'd'], ['global', 'g'],
    ['ignoreCase', 'i'], ['multiline', 'm'], ['dotAll', 's'],
    ['unicode', 'u'], ['unicodeSets', 'v'], ['sticky', 'y']];
  for (const pair of flagGetters) pair[0] = getter(RegExp.prototype, pair[0]);
  const boxed = create(null);
  boxed.Number = uncurry(Number.prototype.valueOf);
  boxed.String = uncurry(String.prototype.valueOf);
  boxed.Boolean = uncurry(Boolean.prototype.valueOf);
  boxed.BigInt = uncurry(BigInt.prototype.valueOf);
  boxed.Symbol = uncurry(Symbol.prototype.valueOf);

  const WIDTH = 80, COMPACT = 3, DEPTH = 2;
  const MOST_ITEMS = 100, MOST_CHARACTERS = 10000;

  const has = (text, part) => indexOf(text, part) >= 0;
  const isObject = (v) =>
    (typeof v === 'object' && v !== null) || typeof v === 'function';
  const plural = (n, word) => `${n} more ${word}${n === 1 ? '' : 's'}`;

  function join(list, between) {
    let text = '';
    for (let i = 0; i < list.length; i++) {
      text += (i ? between : '') + list[i];
    }
    return text;
  }

  // --- Text ------------------------------------------------------------------

  const escapes = create(null);
  escapes[8] = '\\b';
  escapes[9] = '\\t';
  escapes[10] = '\\n';
  escapes[12] = '\\f';
  escapes[13] = '\\r';
  escapes[92] = '\\\\';

  function quote(text) {
    let mark = "'";
    if (has(text, "'")) {
      if (!has(text, '"')) mark = '"';
      else if (!has(text, '`') && !has(text, '${')) mark = '`';
    }
    let shown = mark, from = 0;
    for (let i = 0; i < text.length; i++) {
      const c = codeAt(text, i);
      let as = c === codeAt(mark, 0) ? `\\${mark}` : escapes[c];
      if (as === undefined && (c < 32 || (c > 126 && c < 160))) {
        as = `\\x${c < 16 ? '0' : ''}${upper(hex(c, 16))}`;
      } else if (c >= 0xd800 && c <= 0xdfff) {
        const next = i + 1 < text.length ? codeAt(text, i + 1) : 0;
        if (c < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) i++;
        else as = `\\u${hex(c, 16)}`;
      }
      if (as === undefined) continue;
      shown += slice(text, from, i) + as;
      from = i + 1;
    }
    return shown + slice(text, from) + mark;
  }

  function upper(digits) {
    let text = '';
    for (let i = 0; i < digits.length; i++) {
      const c = codeAt(digits, i);
      text += c < 97 ? digits[i] : 'ABCDEF'[c - 97];
    }
    return text;
  }

  // A long text with line ends is shown as a sum of its lines.
  function showText(text, state) {
    let tail = '';
    if (text.length > MOST_CHARACTERS) {
      tail = `... ${plural(text.length - MOST_CHARACTERS, 'character')}`;
      text = slice(text, 0, MOST_CHARACTERS);
    }
    if (text.length <= 16 || text.length <= WIDTH - state.indent - 4) {
      return quote(text) + tail;
    }
    const lines = [];
    for (let from = 0; from < text.length;) {
      const end = indexOf(text, '\n', from) + 1 || text.length;
      lines[lines.length] = quote(slice(text, from, end));
      from = end;
    }
    return join(lines, ` +\n${repeat(' ', state.indent + 2)}`) + tail;
  }

  function showPrimitive(v) {
    switch (typeof v) {
      case 'bigint': return `${v}n`;
      case 'number': return v === 0 && 1 / v < 0 ? '-0' : `${v}`;
      default: return String(v);
    }
  }

  function isIdentifier(text) {
    for (let i = 0; i < text.length; i++) {
      const c = codeAt(text, i);
      const isLetter = c === 95 || (c >= 65 && c <= 90)
        || (c >= 97 && c <= 122);
      if (!isLetter && !(i && c >= 48 && c <= 57)) return false;
    }
    return text.length > 0;
  }

  function showKey(key, isEnumerable) {
    if (typeof key === 'symbol') return `[${String(key)}]`;
    if (!isEnumerable) return `[${key}]`;
    if (key === '__proto__') return "['__proto__']";
    return isIdentifier(key) ? key : quote(key);
  }

  // --- Looking without touching ----------------------------------------------

  // The data property `key` of an object or of its prototypes.
  function look(v, key) {
    for (let p = v; p !== null && native.classOf(p) !== 'Proxy';
      p = getPrototypeOf(p)) {
      const d = getOwnPropertyDescriptor(p, key);
      if (d) return d.value;
    }
    return undefined;
  }

  function isInstance(v, constructor) {
    const prototype = getOwnPropertyDescriptor(constructor, 'prototype')?.value;
    for (let p = v; p !== null && native.classOf(p) !== 'Proxy';) {
      p = getPrototypeOf(p);
      if (p === prototype) return p !== null;
    }
    return false;
  }

  // The name of the constructor that made `v`; null when there is none.
  function constructorOf(v) {
    for (let p = v; p !== null && native.classOf(p) !== 'Proxy';
      p = getPrototypeOf(p)) {
      const made = getOwnPropertyDescriptor(p, 'constructor')?.value;
      if (typeof made !== 'function'
          || native.classOf(made) === 'Proxy') continue;
      const name = getOwnPropertyDescriptor(made, 'name')?.value;
      if (typeof name === 'string' && name
          && isInstance(v, made)) return name;
    }
    return null;
  }

  function tagOf(v) {
    if (getOwnPropertyDescriptor(v, toStringTag)?.enumerable) return '';
    const tag = look(v, toStringTag);
    return typeof tag === 'string' ? tag : '';
  }

  function prefixOf(name, tag, fallback, size = '') {
    if (name === null) {
      return `[${fallback}${size}: null prototype] ${
        tag && tag !== fallback ? `[${tag}] ` : ''}`;
    }
    return `${name}${size} ${tag && tag !== name ? `[${tag}] ` : ''}`;
  }

  function isIndexKey(key, length) {
    if (typeof key !== 'string' || key === '') return false;
    for (let i = 0; i < key.length; i++) {
      const c = codeAt(key, i);
      if (c < 48 || c > 57) return false;
    }
    return `${+key}` === key && +key < length;
  }

  // --- Kinds of objects ------------------------------------------------------

  function showFunction(f, kind, name, tag) {
    const own = getOwnPropertyDescriptor(f, 'name')?.value;
    const title = typeof own === 'string' ? own : '';
    if (slice(textOf(f), 0, 5) === 'class') {
      let text = `[class ${title || '(anonymous)'}`;
      if (name !== null && name !== 'Function') text += ` [${name}]`;
      if (tag && tag !== name) text += ` [${tag}]`;
      if (name === null) return `${text} extends [null prototype]]`;
      const above = getPrototypeOf(f);
      const parent = native.classOf(above) === 'Proxy' ? undefined
        : getOwnPropertyDescriptor(above, 'name')?.value;
      return `${text}${typeof parent === 'string' && parent
        ? ` extends ${parent}` : ''}]`;
    }
    const type = kind === 'AsyncFunction' || kind === 'GeneratorFunction'
      || kind === 'AsyncGeneratorFunction' ? kind : 'Function';
    let text = `[${type}${name === null ? ' (null prototype)' : ''}${
      title ? `: ${title}` : ' (anonymous)'}]`;
    if (name !== null && name !== type) text += ` ${name}`;
    if (tag && tag !== name) text += ` [${tag}]`;
    return text;
  }

  function showError(e, name, state) {
    const text = (key) => {
      const v = look(e, key);
      return typeof v === 'string' ? v : '';
    };
    let title = text('name') || 'Error';
    if (title === 'Error' && name !== null) title = name;
    const message = text('message');
    if (message) title += `: ${message}`;
    let stack = textOfStack(e);
    while (stack && stack[stack.length - 1] === '\n') {
      stack = slice(stack, 0, -1);
    }
    if (!stack) return `[${title}]`;
    return indentLines(`${title}\n${stack}`, state.indent);
  }

  // An own property, or what the engine says; not a getter of the program.
  function textOfStack(e) {
    for (let p = e; p !== null && native.classOf(p) !== 'Proxy';
      p = getPrototypeOf(p)) {
      const d = getOwnPropertyDescriptor(p, 'stack');
      if (!d) continue;
      const stack = d.get && d.get === stackOf ? callStackOf(e) : d.value;
      return typeof stack === 'string' ? stack : '';
    }
    return '';
  }

  function indentLines(text, indent) {
    if (!indent) return text;
    let shown = '';
    for (let from = 0; from < text.length;) {
      const end = indexOf(text, '\n', from) + 1 || text.length;
      shown += (from ? repeat(' ', indent) : '') + slice(text, from, end);
      from = end;
    }
    return shown;
  }

  function showRegExp(v) {
    let text = `/${regexpSource(v)}/`;
    for (let i = 0; i < flagGetters.length; i++) {
      if (flagGetters[i][0](v)) text += flagGetters[i][1];
    }
    return text;
  }

  function showBytes(buffer) {
    const bytes = new Uint8Array(buffer), n = typedLength(bytes);
    let text = '';
    for (let i = 0; i < n && i < MOST_ITEMS; i++) {
      text += `${i ? ' ' : ''}${bytes[i] < 16 ? '0' : ''}${hex(bytes[i], 16)}`;
    }
    if (n > MOST_ITEMS) text += ` ... ${plural(n - MOST_ITEMS, 'byte')}`;
    return `[Uint8Contents]: <${text}>`;
  }

  // --- Entries ---------------------------------------------------------------

  function add(items, text) {
    items[items.length] = text;
  }

  function showNested(v, state) {
    state.indent += 2;
    const text = show(v, state);
    state.indent -= 2;
    return text;
  }

  function showValueOf(d, state) {
    if ('value' in d) return showNested(d.value, state);
    if (d.get) return d.set ? '[Getter/Setter]' : '[Getter]';
    return d.set ? '[Setter]' : 'undefined';
  }

  function addElements(items, v, length, state) {
    let next = 0, shown = 0;
    const addHoles = (n) => {
      add(items, `<${n} empty item${n === 1 ? '' : 's'}>`);
    };
    for (let i = 0; i < length && shown < MOST_ITEMS; i++) {
      const d = getOwnPropertyDescriptor(v, i);
      if (!d) {
        if (i - next < 1e6) continue;
        // A long gap: its end is the next key that there is.
        i = nextIndex(v, i, length) - 1;
        continue;
      }
      if (i > next) {
        addHoles(i - next);
        if (++shown === MOST_ITEMS) { next = i; break; }
      }
      add(items, showValueOf(d, state));
      shown++;
      next = i + 1;
    }
    if (next === length) return;
    if (shown < MOST_ITEMS) addHoles(length - next);
    else add(items, `... ${plural(length - next, 'item')}`);
  }

  function nextIndex(v, from, length) {
    const keys = ownKeys(v);
    for (let i = 0; i < keys.length; i++) {
      if (isIndexKey(keys[i], length) && +keys[i] >= from) return +keys[i];
    }
    return length;
  }

  function addEntries(items, v, isMap, state) {
    const size = isMap ? mapSize(v) : setSize(v);
    let count = 0;
    const each = (value, key) => {
      if (count++ >= MOST_ITEMS) return;
      const text = showNested(value, state);
      add(items, isMap ? `${showNested(key, state)} => ${text}` : text);
    };
    if (isMap) mapEach(v, each);
    else setEach(v, each);
    if (size > MOST_ITEMS) {
      add(items, `... ${plural(size - MOST_ITEMS, 'item')}`);
    }
  }

  // Long lists of short items in columns.
  function inColumns(items, v, state) {
    const count = items.length > MOST_ITEMS ? MOST_ITEMS : items.length;
    let total = 0, longest = 0;
    for (let i = 0; i < count; i++) {
      total += items[i].length + 2;
      longest = max(longest, items[i].length);
    }
    const widest = longest + 2;
    if (widest * 3 + state.indent >= WIDTH
        || (total / widest <= 5 && longest > 6)) return items;
    const bias = max(widest - 3 - sqrt(widest - total / items.length), 1);
    const columns = min(round(sqrt(2.5 * bias * count) / bias),
      floor((WIDTH - state.indent) / widest), COMPACT * 4, 15);
    if (columns <= 1) return items;
    const widths = [];
    for (let i = 0; i < columns; i++) {
      let width = 0;
      for (let j = i; j < count; j += columns) {
        width = max(width, items[j].length);
      }
      widths[i] = width + 2;
    }
    let pad = padStart;
    for (let i = 0; i < items.length; i++) {
      const type = typeof getOwnPropertyDescriptor(v, i)?.value;
      if (type !== 'number' && type !== 'bigint') {
        pad = padEnd;
        break;
      }
    }
    const lines = [];
    for (let i = 0; i < count; i += columns) {
      const end = min(i + columns, count) - 1;
      let line = '';
      for (let j = i; j < end; j++) line += pad(`${items[j]}, `, widths[j - i]);
      line += pad === padStart ? pad(items[end], widths[end - i] - 2)
        : items[end];
      add(lines, line);
    }
    if (count < items.length) add(lines, items[count]);
    return lines;
  }

  function layOut(items, base, open, close, isList, v, level, state) {
    const count = items.length;
    if (isList && count > 6) items = inColumns(items, v, state);
    const head = base ? `${base} ${open}` : open;
    if (state.deepest - level < COMPACT && count === items.length) {
      let length = count * 2 + state.indent + open.length + base.length + 10;
      for (let i = 0; i < count; i++) length += items[i].length;
      const line = join(items, ', ');
      if (length <= WIDTH && !has(base, '\n') && !has(line, '\n')) {
        return `${head} ${line} ${close}`;
      }
    }
    const pad = `\n${repeat(' ', state.indent)}`;
    return `${head}${pad}  ${join(items, `,${pad}  `)}${pad}${close}`;
  }

  // --- Objects ---------------------------------------------------------------

  function showObject(v, state) {
    const kind = native.classOf(v);
    if (kind === 'Proxy') return '[Proxy]';
    for (let i = 0; i < state.seen.length; i++) {
      if (state.seen[i] === v) return `[Circular *${referenceTo(v, state)}]`;
    }
    const level = state.seen.length;
    const isList = isArray(v);
    const typedName = isView(v) ? typedTag(v) : undefined;
    const isTyped = typedName !== undefined;
    const name = constructorOf(v);
    let tag = tagOf(v);
    if (tag === name) tag = '';

    // What stands in front of the braces, instead of them when there is
    // nothing to put between, and how many elements there are.
    let base = '', open = '{', close = '}', length = 0, isAtom = false;
    const keys = [], extra = [];
    if (isList || isTyped) {
      length = isList ? v.length : typedLength(v);
      if (!isList || name !== 'Array' || tag) {
        open = prefixOf(name, tag, isList ? 'Array' : typedName, `(${length})`);
      } else {
        open = '';
      }
      open += '[';
      close = ']';
    } else if (kind === 'Map' || kind === 'Set') {
      const size = kind === 'Map' ? mapSize(v) : setSize(v);
      open = `${prefixOf(name, tag, kind, `(${size})`)}{`;
    } else if (typeof v === 'function') {
      base = showFunction(v, kind, name, tag);
      isAtom = true;
    } else if (kind === 'RegExp' || kind === 'Date') {
      if (kind === 'RegExp') base = showRegExp(v);
      else base = time(v) === time(v) ? isoDate(v) : 'Invalid Date';
      const prefix = prefixOf(name, tag, kind);
      if (prefix !== `${kind} `) base = prefix + base;
      isAtom = true;
    } else if (kind === 'Error') {
      base = showError(v, name, state);
      isAtom = true;
      if (getOwnPropertyDescriptor(v, 'cause')) add(extra, 'cause');
      if (isArray(getOwnPropertyDescriptor(v, 'errors')?.value)) {
        add(extra, 'errors');
      }
    } else if (boxed[kind]) {
      const value = boxed[kind](v);
      base = `[${kind}${name === kind ? ''
        : name === null ? ' (null prototype)' : ` (${name})`}: ${
        kind === 'String' ? quote(value) : showPrimitive(value)}]`;
      if (tag) base += ` [${tag}]`;
      if (kind === 'String') length = value.length;
      isAtom = true;
    } else if (kind === 'Arguments') {
      open = '[Arguments] {';
    } else if (name === null && tag === 'Module') {
      open = '[Module: null prototype] {';
    } else if (name !== 'Object' || tag) {
      const fallback = kind === 'ArrayBuffer' || kind === 'SharedArrayBuffer'
        || kind === 'DataView' || kind === 'Promise' || kind === 'WeakMap'
        || kind === 'WeakSet' ? kind : 'Object';
      open = `${prefixOf(name, tag, fallback)}{`;
    }

    const all = ownKeys(v);
    for (let i = 0; i < all.length; i++) {
      const key = all[i];
      if (length && isIndexKey(key, length)) continue;
      if (kind === 'Error' && (key === 'name' || key === 'message'
          || key === 'stack' || key === 'cause' || key === 'errors')) continue;
      let isShown = true;
      try { isShown = getOwnPropertyDescriptor(v, key)?.enumerable; } catch {}
      if (isShown) add(keys, key);
    }
    for (let i = 0; i < extra.length; i++) add(keys, extra[i]);

    const isFull = kind === 'Promise' || kind === 'WeakMap'
      || kind === 'WeakSet'
      || kind === 'ArrayBuffer' || kind === 'SharedArrayBuffer'
      || kind === 'DataView' || ((isList || isTyped) && length > 0)
      || (kind === 'Map' && mapSize(v) > 0)
      || (kind === 'Set' && setSize(v) > 0);
    if (keys.length === 0 && !isFull) {
      return isAtom ? base : `${open}${close}`;
    }
    if (level > state.depth) {
      if (kind === 'RegExp' || kind === 'Date') return base;
      const short = slice(prefixOf(name, tag, 'Object'), 0, -1);
      return name === null ? short : `[${short}]`;
    }

    state.seen[level] = v;
    state.deepest = level;
    const items = [];
    addContent(items, v, kind, isTyped, length, state);
    for (let i = 0; i < keys.length; i++) {
      let text;
      let isEnumerable = true;
      try {
        const d = getOwnPropertyDescriptor(v, keys[i]);
        if (!d) continue;
        isEnumerable = d.enumerable;
        text = showValueOf(d, state);
      } catch {
        text = '<uninitialized>';
      }
      add(items, `${showKey(keys[i], isEnumerable)}: ${text}`);
    }
    state.seen.length = level;
    for (let i = 0; i < state.circular.length; i++) {
      if (state.circular[i] !== v) continue;
      const mark = `<ref *${i + 1}>`;
      base = base ? `${mark} ${base}` : mark;
    }
    return layOut(items, base, open, close, isList || isTyped, v, level, state);
  }

  // What is between the braces and no property.
  function addContent(items, v, kind, isTyped, length, state) {
    if (isTyped || isArray(v)) {
      addElements(items, v, length, state);
    } else if (kind === 'Map' || kind === 'Set') {
      addEntries(items, v, kind === 'Map', state);
    } else if (kind === 'Promise') {
      const pair = native.promiseState(v);
      if (pair[0] === 'pending') {
        add(items, '<pending>');
      } else {
        const text = showNested(pair[1], state);
        add(items, pair[0] === 'rejected' ? `<rejected> ${text}` : text);
      }
    } else if (kind === 'WeakMap' || kind === 'WeakSet') {
      add(items, '<items unknown>');
    } else if (kind === 'ArrayBuffer' || kind === 'SharedArrayBuffer') {
      const size = kind === 'ArrayBuffer' ? bufferLength(v) : sharedLength(v);
      let bytes = '(detached)';
      try { bytes = showBytes(v); } catch { /* as its name says */ }
      add(items, bytes);
      add(items, `byteLength: ${size}`);
    } else if (kind === 'DataView') {
      add(items, `byteLength: ${viewLength(v)}`);
      add(items, `byteOffset: ${viewOffset(v)}`);
      add(items, `buffer: ${showNested(viewBuffer(v), state)}`);
    }
  }

  function referenceTo(v, state) {
    for (let i = 0; i < state.circular.length; i++) {
      if (state.circular[i] === v) return i + 1;
    }
    add(state.circular, v);
    return state.circular.length;
  }

  function show(v, state) {
    if (typeof v === 'string') return showText(v, state);
    if (!isObject(v)) return showPrimitive(v);
    const { indent, seen: { length } } = state;
    try {
      return showObject(v, state);
    } catch {
      state.indent = indent;
      state.seen.length = length;
      return '[Unreadable]';
    }
  }

  function inspect(v, depth) {
    return show(v, { seen: [], circular: [], deepest: 0, indent: 0, depth });
  }

  // --- Formats (Console Standard, section 2.2) -------------------------------

  const asNumber = (v, convert) => {
    if (typeof v === 'bigint') return `${v}n`;
    return showPrimitive(typeof v === 'symbol' || isObject(v) ? NaN
      : convert(v));
  };

  function toJSON(v) {
    try {
      return `${stringify(v)}`;
    } catch {
      return '[Circular]';
    }
  }

  // The text of one specifier; undefined when it is none.
  function specify(letter, v) {
    switch (letter) {
      case 's': return isObject(v) ? inspect(v, 0) : showPrimitive(v);
      case 'd': return asNumber(v, Number);
      case 'i': return asNumber(v, parseInt);
      case 'f': return typeof v === 'bigint' ? `${v}` : asNumber(v, parseFloat);
      case 'j': return toJSON(v);
      case 'o': return inspect(v, 4);
      case 'O': return inspect(v, DEPTH);
      case 'c': return '';
      default: return undefined;
    }
  }

  function format(args) {
    let out = '', next = 0;
    if (args.length > 1 && typeof args[0] === 'string') {
      const text = args[0];
      let from = 0;
      next = 1;
      for (let i = 0; i < text.length - 1; i++) {
        if (text[i] !== '%') continue;
        const letter = text[++i];
        let as = letter === '%' ? '%' : undefined;
        if (as === undefined && next < args.length) {
          as = specify(letter, args[next]);
          if (as !== undefined) next++;
        }
        if (as === undefined) continue;
        out += slice(text, from, i - 1) + as;
        from = i + 1;
      }
      out += slice(text, from);
    }
    for (let i = next; i < args.length; i++) {
      const v = args[i];
      if (i) out += ' ';
      out += typeof v === 'string' ? v : inspect(v, DEPTH);
    }
    return `${out}\n`;
  }

  const to = (file, name) => ({
    [name](...args) { native.write(file, format(args)); },
  })[name];

  return {
    log: to(1, 'log'),
    info: to(1, 'info'),
    debug: to(1, 'debug'),
    error: to(2, 'error'),
    warn: to(2, 'warn'),
  };
})
