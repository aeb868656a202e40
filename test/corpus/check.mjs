// What the files of the corpus check with. A module is looked at through
// watch(), so that a function that nobody has called fails its file.

const state = { cases: 0, failed: 0, watched: [], called: new Set() };

function isPlain(v) {
  return typeof v === 'object' && v !== null;
}

export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (!isPlain(a) || !isPlain(b)) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (ArrayBuffer.isView(a) && a.constructor !== b.constructor) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length &&
    keys.every((k) => Object.hasOwn(b, k) && same(a[k], b[k]));
}

function shown(v) {
  if (typeof v === 'function') return `[function ${v.name}]`;
  if (typeof v === 'bigint') return `${v}n`;
  if (Object.is(v, -0)) return '-0';
  if (!isPlain(v)) return typeof v === 'string' ? JSON.stringify(v) : String(v);
  return JSON.stringify(v, (_, x) => typeof x === 'bigint' ? `${x}n` : x);
}

function fail(name, text) {
  state.failed++;
  console.log(`not ok - ${name}: ${text}`);
}

export function is(name, got, expected) {
  state.cases++;
  if (!same(got, expected))
    fail(name, `expected ${shown(expected)}, got ${shown(got)}`);
}

export function ok(name, condition) {
  is(name, Boolean(condition), true);
}

// f() throws an error whose "NAME: MESSAGE" fits.
export function throws(name, f, pattern) {
  state.cases++;
  try {
    fail(name, `expected an error, got ${shown(f())}`);
  } catch (e) {
    const text = `${e?.name}: ${e?.message}`;
    if (!pattern.test(text)) fail(name, `expected ${pattern}, got ${text}`);
  }
}

// The export is not there, and importing it says why.
export async function leftOut(url, name, pattern) {
  state.cases++;
  const all = await import(url);
  if (name in all) {
    fail(name, `expected to be left out, got ${shown(all[name])}`);
    return;
  }
  const code = `import { ${name} } from ${JSON.stringify(url)};`;
  try {
    await import(`data:text/javascript,${encodeURIComponent(code)}`);
    fail(name, 'expected that it cannot be imported');
  } catch (e) {
    if (!pattern.test(e.message))
      fail(name, `expected ${pattern}, got ${e.message}`);
  }
}

// The same module, which notes what is called.
export function watch(module) {
  const to = {};
  for (const key of Object.keys(module)) {
    const value = module[key];
    to[key] = value;
    if (typeof value !== 'function') continue;
    if (value.prototype) continue; // a class
    state.watched.push(key);
    to[key] = function (...args) {
      state.called.add(key);
      return value(...args);
    };
    Object.defineProperty(to[key], 'async', {
      get: () => value.async && ((...args) => {
        state.called.add(key);
        return value.async(...args);
      }),
    });
  }
  return to;
}

export function done() {
  for (const name of new Set(state.watched))
    if (!state.called.has(name)) fail(name, 'was not called');
  console.log(`# functions ${new Set(state.watched).size} cases ` +
    `${state.cases} failed ${state.failed}`);
  if (state.failed) process.exitCode = 1;
}
