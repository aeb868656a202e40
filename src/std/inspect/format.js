// The formats of console.log: Console Standard, section 2.2, and node's.
(function (tools) {
  'use strict';

  const { inspect, look, own, protoOf, proxy: proxyOf, isBuiltin, codeAt, slice,
    numberText, bigintText } = tools;
  const { JSON: { stringify }, Number, String, Symbol: { toPrimitive },
    parseFloat, parseInt } = globalThis;

  // Has it no text of its own, but that of a builtin class?
  function hasBuiltinText(v) {
    for (let pair; (pair = proxyOf(v)) !== undefined; v = pair[0]) {
      if (pair === null) return true;
    }
    const hasText = typeof look(v, 'toString') === 'function';
    const hasValue = typeof look(v, toPrimitive) === 'function';
    if (!hasText && !hasValue) return true;
    for (let p = v; p !== null; p = protoOf(p)) {
      if (!(hasText && own(p, 'toString') !== undefined)
          && !(hasValue && own(p, toPrimitive) !== undefined)) continue;
      if (p === v) return false;
      const made = own(p, 'constructor')?.value;
      return typeof made === 'function'
        && isBuiltin(own(made, 'name')?.value);
    }
    return true;
  }

  function toText(v, options) {
    if (typeof v === 'number') return numberText(v);
    if (typeof v === 'bigint') return bigintText(v);
    if (typeof v !== 'object' || v === null || !hasBuiltinText(v)) {
      return String(v);
    }
    return inspect(v, { __proto__: null, ...options, depth: 0, colors: false });
  }

  function toNumber(v, convert) {
    if (typeof v === 'bigint') return bigintText(v);
    return typeof v === 'symbol' ? 'NaN' : numberText(convert(v));
  }

  function toJSON(v) {
    try {
      return stringify(v);
    } catch (e) {
      if (look(e, 'message') === 'circular reference') return '[Circular]';
      throw e;
    }
  }

  // The text of one specifier; null when it is none.
  function specify(letter, v, options) {
    switch (letter) {
      case 115: return toText(v, options);
      case 100: return toNumber(v, Number);
      case 105: return toNumber(v, parseInt);
      case 102:
        return typeof v === 'symbol' ? 'NaN' : numberText(parseFloat(v));
      case 106: return toJSON(v);
      case 111:
        return inspect(v, { __proto__: null, ...options, showHidden: true,
          showProxy: true, depth: 4 });
      case 79: return inspect(v, options);
      case 99: return '';
      default: return null;
    }
  }

  // What the first argument, a text, takes of the others: the text, and how
  // many arguments are used up.
  function fill(args, options) {
    const text = args[0];
    let out = '', from = 0, next = 1;
    for (let i = 0; i < text.length - 1; i++) {
      if (codeAt(text, i) !== 37) continue;
      const letter = codeAt(text, ++i);
      let as = letter === 37 ? '%' : null;
      if (as === null && next < args.length) {
        as = specify(letter, args[next], options);
        if (as !== null) next++;
      }
      if (as === null) continue;
      out += slice(text, from, i - 1) + as;
      from = i + 1;
    }
    return { out: out + slice(text, from), next };
  }

  return (how, ...args) => {
    const options = typeof how === 'boolean' ? { __proto__: null, colors: how }
      : how;
    const { out: start, next } = typeof args[0] === 'string' && args.length > 1
      ? fill(args, options) : { out: '', next: 0 };
    let out = start;
    for (let i = next; i < args.length; i++) {
      const v = args[i];
      if (i) out += ' ';
      out += typeof v === 'string' ? v : inspect(v, options);
    }
    return out;
  };
})
