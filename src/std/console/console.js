// console, and how values are shown (as node shows them, where it is sensible).
// Getters are named and not called, proxies are named and not asked.
(function (native) {
  'use strict';

  const {
    Object: { getOwnPropertyDescriptor, getPrototypeOf, prototype: plain },
    Reflect: { apply, ownKeys },
    Array: { isArray },
    ArrayBuffer: { isView },
    JSON: { stringify },
    Map, Set, String, Symbol, Date, RegExp, Number, Boolean, BigInt,
  } = globalThis;
  const call = (f, self, ...args) => apply(f, self, args);
  const mapEach = Map.prototype.forEach;
  const setEach = Set.prototype.forEach;
  const typedTag = getOwnPropertyDescriptor(
    getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
  const { toISOString } = Date.prototype;
  const regexpText = RegExp.prototype.toString;
  const identifier = /^[A-Za-z_$][\w$]*$/;
  const WIDTH = 76, MOST_ITEMS = 100, DEPTH = 2;

  function quote(s) {
    if (!s.includes("'")) {
      return "'" + stringify(s).slice(1, -1).replaceAll('\\"', '"') + "'";
    }
    return stringify(s);
  }

  function showKey(key) {
    if (typeof key === 'symbol') return `[${String(key)}]`;
    return identifier.test(key) ? key : quote(key);
  }

  function showPrimitive(v, isNested) {
    switch (typeof v) {
      case 'string': return isNested ? quote(v) : v;
      case 'bigint': return `${v}n`;
      case 'number': return v === 0 && 1 / v < 0 ? '-0' : String(v);
      default: return String(v);
    }
  }

  // The name of the constructor that made `v`; '' when it has no prototype.
  function nameOf(v) {
    for (let p = v; p !== null; p = getPrototypeOf(p)) {
      if (native.classOf(p) === 'Proxy') break;
      const d = getOwnPropertyDescriptor(p, 'constructor');
      if (d && typeof d.value === 'function') {
        const name = getOwnPropertyDescriptor(d.value, 'name')?.value;
        if (typeof name === 'string' && name) return name;
      }
    }
    return '';
  }

  function showFunction(f) {
    const name = getOwnPropertyDescriptor(f, 'name')?.value;
    const text = call(Function.prototype.toString, f);
    const kind = text.startsWith('class') ? 'class' : nameOf(f) || 'Function';
    if (kind === 'class') return `[class ${name || '(anonymous)'}]`;
    return typeof name === 'string' && name ? `[${kind}: ${name}]`
      : `[${kind} (anonymous)]`;
  }

  function showError(e) {
    const own = (key) => {
      for (let p = e; p !== null; p = getPrototypeOf(p)) {
        const d = getOwnPropertyDescriptor(p, key);
        if (d) return typeof d.value === 'string' ? d.value : '';
      }
      return '';
    };
    const name = own('name') || 'Error', message = own('message');
    const head = message ? `${name}: ${message}` : name;
    let stack;
    try { stack = e.stack; } catch { /* a getter of the program's own */ }
    if (typeof stack !== 'string' || !stack) return `[${head}]`;
    return `${head}\n${stack.trimEnd()}`;
  }

  // "key: value" of one own property, without calling it.
  function showProperty(v, key, isIndex, state) {
    const d = getOwnPropertyDescriptor(v, key);
    if (!d) return undefined;
    let text;
    if ('value' in d) text = show(d.value, state);
    else if (d.get) text = d.set ? '[Getter/Setter]' : '[Getter]';
    else text = '[Setter]';
    return isIndex ? text : `${showKey(key)}: ${text}`;
  }

  function isIndexKey(key, length) {
    return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key)
      && Number(key) < length;
  }

  function addItems(items, v, length, state) {
    let next = 0;
    for (let i = 0; i < length && items.length < MOST_ITEMS; i++) {
      if (getOwnPropertyDescriptor(v, i) === undefined) continue;
      if (i > next) items.push(holes(i - next));
      items.push(showProperty(v, i, true, state));
      next = i + 1;
    }
    if (next < length) {
      const rest = length - next;
      if (items.length >= MOST_ITEMS) {
        items.push(`... ${rest} more item${rest === 1 ? '' : 's'}`);
      } else {
        items.push(holes(rest));
      }
    }
  }

  function holes(n) {
    return `<${n} empty item${n === 1 ? '' : 's'}>`;
  }

  function join(open, items, close, state) {
    if (items.length === 0) return open + close;
    const line = `${open} ${items.join(', ')} ${close}`;
    if (line.length + state.indent <= WIDTH && !line.includes('\n')) return line;
    const pad = ' '.repeat(state.indent + 2);
    return `${open}\n${pad}${items.join(`,\n${pad}`)}\n${' '.repeat(state.indent)}${close}`;
  }

  function showObject(v, state) {
    const kind = native.classOf(v);
    if (kind === 'Proxy') return '[Proxy]';
    if (state.seen.includes(v)) return '[Circular]';
    if (kind === 'Error') return showError(v);

    const isList = isArray(v), isTyped = isView(v) && typeof call(typedTag, v) === 'string';
    const name = nameOf(v);
    let prefix = name === '' ? `[${kind === 'Object' ? 'Object' : kind}: null prototype] `
      : name === 'Object' || (isList && name === 'Array') ? '' : `${name} `;
    if (typeof v === 'function') prefix = showFunction(v);
    else if (kind === 'Date') {
      const time = call(Date.prototype.getTime, v);
      prefix = time === time ? call(toISOString, v) : 'Invalid Date';
    } else if (kind === 'RegExp') prefix = call(regexpText, v);
    else if (kind === 'Number' || kind === 'String' || kind === 'Boolean'
        || kind === 'BigInt' || kind === 'Symbol') {
      prefix = `[${kind}: ${showPrimitive(globalThis[kind].prototype.valueOf.call(v), true)}]`;
    }
    const isAtom = typeof v === 'function' || kind === 'Date' || kind === 'RegExp'
      || prefix.startsWith('[') && prefix.endsWith(']');

    if (state.depth > DEPTH) {
      if (isAtom) return prefix;
      return isList ? '[Array]' : `[${name || 'Object: null prototype'}]`;
    }

    state.seen.push(v);
    state.depth++;
    state.indent += 2;
    const items = [];
    let length = 0;
    if (isList || isTyped) {
      length = v.length;
      if (isTyped || name !== 'Array') prefix = `${name}(${length}) `;
      addItems(items, v, length, state);
    } else if (kind === 'Map' || kind === 'Set') {
      const isMap = kind === 'Map';
      let count = 0;
      call(isMap ? mapEach : setEach, v, (value, key) => {
        if (++count > MOST_ITEMS) return;
        items.push(isMap ? `${show(key, state)} => ${show(value, state)}`
          : show(value, state));
      });
      if (count > MOST_ITEMS) items.push(`... ${count - MOST_ITEMS} more items`);
      prefix = `${name}(${count}) `;
    } else if (kind === 'Promise') {
      const [promiseState, result] = native.promiseState(v);
      if (promiseState === 'pending') items.push('<pending>');
      else if (promiseState === 'rejected') items.push(`<rejected> ${show(result, state)}`);
      else items.push(show(result, state));
    } else if (kind === 'ArrayBuffer' || kind === 'SharedArrayBuffer') {
      items.push(`byteLength: ${v.byteLength}`);
    }
    for (const key of ownKeys(v)) {
      if ((isList || isTyped || kind === 'String') && isIndexKey(key, length || v.length)) continue;
      if (!getOwnPropertyDescriptor(v, key)?.enumerable) continue;
      items.push(showProperty(v, key, false, state));
    }
    state.indent -= 2;
    state.depth--;
    state.seen.pop();

    if (isAtom) return items.length ? join(`${prefix} {`, items, '}', state) : prefix;
    return isList || isTyped ? join(`${prefix}[`, items, ']', state)
      : join(`${prefix}{`, items, '}', state);
  }

  function show(v, state) {
    if ((typeof v !== 'object' || v === null) && typeof v !== 'function') {
      return showPrimitive(v, true);
    }
    try {
      return showObject(v, state);
    } catch (e) {
      return '[Unreadable]';
    }
  }

  function format(args) {
    let out = '';
    for (let i = 0; i < args.length; i++) {
      const v = args[i];
      if (i) out += ' ';
      out += (typeof v !== 'object' || v === null) && typeof v !== 'function'
        ? showPrimitive(v, false)
        : show(v, { seen: [], depth: 0, indent: 0 });
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
