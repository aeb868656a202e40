// compare.mjs TENON: lays the programs out in the current folder, runs each by both,
// and prints TAP.
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import basic from './basic.mjs';
import interop from './interop.mjs';
import api from './api.mjs';

const tenon = process.argv[2];
const cases = [...basic, ...interop, ...api];
const root = process.cwd();

function layOut({ files, links = {} }, folder) {
  for (const [file, content] of Object.entries(files)) {
    const at = path.join(folder, file);
    fs.mkdirSync(path.dirname(at), { recursive: true });
    fs.writeFileSync(at, typeof content === 'string' ? content : JSON.stringify(content));
  }
  for (const [link, target] of Object.entries(links)) {
    const at = path.join(folder, link);
    fs.mkdirSync(path.dirname(at), { recursive: true });
    fs.symlinkSync(target, at);
  }
}

const run = (command, args, cwd) => new Promise(done => {
  execFile(command, args, { cwd, timeout: 60000 }, (error, out, err) =>
    done({ out, err, code: error ? error.code ?? error.signal : 0 }));
});

async function answer(c, i) {
  const folder = path.join(root, `${i}`);
  fs.rmSync(folder, { recursive: true, force: true });
  layOut(c, folder);
  const of = (s) => s.replaceAll(folder, 'HERE');
  const args = c.eval ? [] : [c.main ?? 'main.js'];
  const expected = await run('node', ['--no-warnings',
    ...(c.eval ? ['-e', c.eval] : args)], folder);
  const got = await run(tenon, c.eval ? ['eval', c.eval] : args, folder);
  for (const r of [expected, got]) r.out = of(r.out);
  if (c.tenon !== undefined) expected.out = c.tenon;
  if (c.code !== undefined) expected.code = c.code;
  return { expected, got };
}

const answers = [];
let next = 0;
await Promise.all(os.cpus().slice(0, 4).map(async () => {
  while (next < cases.length) {
    const i = next++;
    answers[i] = await answer(cases[i], i);
  }
}));

let failed = 0;
cases.forEach((c, i) => {
  const { expected, got } = answers[i];
  const ok = expected.out === got.out && expected.code === got.code &&
    (expected.out !== '' || c.isSilent === true);
  if (!ok) failed++;
  console.log(`${ok ? '' : 'not '}ok ${i + 1} - ${c.name.replaceAll('#', '\\#')}`);
  if (ok) return;
  const show = (what, s) => console.log(`# ${what}`.padEnd(2) +
    s.trimEnd().split('\n').map(line => `\n#   ${line}`).join(''));
  show(`expected, ended with ${expected.code}:`, expected.out);
  if (!expected.out) show('node says:', expected.err);
  show(`got, ended with ${got.code}:`, got.out);
  show('got on stderr:', got.err);
});
console.log(`1..${cases.length}`);
process.exitCode = failed ? 1 : 0;
