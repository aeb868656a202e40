// How values are shown: as node's util.inspect shows them, by its rules, but
// for what would run code of the program. Getters are named and not called,
// the target of a Proxy is shown without asking its handler. Only a value's own
// method for this, [Symbol.for('nodejs.util.inspect.custom')], is called.
(function (tools) {
  'use strict';

  const {
    list, classOf, own, valueOf, look, protoOf, keys: keysOf, entries, proxy: proxyOf,
    members, member, promiseState, promiseResult, width, repeat,
    uncurry, slice, radix, push, indented, more, paint, paintNot, numberText,
    showPrimitive, showKey, layOut,
    getter, isBuiltin, isError, isIndexKey, isInstance, isObject, keysBut,
    nameOfFunction, prefixOf, showError, showFunction, textAt,
  } = tools;
  const {
    Object: { create, defineProperty, prototype: ObjectPrototype },
    Reflect: { apply },
    Array: { isArray, prototype: { sort: sortOf } },
    Function: { prototype: FunctionPrototype },
    InternalError: { prototype: InternalPrototype },
    ReferenceError: { prototype: ReferencePrototype },
    TypeError: { prototype: TypePrototype },
    ArrayBuffer: { isView },
    Math: { max, min },
    Symbol, Uint8Array,
  } = globalThis;
  const { toStringTag } = Symbol;
  const custom = Symbol.for('nodejs.util.inspect.custom');
  const typed = protoOf(Uint8Array.prototype);
  const typedTag = getter(typed, toStringTag);
  const typedLength = getter(typed, 'length');
  const typedBuffer = getter(typed, 'buffer');
  const typedBytes = getter(typed, 'byteLength');
  const typedOffset = getter(typed, 'byteOffset');
  const bufferLength = getter(ArrayBuffer.prototype, 'byteLength');
  const sharedLength = getter(SharedArrayBuffer.prototype, 'byteLength');
  const viewLength = getter(DataView.prototype, 'byteLength');
  const viewOffset = getter(DataView.prototype, 'byteOffset');
  const viewBuffer = getter(DataView.prototype, 'buffer');
  const time = uncurry(Date.prototype.getTime);
  const isoDate = uncurry(Date.prototype.toISOString);
  const regexpSource = getter(RegExp.prototype, 'source');
  const sort = uncurry(sortOf);
  const flagGetters = [['hasIndices', 'd'], ['global', 'g'],
    ['ignoreCase', 'i'], ['multiline', 'm'], ['dotAll', 's'],
    ['unicode', 'u'], ['unicodeSets', 'v'], ['sticky', 'y']];
  for (let i = 0; i < flagGetters.length; i++) {
    flagGetters[i][0] = getter(RegExp.prototype, flagGetters[i][0]);
  }
  const boxed = create(null);
  boxed.Number = uncurry(Number.prototype.valueOf);
  boxed.String = uncurry(String.prototype.valueOf);
  boxed.Boolean = uncurry(Boolean.prototype.valueOf);
  boxed.BigInt = uncurry(BigInt.prototype.valueOf);
  boxed.Symbol = uncurry(Symbol.prototype.valueOf);

  const ENUMERABLE = 4;
  const OBJECT = 0, ELEMENT = 1, OF_LIST = 2;

  const defaults = {
    __proto__: null,
    showHidden: false,
    depth: 2,
    colors: false,
    customInspect: true,
    showProxy: false,
    maxArrayLength: 100,
    maxStringLength: 10000,
    breakLength: 80,
    compact: 3,
    sorted: false,
    getters: false,
    numericSeparator: false,
  };

  const isEnumerable = (d) => (d.flags & ENUMERABLE) !== 0;

  // --- What a value is -------------------------------------------------------

  // The name of the constructor that made `v`; null when there is none. What
  // else its prototypes have goes to `inherited`, a list, unless undefined.
  function nameOf(c, v, level, inherited) {
    let first;
    for (let p = v; p !== null; p = protoOf(p)) {
      let name = '', made;
      if (p !== v && p === ObjectPrototype) name = 'Object';
      else if (p !== v && p === FunctionPrototype) name = 'Function';
      else if ((made = valueOf(p, 'constructor')) !== undefined
          && typeof made === 'function') {
        name = nameOfFunction(made);
        const prototype = valueOf(made, 'prototype');
        if (!isObject(prototype) || !isInstance(v, prototype)) name = '';
      }
      if (name !== '') {
        if (inherited !== undefined
            && (made ? first !== p || !isBuiltin(name) : first !== p)) {
          addInherited(c, v, first || v, level, inherited);
        }
        return name;
      }
      if (p === v) first = protoOf(p);
    }
    if (first === null || first === undefined
        || proxyOf(first) !== undefined) return null;
    const kind = classOf(v);
    if (level > c.depth) return kind + ' <Complex prototype>';
    const above = nameOf(c, first, level + 1, inherited);
    return kind + ' <' + (above === null ? show(plain(c), first, 0) : above)
      + '>';
  }

  // Of a prototype without a name: what it is, and nothing of its content.
  const plain = (c) => newContext({ __proto__: null, stylize: c.stylize,
    colors: c.colors, customInspect: false, depth: -1 });

  function isShownAbove(above, key) {
    for (let i = 0; i < above.length; i++) {
      if (own(above[i], key) !== undefined) return true;
    }
    return false;
  }

  // The properties of up to three prototypes of the program, no methods.
  function addInherited(c, v, p, level, items) {
    const above = list();
    push(above, v);
    for (let layer = 0; layer < 3; layer++) {
      if (layer !== 0 || p === v) {
        p = protoOf(p);
        if (p === null) return;
        const made = valueOf(p, 'constructor');
        if (typeof made === 'function' && isBuiltin(nameOfFunction(made))) {
          return;
        }
      }
      const keys = keysOf(p, true);
      push(c.seen, v);
      for (let i = 0; i < keys.length; i++) {
        if (keys[i] === 'constructor' || isShownAbove(above, keys[i])) continue;
        const d = own(p, keys[i]);
        if (d === undefined || typeof d.value === 'function') continue;
        const text = showProperty(c, v, level, keys[i], OBJECT, d);
        push(items, c.colors ? '\u001b[2m' + text + '\u001b[22m' : text);
      }
      c.seen.length--;
      push(above, p);
    }
  }

  function tagOf(c, v) {
    const tag = look(v, toStringTag);
    if (typeof tag !== 'string') return isView(v) ? typedTag(v) ?? '' : '';
    const d = own(v, toStringTag);
    return d !== undefined && (c.showHidden || isEnumerable(d)) ? '' : tag;
  }

  function generalPrefix(s) {
    return prefixOf(s.name, s.tag, s.kind === s.tag ? 'Object' : s.kind);
  }

  // --- Kinds of objects ------------------------------------------------------

  function showRegExp(v) {
    let text = '/' + regexpSource(v) + '/';
    for (let i = 0; i < flagGetters.length; i++) {
      if (flagGetters[i][0](v)) text += flagGetters[i][1];
    }
    return text;
  }

  function showBoxed(v, s, c) {
    const { kind, name, tag } = s;
    const value = boxed[kind](v);
    let text = '[' + kind + (name === kind ? ''
      : name === null ? ' (null prototype)' : ' (' + name + ')') + ': '
      + showPrimitive({ __proto__: c, stylize: paintNot }, value) + ']';
    if (tag !== '' && tag !== name) text += ' [' + tag + ']';
    return text;
  }

  // Lists and collections; false when `v` is none.
  function describeCollection(c, v, s) {
    const { kind, name, tag } = s;
    const isTyped = isView(v) && kind !== 'DataView';
    if (isTyped || isArray(v)) {
      const length = isTyped ? typedLength(v) : valueOf(v, 'length');
      s.open = name === 'Array' && tag === '' ? '['
        : prefixOf(name, tag, isTyped ? typedTag(v) : 'Array',
          '(' + length + ')') + '[';
      s.close = ']';
      s.keys = keysBut(v, c.showHidden, length);
      s.isFull = length > 0 || (isTyped && c.showHidden);
      s.isList = true;
      s.fill = isTyped ? fillTyped : fillList;
    } else if (kind === 'Map' || kind === 'Set') {
      const size = entries(v, 0)[1];
      s.open = prefixOf(name, tag, kind, '(' + size + ')') + '{';
      s.isFull = size > 0;
      s.fill = fillEntries;
    } else if (kind === 'Map Iterator' || kind === 'Set Iterator') {
      s.isFull = true;
      s.fill = fillIterator;
    } else {
      return false;
    }
    return true;
  }

  // What is shown in front of the braces, and alone when there is nothing to
  // put between them; false when `v` is no such object.
  function describeAtom(c, v, s) {
    const { kind, name, tag } = s;
    if (typeof v === 'function') {
      s.base = showFunction(v, s);
      s.style = 'special';
    } else if (name === 'Object') {
      return false;
    } else if (kind === 'RegExp' || kind === 'Date') {
      if (kind === 'RegExp') s.base = showRegExp(v);
      else s.base = time(v) === time(v) ? isoDate(v) : 'Invalid Date';
      const prefix = prefixOf(name, tag, kind);
      if (prefix !== kind + ' ') s.base = prefix + s.base;
      s.style = kind === 'Date' ? 'date' : 'regexp';
    } else if (isError(v)) {
      s.base = showError(v, s, c);
    } else if (boxed[kind]) {
      s.base = showBoxed(v, s, c);
      if (kind === 'String') {
        s.keys = keysBut(v, c.showHidden, boxed.String(v).length);
      }
      if (kind === 'Number') s.style = 'number';
      else if (kind === 'String') s.style = 'string';
      else if (kind === 'Symbol') s.style = 'symbol';
      else s.style = kind === 'BigInt' ? 'bigint' : 'boolean';
    } else {
      return false;
    }
    return true;
  }

  const fills = {
    __proto__: null,
    ArrayBuffer: fillBuffer,
    SharedArrayBuffer: fillBuffer,
    DataView: fillDataView,
    Promise: fillPromise,
    WeakSet: fillWeak,
    WeakMap: fillWeak,
  };

  function describe(c, v, s) {
    const { kind, name, tag } = s;
    if ((kind !== 'Object' || name !== 'Object')
        && (describeCollection(c, v, s) || describeAtom(c, v, s))) return;
    if (name === 'Object') {
      if (kind === 'Arguments') s.open = '[Arguments] {';
      else if (tag !== '') s.open = prefixOf(name, tag, 'Object') + '{';
    } else if (fills[kind] !== undefined) {
      s.open = prefixOf(name, tag, kind) + '{';
      s.fill = fills[kind];
      s.isFull = true;
    } else if (kind === 'Module') {
      s.open = prefixOf(name, tag, 'Module') + '{';
    } else {
      s.open = generalPrefix(s) + '{';
    }
  }

  // --- Content ---------------------------------------------------------------

  function showNested(c, v, level) {
    c.indent += 2;
    const text = show(c, v, level);
    c.indent -= 2;
    return text;
  }

  const most = (c, length) => min(max(0, c.maxArrayLength), length);
  const holes = (c, n) =>
    c.stylize('<' + n + ' empty item' + (n > 1 ? 's' : '') + '>', 'undefined');

  function fillList(c, v, s, level, items) {
    const length = valueOf(v, 'length');
    const count = most(c, length);
    for (let i = 0; i < count; i++) {
      const value = valueOf(v, i);
      if (value !== undefined) {
        push(items, showNested(c, value, level));
        continue;
      }
      const d = own(v, i);
      if (d === undefined) {
        fillSparse(c, v, level, items, i, length, count);
        return;
      }
      push(items, showProperty(c, v, level, i, ELEMENT, d));
    }
    if (length > count) push(items, more(length - count, 'item'));
  }

  // Goes on at a hole, by the keys that there are.
  function fillSparse(c, v, level, items, next, length, count) {
    const keys = keysOf(v, false);
    for (let i = next; i < keys.length && items.length < count; i++) {
      if (!isIndexKey(keys[i], length)) break;
      const at = +keys[i];
      if (at > next) {
        push(items, holes(c, at - next));
        next = at;
        if (items.length === count) break;
      }
      push(items, showProperty(c, v, level, keys[i], ELEMENT));
      next++;
    }
    if (next === length) return;
    if (items.length === count) push(items, more(length - next, 'item'));
    else push(items, holes(c, length - next));
  }

  function fillTyped(c, v, s, level, items) {
    const length = typedLength(v);
    const count = most(c, length);
    for (let i = 0; i < count; i++) push(items, showPrimitive(c, v[i]));
    if (length > count) push(items, more(length - count, 'item'));
    if (!c.showHidden) return;
    const add = (key, value) => {
      c.indent += 2;
      push(items, '[' + key + ']: ' + show(c, value, level, true));
      c.indent -= 2;
    };
    add('BYTES_PER_ELEMENT', look(v, 'BYTES_PER_ELEMENT'));
    add('length', length);
    add('byteLength', typedBytes(v));
    add('byteOffset', typedOffset(v));
    add('buffer', typedBuffer(v));
  }

  function addValues(c, found, level, items, between) {
    const step = found[0] ? 2 : 1, count = min(found.length, most(c, Infinity)
      * step + 2);
    for (let i = 2; i < count; i += step) {
      let text = showNested(c, found[i], level);
      if (step === 2) {
        const value = showNested(c, found[i + 1], level);
        text = between === undefined ? pairOf(c, text, value, level)
          : text + between + value;
      }
      push(items, text);
    }
    const shown = (count - 2) / step;
    if (found[1] > shown) push(items, more(found[1] - shown, 'item'));
  }

  function pairOf(c, key, value, level) {
    const pair = list();
    push(pair, key);
    push(pair, value);
    c.indent += 2;
    const text = layOut(c, pair, '', '[', ']', true, level);
    c.indent -= 2;
    return text;
  }

  function fillEntries(c, v, s, level, items) {
    addValues(c, entries(v, most(c, Infinity)), level, items, ' => ');
  }

  function fillIterator(c, v, s, level, items) {
    const found = entries(v, most(c, Infinity));
    let tag = s.tag;
    if (tag !== s.kind) tag = tag === '' ? s.kind : tag + '] [' + s.kind;
    if (found[0]) tag = slice(tag, 0, -8) + 'Entries';
    s.open = '[' + tag + '] {';
    addValues(c, found, level, items);
  }

  function fillWeak(c, v, s, level, items) {
    if (!c.showHidden) {
      push(items, c.stylize('<items unknown>', 'special'));
      return;
    }
    addValues(c, entries(v, most(c, Infinity)), level, items, ' => ');
    if (!c.sorted) sort(items);
  }

  function fillPromise(c, v, s, level, items) {
    const state = promiseState(v);
    if (state === 0) {
      push(items, c.stylize('<pending>', 'special'));
      return;
    }
    const text = showNested(c, promiseResult(v), level);
    push(items, state === 1 ? text
      : c.stylize('<rejected>', 'special') + ' ' + text);
  }

  const property = (c, level, name, value) =>
    c.stylize(name, 'name') + ': ' + showNested(c, value, level);

  function bytesOf(c, buffer) {
    const bytes = new Uint8Array(buffer), n = typedLength(bytes);
    const count = most(c, n);
    let text = '';
    for (let i = 0; i < count; i++) {
      text += (i ? ' ' : '') + (bytes[i] < 16 ? '0' : '') + radix(bytes[i], 16);
    }
    if (n > count) text += ' ' + more(n - count, 'byte');
    return c.stylize('[Uint8Contents]', 'special') + ': <' + text + '>';
  }

  function fillBuffer(c, v, s, level, items) {
    const length = s.kind === 'ArrayBuffer' ? bufferLength(v) : sharedLength(v);
    if (!s.isOfTyped) {
      let text;
      try {
        text = bytesOf(c, v);
      } catch (e) {
        if (!isInstance(e, TypePrototype)) throw e;
        text = c.stylize('(detached)', 'special');
      }
      push(items, text);
    }
    push(items, property(c, level, 'byteLength', length));
  }

  function fillDataView(c, v, s, level, items) {
    let length = 0, offset = 0;
    try {
      length = viewLength(v);
      offset = viewOffset(v);
    } catch (e) {
      if (!isInstance(e, TypePrototype)) throw e;
      // Its buffer is gone, or too small for it.
    }
    push(items, property(c, level, 'byteLength', length));
    push(items, property(c, level, 'byteOffset', offset));
    push(items, property(c, level, 'buffer', viewBuffer(v)));
  }

  // --- Properties ------------------------------------------------------------

  function showAccessor(c, v, level, d) {
    const label = d.get === undefined ? 'Setter'
      : d.set === undefined ? 'Getter' : 'Getter/Setter';
    const { getters } = c;
    if (d.get === undefined || !(getters === true
        || (getters === 'get' && d.set === undefined)
        || (getters === 'set' && d.set !== undefined))) {
      return c.stylize('[' + label + ']', 'special');
    }
    // The program asked for it.
    let text;
    try {
      const value = apply(d.get, v, []);
      c.indent += 2;
      if (typeof value === 'object' && value !== null) {
        text = c.stylize('[' + label + ']', 'special') + ' '
          + show(c, value, level);
        c.indent -= 2;
        return text;
      }
      text = show(c, value, level);
      c.indent -= 2;
    } catch (e) {
      text = '<Inspection threw (' + textAt(e, 'message') + ')>';
    }
    return c.stylize('[' + label + ':', 'special') + ' ' + text
      + c.stylize(']', 'special');
  }

  function showProperty(c, v, level, key, type, d = own(v, key)) {
    if (d === undefined) return '';
    let text, between = ' ';
    if (d.get !== undefined || d.set !== undefined) {
      text = showAccessor(c, v, level, d);
    } else if (d.value === undefined) {
      text = c.stylize('undefined', 'undefined');
    } else {
      const step = c.compact === true && type === OBJECT ? 3 : 2;
      c.indent += step;
      text = show(c, d.value, level);
      if (step === 3 && c.breakLength < width(text, c.colors)) {
        between = '\n' + repeat(' ', c.indent);
      }
      c.indent -= step;
    }
    return type === ELEMENT ? text
      : showKey(c, key, isEnumerable(d)) + ':' + between + text;
  }

  function addProperties(c, v, s, level, items) {
    const type = s.isList ? OF_LIST : OBJECT;
    for (let i = 0; i < s.keys.length; i++) {
      const key = s.keys[i];
      let text;
      let value;
      if (!c.showHidden && s.kind !== 'Error' && s.kind !== 'Module'
          && c.compact !== true
          && (value = valueOf(v, key)) !== undefined) {
        // As most are: enumerable, and with a value.
        text = showKey(c, key, true) + ': ' + showNested(c, value, level);
      } else if (s.kind !== 'Module') {
        text = showProperty(c, v, level, key, type);
      } else {
        let d;
        try {
          d = own(v, key);
        } catch (e) {
          if (!isInstance(e, ReferencePrototype)) throw e;
        }
        text = d !== undefined ? showProperty(c, v, level, key, type, d)
          : showKey(c, key, true) + ': '
            + c.stylize('<uninitialized>', 'special');
      }
      push(items, text);
    }
  }

  const isFatal = (e) => isOverflow(e) || !isObject(e)
    || isInstance(e, InternalPrototype);

  // Of a container that no call may use: it cannot be asked for anything.
  function attempt(ask, otherwise) {
    try {
      return ask();
    } catch (e) {
      if (isFatal(e)) throw e;
      return otherwise;
    }
  }

  // What an instance of a native class has in C; nothing of one that no call
  // may use.
  function addMembers(c, v, names, level, items) {
    if (names[0] !== 0) {
      push(items, c.stylize(names[0] === 1 ? '<disposed>' : '<in use>',
        'special'));
    }
    for (let i = 1; i < names.length; i++) {
      let text;
      try {
        text = showNested(c, member(v, i - 1), level);
      } catch (e) {
        if (isFatal(e)) throw e;
        text = '<Inspection threw (' + textAt(e, 'message') + ')>';
      }
      push(items, showKey(c, names[i], true) + ': ' + text);
    }
  }

  // --- Objects ---------------------------------------------------------------

  function referenceTo(c, v) {
    for (let i = 0; i < c.circular.length; i++) {
      if (c.circular[i] === v) return i + 1;
    }
    push(c.circular, v);
    return c.circular.length;
  }

  const isOverflow = (e) => isObject(e) && classOf(e) === 'Error'
    && look(e, 'message') === 'Maximum call stack size exceeded';

  function showObject(c, v, level, isOfTyped) {
    const inherited = c.showHidden && level <= c.depth ? list() : undefined;
    let kind = classOf(v), names;
    if (kind === 'Instance') {
      kind = 'Object';
      names = members(v);
    }
    const isUsable = names === undefined || names[0] === 0;
    const s = { name: isUsable ? nameOf(c, v, level, inherited)
      : attempt(() => nameOf(c, v, level, inherited), null),
    kind, tag: tagOf(c, v), open: '{', close: '}', base: '', style: '',
    keys: undefined, fill: undefined,
    isFull: names !== undefined && (!isUsable || names.length > 1),
    isList: false, isOfTyped };
    describe(c, v, s);
    if (s.keys === undefined) {
      s.keys = isUsable ? keysBut(v, c.showHidden, 0)
        : attempt(() => keysBut(v, c.showHidden, 0), list());
    }
    const hasMore = inherited !== undefined && inherited.length > 0;
    if (isOfTyped && s.fill === fillBuffer && !s.keys.length && !hasMore) {
      return s.open + ' byteLength: ' + numberText(bufferLength(v)) + ' }';
    }
    if (!s.keys.length && !s.isFull && !hasMore) {
      return s.base ? (s.style ? c.stylize(s.base, s.style) : s.base)
        : s.open + s.close;
    }
    if (level > c.depth) {
      if (s.kind === 'RegExp') return c.stylize(s.base, 'regexp');
      const short = slice(generalPrefix(s), 0, -1);
      return c.stylize(s.name === null ? short : '[' + short + ']', 'special');
    }
    const items = list();
    const { indent, seen: { length } } = c;
    push(c.seen, v);
    c.deepest = level + 1;
    try {
      if (s.fill !== undefined) s.fill(c, v, s, level + 1, items);
      if (names !== undefined) addMembers(c, v, names, level + 1, items);
      addProperties(c, v, s, level + 1, items);
    } catch (e) {
      if (!isOverflow(e)) throw e;
      c.seen.length = length;
      c.indent = indent;
      return c.stylize('[' + slice(generalPrefix(s), 0, -1) + ': Inspection '
        + 'interrupted prematurely. Maximum call stack size exceeded.]',
      'special');
    }
    if (hasMore) {
      for (let i = 0; i < inherited.length; i++) push(items, inherited[i]);
    }
    c.seen.length = length;
    return finish(c, v, s, level + 1, items);
  }

  // The part of the items that are properties, in order.
  function sortItems(c, s, items) {
    const from = s.isList ? items.length - s.keys.length : 0;
    const part = list();
    for (let i = from; i < items.length; i++) push(part, items[i]);
    if (c.sorted === true) sort(part);
    else sort(part, c.sorted);
    for (let i = 0; i < part.length; i++) items[from + i] = part[i];
  }

  const MOST_TEXT = 2 ** 27;

  function finish(c, v, s, level, items) {
    let { base, open } = s;
    for (let i = 0; i < c.circular.length; i++) {
      if (c.circular[i] !== v) continue;
      const mark = c.stylize('<ref *' + (i + 1) + '>', 'special');
      if (c.compact === true) open = mark + ' ' + open;
      else base = base === '' ? mark : mark + ' ' + base;
    }
    if (c.sorted) sortItems(c, s, items);
    const text = layOut(c, items, base, open, s.close, s.isList, level,
      s.isList ? v : undefined);
    if (text.length > 1000) {
      // What grows too large is cut from here on. Small texts count as parts
      // of larger ones.
      const spent = (c.spent[c.indent] ?? 0) + text.length;
      c.spent[c.indent] = spent;
      if (spent > MOST_TEXT) c.depth = -1;
    }
    return text;
  }

  function optionsOf(c) {
    const options = { stylize: c.stylize };
    for (const name in defaults) options[name] = c[name];
    options.depth = c.depth === Infinity ? c.isUnlimited ? null : Infinity
      : c.depth;
    if (c.user !== undefined) {
      const keys = keysOf(c.user, false);
      for (let i = 0; i < keys.length; i++) {
        if (!(keys[i] in options)) options[keys[i]] = own(c.user, keys[i]).value;
      }
    }
    return options;
  }

  // The value's own method; undefined when it has none, or is a prototype that
  // has it for others.
  function customOf(v) {
    const method = look(v, custom);
    if (typeof method !== 'function' || method === inspect) return undefined;
    const made = look(v, 'constructor');
    if (isObject(made) && valueOf(made, 'prototype') === v) return undefined;
    return method;
  }

  function showCustom(c, v, level, method) {
    const depth = c.isUnlimited ? null : c.depth - level;
    const shown = apply(method, v, [depth, optionsOf(c), inspect]);
    if (shown === v) return undefined;
    if (typeof shown !== 'string') return show(c, shown, level);
    return indented(shown, c.indent);
  }

  function showProxy(c, pair, level) {
    if (level > c.depth) return c.stylize('Proxy [Array]', 'special');
    const items = list();
    push(items, showNested(c, pair[0], level + 1));
    push(items, showNested(c, pair[1], level + 1));
    return layOut(c, items, '', 'Proxy [', ']', true, level + 1);
  }

  function show(c, v, level, isOfTyped = false) {
    if (!isObject(v)) return showPrimitive(c, v);
    for (let pair; (pair = proxyOf(v)) !== undefined; v = pair[0]) {
      if (pair === null) return c.stylize('<Revoked Proxy>', 'special');
      if (c.showProxy) return showProxy(c, pair, level);
    }
    if (c.customInspect) {
      const method = customOf(v);
      const text = method && showCustom(c, v, level, method);
      if (text !== undefined) return text;
    }
    for (let i = 0; i < c.seen.length; i++) {
      if (c.seen[i] === v) {
        return c.stylize('[Circular *' + referenceTo(c, v) + ']', 'special');
      }
    }
    return showObject(c, v, level, isOfTyped);
  }

  // --- The function ----------------------------------------------------------

  function newContext(options) {
    const c = { __proto__: null, seen: list(), circular: list(),
      spent: create(null), deepest: 0, indent: 0, stylize: paintNot,
      isUnlimited: false, user: undefined,
      showHidden: defaults.showHidden,
      depth: defaults.depth,
      colors: defaults.colors,
      customInspect: defaults.customInspect,
      showProxy: defaults.showProxy,
      maxArrayLength: defaults.maxArrayLength,
      maxStringLength: defaults.maxStringLength,
      breakLength: defaults.breakLength,
      compact: defaults.compact,
      sorted: defaults.sorted,
      getters: defaults.getters,
      numericSeparator: defaults.numericSeparator };
    if (isObject(options)) {
      const keys = keysOf(options, false);
      for (let i = 0; i < keys.length; i++) {
        const name = keys[i];
        if (name === 'stylize' || name in defaults) c[name] = options[name];
        else c.user = options;
      }
    }
    if (c.colors) c.stylize = paint;
    if (c.depth === null || c.depth === undefined) {
      c.isUnlimited = c.depth === null;
      c.depth = Infinity;
    }
    if (c.maxArrayLength === null) c.maxArrayLength = Infinity;
    if (c.maxStringLength === null) c.maxStringLength = Infinity;
    return c;
  }

  function inspect(value, options, depth, colors) {
    const c = newContext(options);
    if (typeof options === 'boolean') c.showHidden = options;
    if (depth !== undefined) {
      c.isUnlimited = depth === null;
      c.depth = depth === null ? Infinity : depth;
    }
    if (colors !== undefined) {
      c.colors = colors;
      c.stylize = colors ? paint : paintNot;
    }
    return show(c, value, 0);
  }

  inspect.custom = custom;
  inspect.colors = tools.colors;
  inspect.styles = tools.styles;
  defineProperty(inspect, 'defaultOptions', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get() { return defaults; },
    set(options) {
      const keys = keysOf(options, false);
      for (let i = 0; i < keys.length; i++) {
        if (keys[i] in defaults) defaults[keys[i]] = options[keys[i]];
      }
    },
  });
  tools.inspect = inspect;

  const withColors = { __proto__: null, colors: true };
  return (v, hasColor) =>
    show(newContext(hasColor ? withColors : undefined), v, 0);
})
