// compare.mjs NODE TENON: TAP, a test a case.
import fs from 'node:fs';
import cases from './cases.mjs';

const [node, tenon] = process.argv.slice(2).map(file =>
  fs.readFileSync(file, 'utf8').trim().split('\n').map(line => JSON.parse(line)));
const folder = process.cwd();
const shown = ({ url, code }) => code ?? url?.replace(`file://${folder}/`, '');
let failed = 0;

cases.forEach(({ name, specifier, from, tenon: own }, i) => {
  const expected = !own ? node[i]
    : own.path ? { url: `file://${folder}/${from.split('/')[0]}/${own.path}` }
    : own;
  const got = tenon[i] ?? { code: 'nothing: it ended early' };
  const isGood = shown(expected) === shown(got) &&
    (!got.code || got.message?.includes(specifier));
  // A difference that is none any more is to be struck out.
  const isOutdated = own && shown(node[i]) === shown(expected);
  const why = own ? ` (${own.why})` : '';
  const ok = isGood && !isOutdated;
  if (!ok) failed++;
  console.log(`${ok ? '' : 'not '}ok ${i + 1} - ${name.replaceAll('#', '\\#')}${why}`);
  if (ok) return;
  console.log(`#   ${JSON.stringify(specifier)} in ${from}`);
  console.log(`#   expected: ${shown(expected)}  ${node[i].message ?? ''}`
    .replaceAll('\n', ' '));
  console.log(`#   got:      ${shown(got)}  ${got.message ?? ''}`);
});
console.log(`1..${cases.length}`);
process.exitCode = failed ? 1 : 0;
