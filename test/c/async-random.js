import * as any from 'native';
import * as serial from 'serial';
import { exec, spawn } from 'tenon:process';
const { random, complain } = any;
let opened = 0, settled = 0, controllers = [], kept = [];
const may = (n) => random(n) === 0;
const ok = /^(native|late|drain|callback|E[A-Z]+|why|RangeError|InternalError|TimeoutError|AbortError|.*(out of memory|stack|dropped|as many|in use|disposed|no memory|could not be read|let go of|another realm|its realm was freed|being freed|expected (number|integer)))/;
addEventListener('unhandledrejection', (e) => e.preventDefault());
addEventListener('error', (e) => {
  if (!ok.test(String(e.error?.message)) && !ok.test(String(e.error))) complain(`uncaught: ${e.error}\n${e.error?.stack}`);
  e.preventDefault();
});
globalThis.tellLeft = any.tellLeft;
globalThis.opened = () => opened;
globalThis.settled = () => settled;

/* Each Promise is settled at most once, and by what was to be expected. */
function follow(p) {
  let times = 0;
  opened++;
  const end = () => { if (++times > 1) complain('settled twice'); settled++ };
  p.then(end, (e) => {
    end();
    const text = String(e?.code ?? e?.message ?? e);
    if (!ok.test(text) && !ok.test(String(e))) complain(`rejected: ${e}\n${e?.stack}`);
  });
  return p;
}

function signal() {
  if (may(3)) return AbortSignal.timeout(random(6));
  const c = new AbortController();
  controllers.push(c);
  if (may(8)) c.abort('why');
  return may(4) ? AbortSignal.any([c.signal, AbortSignal.timeout(random(9))]) : c.signal;
}
function options() {
  const o = {};
  if (may(2)) o.signal = signal();
  if (may(3)) o.timeout = random(8);
  if (may(4)) o.onFull = may(2) ? 'error' : 'wait';
  return o;
}
const optional = (f) => may(2) ? f.withOptions(options()) : f;
const text = () => 'a'.repeat(random(40));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function callback() {
  switch (random(5)) {
  case 0: return (n) => { if (may(3)) op(); return n };
  case 1: return async (n) => { await null; if (may(4)) throw new Error('callback'); return n };
  case 2: return () => { throw new Error('callback') };
  case 3: return (n) => pause(random(3)).then(() => n);
  default: return (n) => n;
  }
}

async function* slowly(count) {
  for (let i = 0; i < count; i++) {
    if (may(3)) await pause(random(2));
    if (may(30)) throw new Error('native: from a generator');
    yield may(40) ? 'no number' : i;
  }
}
function source() {
  const count = random(12);
  switch (random(5)) {
  case 0: return Array.from({ length: count }, (_, i) => i);
  case 1: return Array.from({ length: count }, (_, i) => may(3) ? Promise.resolve(i) : i);
  case 2: return new Set([1, 2, 3]);
  default: return slowly(count);
  }
}

async function read(stream) {
  let left = random(30);
  for await (const b of stream) {
    if (b.some((x) => x !== 97)) complain('other bytes');
    if (may(5)) await pause(random(2));
    if (--left < 0) break;
  }
}

/* Children of all kinds; few, for they take long. */
function run() {
  const o = may(2) ? { timeout: 1 + random(20), grace: 1 } : {};
  if (may(3)) o.signal = signal();
  if (may(3)) {
    follow(exec('cat', [], { ...o, input: text() }));
    return;
  }
  const child = spawn(may(9) ? 'nosuch' : 'sleep', [may(4) ? '5' : '0.001'], o);
  if (may(3)) child.unref();
  if (may(2)) setTimeout(() => child.kill(may(2) ? 'SIGKILL' : 'SIGTERM'), random(10));
  if (may(2)) follow(child.stdout.text());
  if (may(4)) child.stdout.close();
  if (may(3)) follow(child[Symbol.asyncDispose]());
  if (o.timeout && !may(4)) follow(child.status);
}

let depth = 0;
function op() {
  if (depth > 3) return;
  depth++;
  try {
    const native = may(3) ? serial : any;
    switch (random(14)) {
    case 0: case 1: {
      const f = optional(native.block);
      follow(f(random(12), text(), may(2) ? () => { if (may(9)) op() } : undefined,
        may(2) ? callback() : undefined));
      break;
    }
    case 2: case 3: follow(optional(native.later)(random(12), text())); break;
    case 4: follow(read(any.write_some(random(12), random(20), 1 + random(5)))); break;
    case 5: {
      const s = any.write_some(random(12), random(20), 1 + random(5));
      const n = random(5);
      for (let i = 0; i < n; i++) follow(s.next());
      if (may(2)) follow(s.return());
      if (may(4)) kept.push(s);
      break;
    }
    case 6: follow(optional(native.sum)(source(), random(15))); break;
    case 7: follow(optional(any.sum_later)(source(), random(15))); break;
    case 8: follow(optional(any.arrives)(random(6))); break;
    case 9: {
      const t = new any.thing();
      for (let i = random(3); i >= 0; i--) follow(optional(any.thing.prototype.work).call(t, random(12)));
      if (may(3)) t[Symbol.dispose]();
      if (may(4)) kept.push(t);
      break;
    }
    case 10: any.keep(callback(), random(4)); break;
    case 11: follow(pause(random(4)).then(() => op())); break;
    case 13: if (may(4) && any.has_children()) run(); break;
    case 12:
      if (controllers.length) controllers.splice(random(controllers.length), 1)[0].abort('why');
      if (kept.length > 4) kept.splice(random(kept.length), 1);
      break;
    }
  } catch (e) {
    const text = String(e?.code ?? e?.message ?? e);
    if (!ok.test(text) && !ok.test(String(e))) complain(`thrown: ${e}\n${e?.stack}`);
  } finally {
    depth--;
  }
}
globalThis.play = (count) => { for (let i = 0; i < count; i++) op() };
globalThis.rest = () => {
  for (const c of controllers) c.abort('why');
  controllers = [];
  kept = [];
};
globalThis.never = new Promise(() => {});
