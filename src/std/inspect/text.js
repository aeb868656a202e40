// What the inspection does with texts: quotes, numbers, keys, colours, and how
// items are laid out in lines and columns, all as node lays them out.
//
// Like all of the inspection it has no part in what a program replaces after
// it was loaded: it calls no method by its name, its lists have no prototype,
// and it writes no template, which is a call of String.prototype.concat.
(function (tools) {
  'use strict';

  const { bind, call } = Function.prototype;
  const uncurry = bind.bind(call);
  const {
    Math: { floor, max, min, round, sqrt, trunc },
    Object: { create },
    Number: { isFinite, prototype: { toString: toRadix } },
    RegExp: { prototype: { exec } },
    String,
  } = globalThis;
  const { prototype } = String;
  const { list, width, isClean, isIdentifier } = tools;
  const find = uncurry(exec);
  const codeAt = uncurry(prototype.charCodeAt);
  const slice = uncurry(prototype.slice);
  const indexOf = uncurry(prototype.indexOf);
  const padStart = uncurry(prototype.padStart);
  const padEnd = uncurry(prototype.padEnd);
  const repeat = uncurry(prototype.repeat);
  const radix = uncurry(toRadix);

  const has = (text, part) => indexOf(text, part) >= 0;
  const startsWith = (text, part) => slice(text, 0, part.length) === part;

  function push(items, v) {
    items[items.length] = v;
  }

  function join(items, between) {
    if (!items.length) return '';
    let text = items[0];
    for (let i = 1; i < items.length; i++) text += between + items[i];
    return text;
  }

  function lines(text) {
    const found = list();
    for (let from = 0;;) {
      const end = indexOf(text, '\n', from);
      push(found, end < 0 ? slice(text, from) : slice(text, from, end));
      if (end < 0) return found;
      from = end + 1;
    }
  }

  function indented(text, columns) {
    if (!columns || !has(text, '\n')) return text;
    return join(lines(text), '\n' + repeat(' ', columns));
  }

  const more = (n, word) => '... ' + n + ' more ' + word + (n > 1 ? 's' : '');

  // --- Colours ---------------------------------------------------------------

  const colors = create(null), styles = create(null);
  const pairs = [['reset', 0, 0], ['bold', 1, 22], ['dim', 2, 22],
    ['italic', 3, 23], ['underline', 4, 24], ['blink', 5, 25],
    ['inverse', 7, 27], ['hidden', 8, 28], ['strikethrough', 9, 29],
    ['doubleunderline', 21, 24], ['framed', 51, 54], ['overlined', 53, 55]];
  const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan',
    'white'];
  const onBackground = (name) =>
    'bg' + uncurry(prototype.toUpperCase)(name[0]) + slice(name, 1);
  for (let i = 0; i < pairs.length; i++) {
    colors[pairs[i][0]] = [pairs[i][1], pairs[i][2]];
  }
  for (let i = 0; i < names.length; i++) {
    const bright = i ? names[i] + 'Bright' : 'gray';
    colors[names[i]] = [30 + i, 39];
    colors[bright] = [90 + i, 39];
    colors[onBackground(names[i])] = [40 + i, 49];
    colors[onBackground(bright)] = [100 + i, 49];
  }
  styles.special = 'cyan';
  styles.number = styles.bigint = styles.boolean = 'yellow';
  styles.undefined = 'gray';
  styles.null = 'bold';
  styles.string = styles.symbol = 'green';
  styles.date = 'magenta';
  styles.regexp = 'red';
  styles.module = 'underline';

  function paint(text, style) {
    const color = colors[styles[style]];
    if (color === undefined) return text;
    return '\u001b[' + color[0] + 'm' + text + '\u001b[' + color[1] + 'm';
  }

  const paintNot = (text) => text;

  // The length of a text without what colours it.
  function visibleLength(text) {
    let length = text.length;
    for (let at = indexOf(text, '\u001b['); at >= 0;
      at = indexOf(text, '\u001b[', at)) {
      const end = indexOf(text, 'm', at) + 1;
      if (!end) break;
      length -= end - at;
      at = end;
    }
    return length;
  }

  // --- Texts and numbers -----------------------------------------------------

  const escapes = create(null);
  escapes[8] = '\\b';
  escapes[9] = '\\t';
  escapes[10] = '\\n';
  escapes[12] = '\\f';
  escapes[13] = '\\r';
  escapes[92] = '\\\\';

  function hexByte(c) {
    const digits = radix(c, 16);
    let text = c < 16 ? '\\x0' : '\\x';
    for (let i = 0; i < digits.length; i++) {
      const d = codeAt(digits, i);
      text += d < 97 ? digits[i] : 'ABCDEF'[d - 97];
    }
    return text;
  }

  // The text with its escapes; `mark` is escaped too.
  function escape(text, mark) {
    let shown = '', from = 0;
    for (let i = 0; i < text.length; i++) {
      const c = codeAt(text, i);
      let as = c === mark ? "\\'" : escapes[c];
      if (as === undefined && (c < 32 || (c > 126 && c < 160))) {
        as = hexByte(c);
      } else if (c >= 0xd800 && c <= 0xdfff) {
        const next = i + 1 < text.length ? codeAt(text, i + 1) : 0;
        if (c < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) i++;
        else as = '\\u' + radix(c, 16);
      }
      if (as === undefined) continue;
      shown += slice(text, from, i) + as;
      from = i + 1;
    }
    return shown + slice(text, from);
  }

  function quote(text) {
    if (isClean(text)) return "'" + text + "'";
    let mark = "'";
    if (has(text, "'")) {
      if (!has(text, '"')) mark = '"';
      else if (!has(text, '`') && !has(text, '${')) mark = '`';
    }
    return mark + escape(text, mark === "'" ? 39 : -1) + mark;
  }

  // A long text with line ends is shown as a sum of its lines.
  function showString(c, text) {
    let tail = '';
    if (text.length > c.maxStringLength) {
      tail = more(text.length - c.maxStringLength, 'character');
      text = slice(text, 0, c.maxStringLength);
    }
    if (c.compact === true || text.length <= 16
        || text.length <= c.breakLength - c.indent - 4 || !has(text, '\n')) {
      return c.stylize(quote(text), 'string') + tail;
    }
    const shown = list();
    for (let from = 0; from < text.length;) {
      const end = indexOf(text, '\n', from) + 1 || text.length;
      push(shown, c.stylize(quote(slice(text, from, end)), 'string'));
      from = end;
    }
    return join(shown, ' +\n' + repeat(' ', c.indent + 2)) + tail;
  }

  function inThousands(digits) {
    const start = digits[0] === '-' ? 1 : 0;
    let text = '', i = digits.length;
    for (; i >= start + 4; i -= 3) text = '_' + slice(digits, i - 3, i) + text;
    return slice(digits, 0, i) + text;
  }

  function numberText(v, isSeparated) {
    const text = '' + v;
    if (!isSeparated) return v === 0 && 1 / v < 0 ? '-0' : text;
    if (!isFinite(v) || has(text, 'e')) return text;
    if (trunc(v) === v) return inThousands(text);
    const point = indexOf(text, '.');
    let fraction = '', i = point + 1;
    for (; i < text.length - 3; i += 3) fraction += slice(text, i, i + 3) + '_';
    return inThousands(slice(text, 0, point)) + '.' + fraction + slice(text, i);
  }

  function bigintText(v, isSeparated) {
    return (isSeparated ? inThousands('' + v) : '' + v) + 'n';
  }

  function showPrimitive(c, v) {
    switch (typeof v) {
      case 'string': return showString(c, v);
      case 'number':
        return c.stylize(numberText(v, c.numericSeparator), 'number');
      case 'bigint':
        return c.stylize(bigintText(v, c.numericSeparator), 'bigint');
      case 'boolean': return c.stylize(v ? 'true' : 'false', 'boolean');
      case 'symbol': return c.stylize(String(v), 'symbol');
      case 'undefined': return c.stylize('undefined', 'undefined');
      default: return c.stylize('null', 'null');
    }
  }

  function showKey(c, key, isEnumerable) {
    if (typeof key === 'symbol') {
      return '[' + c.stylize(escape(String(key), 39), 'symbol') + ']';
    }
    if (key === '__proto__') return "['__proto__']";
    if (!isEnumerable) return '[' + escape(key, 39) + ']';
    if (isIdentifier(key)) return c.stylize(key, 'name');
    return c.stylize(quote(key), 'string');
  }

  // --- Lines and columns -----------------------------------------------------

  // How many columns suit items of these widths; 1 or less for none.
  function columnsFor(c, widths, total, widest, count) {
    const cell = widest + 2;
    if (cell * 3 + c.indent >= c.breakLength
        || (total / cell <= 5 && widest > 6)) return 1;
    const bias = max(cell - 3 - sqrt(cell - total / count), 1);
    return min(round(sqrt(2.5 * bias * widths.length) / bias),
      floor((c.breakLength - c.indent) / cell), c.compact * 4, 15);
  }

  function isAllNumbers(v, count) {
    for (let i = 0; i < count; i++) {
      const d = tools.own(v, i);
      const type = d === undefined ? 'undefined' : typeof d.value;
      if (type !== 'number' && type !== 'bigint') return false;
    }
    return true;
  }

  // Long lists of short items in columns. The last item of a list that was cut
  // says so and stands alone.
  function inColumns(c, items, v) {
    const isCut = c.maxArrayLength < items.length;
    const count = isCut ? items.length - 1 : items.length;
    const widths = list(), cells = list(), rows = list();
    let total = 0, widest = 0;
    for (let i = 0; i < count; i++) {
      push(widths, width(items[i], c.colors));
      total += widths[i] + 2;
      widest = max(widest, widths[i]);
    }
    const columns = columnsFor(c, widths, total, widest, items.length);
    if (!(columns > 1)) return items;
    for (let i = 0; i < columns; i++) {
      let cell = 0;
      for (let j = i; j < count; j += columns) cell = max(cell, widths[j]);
      push(cells, cell + 2);
    }
    const isRight = v === undefined || isAllNumbers(v, items.length);
    const pad = isRight ? padStart : padEnd;
    for (let i = 0; i < count; i += columns) {
      const end = min(i + columns, count) - 1;
      let row = '';
      for (let j = i; j < end; j++) {
        row += pad(items[j] + ', ', cells[j - i] + items[j].length - widths[j]);
      }
      row += isRight
        ? pad(items[end], cells[end - i] + items[end].length - widths[end] - 2)
        : items[end];
      push(rows, row);
    }
    if (isCut) push(rows, items[count]);
    return rows;
  }

  function fits(c, items, start, base) {
    let length = items.length + start;
    if (length + items.length > c.breakLength) return false;
    for (let i = 0; i < items.length; i++) {
      length += c.colors ? visibleLength(items[i]) : items[i].length;
      if (length > c.breakLength) return false;
    }
    return !has(base, '\n');
  }

  function layOutTight(c, items, base, open, close) {
    if (fits(c, items, 0, base)) {
      return open + (base && ' ' + base) + ' ' + join(items, ', ') + ' '
        + close;
    }
    const pad = '\n' + repeat(' ', c.indent) + '  ';
    const start = base === '' && open.length === 1 ? ' '
      : (base && ' ' + base) + pad;
    return open + start + join(items, ',' + pad) + ' ' + close;
  }

  // `v` is the list whose items these are, when it is one.
  function layOut(c, items, base, open, close, isList, level, v) {
    if (c.compact === true) return layOutTight(c, items, base, open, close);
    const head = base ? base + ' ' + open : open;
    if (typeof c.compact === 'number' && c.compact >= 1) {
      const count = items.length;
      if (isList && count > 6) items = inColumns(c, items, v);
      if (c.deepest - level < c.compact && count === items.length) {
        const start = count + c.indent + open.length + base.length + 10;
        if (fits(c, items, start, base)) {
          const line = join(items, ', ');
          if (!has(line, '\n')) return head + ' ' + line + ' ' + close;
        }
      }
    }
    const pad = '\n' + repeat(' ', c.indent);
    return head + pad + '  ' + join(items, ',' + pad + '  ') + pad + close;
  }

  const add = { uncurry, find, codeAt, slice, indexOf, radix, has, startsWith,
    push, join, lines, indented, more, colors, styles, paint, paintNot,
    quote, numberText, bigintText, showPrimitive, showKey, layOut,
    padStart, repeat };
  for (const name in add) tools[name] = add[name];
})
