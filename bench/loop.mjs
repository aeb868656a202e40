// What an event loop does, timed by each runtime that runs this file: prints
// nanoseconds an operation, one number a row, in the order of bench/loop.c.
// BENCH_ADDON is the addon of Node-API whose increment() works on the thread
// pool; BENCH_SCALE divides how often things are done.
const { env } = globalThis.process;
const isTenon = !globalThis.Deno && !globalThis.Bun &&
  !!process.versions.tenon;

async function findIncrement() {
  if (isTenon) return (await import('native')).increment;
  const { createRequire } = await import('node:module');
  return createRequire(import.meta.url)(env.BENCH_ADDON).increment;
}

async function findRun() {
  if (isTenon) {
    const { spawn } = await import('tenon:process');
    return async () => (await spawn('true', [],
      { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' }).status).code;
  }
  if (globalThis.Bun) {
    return () => Bun.spawn(['true'],
      { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' }).exited;
  }
  if (globalThis.Deno) {
    const command = new Deno.Command('true',
      { stdin: 'null', stdout: 'null', stderr: 'null' });
    return async () => (await command.spawn().status).code;
  }
  const { spawn } = await import('node:child_process');
  return () => new Promise((resolve, reject) => {
    spawn('true', [], { stdio: 'ignore' }).on('error', reject)
      .on('exit', resolve);
  });
}

function check(is, what) {
  if (!is) throw new Error(`wrong: ${what}`);
}

const increment = await findIncrement(), run = await findRun();
const rows = {
  async 'pool 1'(n) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += await increment(i);
    check(sum === n * (n + 1) / 2, 'pool 1');
  },
  async 'pool 64'(n) {
    let sum = 0, next = 0;
    async function lane() {
      while (next < n) {
        const v = await increment(next++);
        sum += v;
      }
    }
    await Promise.all(Array.from({ length: 64 }, lane));
    check(sum === n * (n + 1) / 2, 'pool 64');
  },
  async 'timers at once'(n) {
    let fired = 0;
    await new Promise(resolve => {
      for (let i = 0; i < n; i++) {
        setTimeout(() => { if (++fired === n) resolve(); }, i % 8);
      }
    });
    check(fired === n, 'timers');
  },
  async 'timer set and clear'(n) {
    for (let i = 0; i < n; i++) clearTimeout(setTimeout(check, 1000));
  },
  async 'timer chain'(n) {
    let fired = 0;
    await new Promise(resolve => {
      (function next() {
        if (++fired < n) setTimeout(next, 0); else resolve();
      })();
    });
    check(fired === n, 'chain');
  },
  async await(n) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += await i;
    check(sum === n * (n - 1) / 2, 'await');
  },
  async 'await of async function'(n) {
    let sum = 0;
    async function f(i) { return i; }
    for (let i = 0; i < n; i++) sum += await f(i);
    check(sum === n * (n - 1) / 2, 'await f');
  },
  async spawn(n) {
    for (let i = 0; i < n; i++) check(await run() === 0, 'spawn');
  },
};
const counts = {
  'pool 1': 20000,
  'pool 64': 100000,
  'timers at once': 100000,
  'timer set and clear': 100000,
  'timer chain': 500,
  await: 300000,
  'await of async function': 300000,
  spawn: 1000,
};

const scale = Number(env.BENCH_SCALE ?? 1), out = [];
for (const name of Object.keys(rows)) {
  const n = Math.ceil(counts[name] / scale);
  await rows[name](Math.ceil(n / 10));
  const start = performance.now();
  await rows[name](n);
  out.push(((performance.now() - start) * 1e6 / n).toFixed(0));
}
console.log(out.join(' '));
