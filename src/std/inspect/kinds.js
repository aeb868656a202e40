// What a value is: its class, its keys, and how functions and errors are called.
(function (tools) {
  'use strict';

  const { list, classOf, own, valueOf, look, protoOf, keys: keysOf,
    proxy: proxyOf, find, codeAt, slice, indexOf, has, startsWith, push, join,
    lines, indented, uncurry, isSameBuiltin } = tools;
  const { Array: { isArray }, Error: { prototype: ErrorPrototype },
    Function: { prototype: FunctionPrototype }, DOMException,
    globalThis: program } = globalThis;
  const getter = (prototype, key) => uncurry(own(prototype, key).get);
  const sourceOf = uncurry(FunctionPrototype.toString);
  const stackGetter = own(ErrorPrototype, 'stack')?.get;
  const stackOf = stackGetter && uncurry(stackGetter);
  const { prototype: DOMPrototype } = DOMException;
  const domName = getter(DOMPrototype, 'name');
  const domMessage = getter(DOMPrototype, 'message');
  const WRITABLE = 2;

  const isObject = (v) =>
    (typeof v === 'object' && v !== null) || typeof v === 'function';

  function isInstance(v, prototype) {
    for (let p = protoOf(v); p !== null; p = protoOf(p)) {
      if (p === prototype) return true;
    }
    return false;
  }

  const nameOfFunction = (f) => {
    const name = valueOf(f, 'name');
    return typeof name === 'string' ? name
      : typeof name === 'number' ? '' + name : '';
  };

  // The names that the global object has for classes of its own.
  let builtins;

  function isBuiltin(name) {
    if (builtins === undefined) {
      builtins = { __proto__: null };
      const names = keysOf(program, true);
      for (let i = 0; i < names.length; i++) {
        if (typeof names[i] === 'string'
            && find(/^[A-Z][a-zA-Z0-9]+$/, names[i]) !== null) {
          builtins[names[i]] = true;
        }
      }
    }
    return builtins[name] === true;
  }

  function prefixOf(name, tag, fallback, size = '') {
    if (name === null) {
      return '[' + fallback + size + ': null prototype] '
        + (tag !== '' && tag !== fallback ? '[' + tag + '] ' : '');
    }
    return name + size + ' ' + (tag !== '' && tag !== name
      ? '[' + tag + '] ' : '');
  }

  function isIndexKey(key, length) {
    if (typeof key !== 'string' || key === '') return false;
    const c = codeAt(key, 0);
    if (c < 48 || c > 57) return false;
    const n = +key;
    return n < length && n % 1 === 0 && '' + n === key;
  }

  // The keys but those of the first `length` elements.
  function keysBut(v, all, length) {
    const keys = keysOf(v, all, true);
    if (length === 0 || !isIndexKey(keys[0], length)) return keys;
    const rest = list();
    for (let i = 0; i < keys.length; i++) {
      if (!isIndexKey(keys[i], length)) push(rest, keys[i]);
    }
    return rest;
  }

  // --- Functions -------------------------------------------------------------

  // Its source says so, and its prototype cannot be replaced; a method that is
  // called so has none.
  function isClass(f) {
    if (!startsWith(sourceOf(f), 'class')) return false;
    const d = own(f, 'prototype');
    return d !== undefined && (d.flags & WRITABLE) === 0;
  }

  function showFunction(f, s) {
    const { name, tag, kind } = s;
    const title = nameOfFunction(f);
    const shownTag = tag !== '' && tag !== name ? ' [' + tag + ']' : '';
    if (isClass(f)) {
      let text = '[class ' + (title || '(anonymous)');
      if (name !== null && name !== 'Function') text += ' [' + name + ']';
      text += shownTag;
      if (name === null) return text + ' extends [null prototype]]';
      const above = protoOf(f);
      const parent = above === null ? '' : nameOfFunction(above);
      return text + (parent ? ' extends ' + parent : '') + ']';
    }
    const type = kind === 'AsyncFunction' || kind === 'GeneratorFunction'
      || kind === 'AsyncGeneratorFunction' ? kind : 'Function';
    return '[' + type + (name === null ? ' (null prototype)' : '')
      + (title ? ': ' + title : ' (anonymous)') + ']'
      + (name !== null && name !== type ? ' ' + name : '') + shownTag;
  }

  // --- Errors ----------------------------------------------------------------

  // What the engine has as a getter is asked for; a getter of the program not.
  function fieldOf(e, key) {
    if (classOf(e) !== 'DOMException' || own(e, key) !== undefined) {
      return look(e, key);
    }
    return key === 'name' ? domName(e) : domMessage(e);
  }

  const textAt = (v, key) => {
    const text = fieldOf(v, key);
    return typeof text === 'string' ? text : '';
  };

  const isText = (v) => !isObject(v) && typeof v !== 'symbol';

  // What the stack of another engine begins with.
  function titleOf(e) {
    const named = fieldOf(e, 'name');
    const name = named === undefined ? 'Error' : isText(named) ? '' + named : '';
    const message = textAt(e, 'message');
    return name === '' ? message : message === '' ? name
      : name + ': ' + message;
  }

  // The stack as the program left it, not by a getter of the program. The
  // engine's own are frames only, and get their title here.
  function stackText(e) {
    let d;
    for (let p = e; p !== null && d === undefined; p = protoOf(p)) {
      d = own(p, 'stack');
    }
    let stack = d?.value;
    if (d === undefined || isSameBuiltin(d.get, stackGetter)) {
      stack = stackOf?.(e);
    }
    if (typeof stack !== 'string' || stack === '') return titleOf(e);
    let end = stack.length;
    while (end > 0 && codeAt(stack, end - 1) === 10) end--;
    stack = slice(stack, 0, end);
    return startsWith(stack, '    at ') ? titleOf(e) + '\n' + stack : stack;
  }

  // The name of its class, where the stack knows that of a builtin one only.
  function improve(stack, s, name) {
    let { length } = name;
    let fallback = 'Error';
    if (s.name === null) {
      const start = find(/^([A-Z][a-z_ A-Z0-9[\]()-]+)(?::|\n {4}at)/, stack)
        || find(/^([a-z_A-Z0-9-]*Error)$/, stack);
      fallback = start === null ? '' : start[1];
      length = fallback.length;
      fallback = fallback || 'Error';
    } else {
      if (slice(name, -5) !== 'Error' || !startsWith(stack, name)) return stack;
      const next = stack[length];
      if (stack.length !== length && next !== ':' && next !== '\n') {
        return stack;
      }
    }
    const prefix = slice(prefixOf(s.name, s.tag, fallback), 0, -1);
    if (name === prefix) return stack;
    if (!has(prefix, name)) {
      return prefix + ' [' + name + ']' + slice(stack, length);
    }
    return length === 0 ? prefix + ': ' + stack : prefix + slice(stack, length);
  }

  function framesOf(stack) {
    const start = indexOf(stack, '\n    at');
    return start < 0 ? undefined : lines(slice(stack, start + 1));
  }

  // Frames that the cause has too are counted only, when there are many.
  function withoutThoseOf(cause, frames, c) {
    const others = framesOf(stackText(cause));
    if (others === undefined) return frames;
    for (let i = 0; i < frames.length - 3; i++) {
      let j = 0;
      while (j < others.length && others[j] !== frames[i]) j++;
      let n = 0;
      while (i + n < frames.length && j + n < others.length
        && frames[i + n] === others[j + n]) n++;
      if (n <= 3) continue;
      const shown = list();
      for (let k = 0; k <= i; k++) push(shown, frames[k]);
      push(shown, c.stylize('    ... ' + (n - 2)
        + ' lines matching cause stack trace ...', 'undefined'));
      for (let k = i + n - 1; k < frames.length; k++) push(shown, frames[k]);
      return shown;
    }
    return frames;
  }

  function keysOfError(e, c, stack) {
    const all = keysBut(e, c.showHidden, 0), keys = list();
    let hasCause = false, hasErrors = false;
    for (let i = 0; i < all.length; i++) {
      const key = all[i];
      if (!c.showHidden
          && (key === 'name' || key === 'message' || key === 'stack')) {
        const { value } = own(e, key);
        if (isText(value) && has(stack, '' + value)) continue;
      }
      hasCause = hasCause || key === 'cause';
      hasErrors = hasErrors || key === 'errors';
      push(keys, key);
    }
    if (!hasCause && own(e, 'cause') !== undefined) push(keys, 'cause');
    const errors = valueOf(e, 'errors');
    if (!hasErrors && isObject(errors) && proxyOf(errors) === undefined
        && isArray(errors)) {
      push(keys, 'errors');
    }
    return keys;
  }

  function showError(e, s, c) {
    const named = fieldOf(e, 'name');
    const name = named === undefined || named === null || !isText(named)
      ? 'Error' : '' + named;
    const message = textAt(e, 'message');
    let stack = stackText(e);
    s.keys = keysOfError(e, c, stack);
    stack = improve(stack, s, name);
    const at = message ? indexOf(stack, message) : -1;
    const start = indexOf(stack, '\n    at', at < 0 ? 0 : at + message.length);
    if (start < 0) return indented('[' + stack + ']', c.indent);
    let frames = lines(slice(stack, start + 1));
    const cause = look(e, 'cause');
    if (isObject(cause) && isError(cause)) {
      frames = withoutThoseOf(cause, frames, c);
    }
    return indented(slice(stack, 0, start) + '\n' + join(frames, '\n'),
      c.indent);
  }

  const isError = (v) =>
    classOf(v) === 'Error' || classOf(v) === 'DOMException'
    || isInstance(v, ErrorPrototype);

  tools.getter = getter;
  tools.isBuiltin = isBuiltin;
  tools.isError = isError;
  tools.isIndexKey = isIndexKey;
  tools.isInstance = isInstance;
  tools.isObject = isObject;
  tools.keysBut = keysBut;
  tools.nameOfFunction = nameOfFunction;
  tools.prefixOf = prefixOf;
  tools.showError = showError;
  tools.showFunction = showFunction;
  tools.textAt = textAt;
})
