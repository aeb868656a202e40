// The methods of console that few programs use, as the Console Standard and
// node have them. They use nothing that a program can replace once this is
// loaded.
(function (native) {
  'use strict';

  const { print, format, hasColor, now, tools, trace: method } = native;
  const { inspect, list, push, own, look, keys: keysOf, entries, uncurry,
    classOf, proxy: proxyOf, padStart, repeat, slice, indexOf } = tools;
  const { Object: { create }, Error: { captureStackTrace },
    Array: { isArray }, ArrayBuffer: { isView }, Math: { floor, max },
    Reflect: { apply }, Number, TypeError } = globalThis;
  const toFixed = uncurry(Number.prototype.toFixed);
  const OUT = 1, ERR = 2;
  const width = (text) => tools.width(text, true);

  const isObject = (v) =>
    (typeof v === 'object' && v !== null) || typeof v === 'function';
  const warn = (text) => print(ERR, 'Warning: ' + text);

  function withoutProxy(v) {
    for (let pair; (pair = proxyOf(v)) !== undefined; v = pair[0]) {
      if (pair === null) return null;
    }
    return v;
  }

  // --- Tables ----------------------------------------------------------------

  const INDEX = '(index)', ITERATION = '(iteration index)';

  function showCell(cell) {
    const v = isObject(cell) ? withoutProxy(cell) : cell;
    const isPlain = typeof v === 'object' && v !== null && !isArray(v)
      && !isView(v);
    return inspect(cell, {
      __proto__: null,
      depth: isPlain && textKeys(v).length > 2 ? -1 : 0,
      maxArrayLength: 3,
      breakLength: Infinity,
      colors: hasColor(),
    });
  }

  function showProperty(d) {
    if (d.get !== undefined) return d.set ? '[Getter/Setter]' : '[Getter]';
    return d.set !== undefined ? '[Setter]' : showCell(d.value);
  }

  function textKeys(v) {
    const all = keysOf(v, false), keys = list();
    for (let i = 0; i < all.length; i++) {
      if (typeof all[i] === 'string') push(keys, all[i]);
    }
    return keys;
  }

  function columnOf(head) {
    return { head, cells: create(null), width: width(head) };
  }

  function setCell(column, row, text) {
    column.cells[row] = text;
    column.width = max(column.width, width(text));
  }

  function drawRow(columns, textOf) {
    let text = '│';
    for (let i = 0; i < columns.length; i++) {
      const cell = textOf(columns[i]);
      text += ' ' + cell + repeat(' ', columns[i].width - width(cell)) + ' │';
    }
    return text + '\n';
  }

  function draw(columns, height) {
    const line = (left, middle, right) => {
      let text = left;
      for (let i = 0; i < columns.length; i++) {
        text += (i ? middle : '') + repeat('─', columns[i].width + 2);
      }
      return text + right;
    };
    let text = line('┌', '┬', '┐') + '\n';
    text += drawRow(columns, (column) => column.head);
    text += line('├', '┼', '┤') + '\n';
    for (let row = 0; row < height; row++) {
      text += drawRow(columns, (column) => column.cells[row] ?? '');
    }
    print(OUT, text + line('└', '┴', '┘'));
  }

  function drawEntries(found) {
    const columns = list();
    push(columns, columnOf(ITERATION));
    if (found[0]) push(columns, columnOf('Key'));
    push(columns, columnOf('Values'));
    const step = columns.length - 1, height = (found.length - 2) / step;
    for (let row = 0; row < height; row++) {
      setCell(columns[0], row, showCell(row));
      for (let i = 0; i < step; i++) {
        setCell(columns[i + 1], row, showCell(found[2 + row * step + i]));
      }
    }
    draw(columns, height);
  }

  // The columns that there are, by their names; in the order of an object's
  // keys, as node has them.
  function fillRow(byName, row, item, names) {
    const keys = names ?? textKeys(item);
    for (let i = 0; i < keys.length; i++) {
      const name = typeof keys[i] === 'symbol' ? keys[i] : '' + keys[i];
      const column = byName[name] ??= columnOf(name);
      const d = isObject(item) ? own(item, name) : undefined;
      setCell(column, row, d === undefined ? '' : showProperty(d));
    }
  }

  function drawRows(v, names) {
    const index = columnOf(INDEX), values = columnOf('Values');
    const byName = create(null), keys = textKeys(v), columns = list();
    let hasValues = false;
    for (let row = 0; row < keys.length; row++) {
      setCell(index, row, keys[row]);
      const d = own(v, keys[row]);
      const item = isObject(d?.value) ? withoutProxy(d.value) : d?.value;
      if (names === undefined && !isObject(item)) {
        hasValues = true;
        setCell(values, row, d === undefined ? '' : showProperty(d));
      } else {
        fillRow(byName, row, item, names);
      }
    }
    push(columns, index);
    const found = textKeys(byName);
    for (let i = 0; i < found.length; i++) push(columns, byName[found[i]]);
    if (hasValues) push(columns, values);
    draw(columns, keys.length);
  }

  function table(data, properties) {
    if (properties !== undefined && !isArray(properties)) {
      const e = new TypeError('console.table: argument 2 \'properties\': '
        + 'expected array, got ' + (properties === null ? 'null'
        : typeof properties));
      e.code = 'ERR_INVALID_ARG_TYPE';
      throw e;
    }
    const v = isObject(data) ? withoutProxy(data) : data;
    if (typeof v !== 'object' || v === null) {
      print(OUT, data);
      return;
    }
    const kind = classOf(v);
    const found = kind === 'WeakMap' || kind === 'WeakSet' ? undefined
      : entries(v);
    if (found !== undefined) drawEntries(found);
    else drawRows(v, properties);
  }

  // --- Counts and times ------------------------------------------------------

  const counts = create(null), starts = create(null);
  // A symbol has no text and throws.
  const keyOf = (label) => '' + label;

  function count(label = 'default') {
    const key = keyOf(label);
    counts[key] = (counts[key] ?? 0) + 1;
    print(OUT, key + ': ' + counts[key]);
  }

  function countReset(label = 'default') {
    const key = keyOf(label);
    if (counts[key] === undefined) {
      warn("Count for '" + key + "' does not exist");
    } else {
      delete counts[key];
    }
  }

  const twoDigits = (n) => padStart('' + n, 2, '0');

  function showDuration(ms) {
    if (ms < 1000) return Number(toFixed(ms, 3)) + 'ms';
    if (ms < 60000) return toFixed(ms / 1000, 3) + 's';
    const hours = floor(ms / 3600000), minutes = floor(ms / 60000) % 60;
    const seconds = toFixed(ms % 60000 / 1000, 3), point = indexOf(seconds, '.');
    const rest = twoDigits(slice(seconds, 0, point)) + slice(seconds, point);
    return hours
      ? hours + ':' + twoDigits(minutes) + ':' + rest + ' (h:mm:ss.mmm)'
      : minutes + ':' + rest + ' (m:ss.mmm)';
  }

  function time(label = 'default') {
    const key = keyOf(label);
    if (starts[key] !== undefined) {
      warn("Label '" + key + "' already exists for console.time()");
    } else {
      starts[key] = now();
    }
  }

  // The line of a timer; undefined when there is none.
  function elapsed(key, name) {
    const start = starts[key];
    if (start !== undefined) return key + ': ' + showDuration(now() - start);
    warn("No such label '" + key + "' for console." + name + '()');
    return undefined;
  }

  function timeEnd(label = 'default') {
    const key = keyOf(label), line = elapsed(key, 'timeEnd');
    if (line === undefined) return;
    print(OUT, line);
    delete starts[key];
  }

  function timeLog(label = 'default', ...data) {
    const line = elapsed(keyOf(label), 'timeLog');
    if (line === undefined) return;
    let shown = line;
    for (let i = 0; i < data.length; i++) {
      shown += ' ' + (typeof data[i] === 'string' ? data[i]
        : inspect(data[i], { __proto__: null, colors: hasColor() }));
    }
    print(OUT, shown);
  }

  // --- The rest --------------------------------------------------------------

  function assert(condition, ...args) {
    if (args.length === 0) {
      print(ERR, 'Assertion failed');
      return;
    }
    args[0] = 'Assertion failed: '
      + (typeof args[0] === 'string' ? args[0] : format(args[0]));
    print(ERR, args.length > 1 ? apply(format, undefined, args) : args[0]);
  }

  function dir(v, options) {
    const chosen = { __proto__: null, customInspect: false, colors: hasColor(),
      ...options };
    print(OUT, inspect(v, chosen));
  }

  function trace(...args) {
    const holder = create(null);
    const message = args.length ? ': ' + apply(format, undefined, args) : '';
    captureStackTrace(holder, method);
    const stack = look(holder, 'stack');
    let text = 'Trace' + message;
    if (typeof stack === 'string' && stack !== '') {
      text += '\n' + (stack[stack.length - 1] === '\n'
        ? slice(stack, 0, -1) : stack);
    }
    print(ERR, text);
  }

  return { __proto__: null, assert, clear: native.clear, count, countReset, dir,
    table, time, timeEnd, timeLog, trace };
})
