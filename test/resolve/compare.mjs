// compare.mjs NODE TENON NODE_REQUIRE TENON_REQUIRE: TAP, two tests a case.
import fs from 'node:fs';
import cases from './cases.mjs';

const [node, tenon, nodeRequire, tenonRequire] = process.argv.slice(2).map(file =>
  fs.readFileSync(file, 'utf8').trim().split('\n').map(line => JSON.parse(line)));
const folder = process.cwd();
const shown = ({ url, code }) =>
  code ?? url?.replace('file://', '').replace(`${folder}/`, '');
let count = 0;
let failed = 0;

const isPath = specifier => /^\.{0,2}(\/|$)/.test(specifier);

// `own` is what Tenon answers on purpose where node does not.
function compare(name, { specifier, from }, expected, got, own) {
  const right = !own ? expected
    : own.path ? { url: `${folder}/${from.split('/')[0]}/${own.path}` } : own;
  const isGood = shown(right) === shown(got) &&
    (!got.message || isPath(specifier) || got.message.includes(specifier));
  // A difference that is none any more is to be struck out.
  const ok = isGood && !(own && shown(expected) === shown(right));
  const why = own ? ` (${own.why})` : '';
  if (!ok) failed++;
  console.log(`${ok ? '' : 'not '}ok ${++count} - ${name.replaceAll('#', '\\#')}${why}`);
  if (ok) return;
  console.log(`#   ${JSON.stringify(specifier)} in ${from}`);
  console.log(`#   expected: ${shown(right)}  ${expected.message ?? ''}`
    .replaceAll('\n', ' '));
  console.log(`#   got:      ${shown(got)}  ${got.message ?? ''}`);
}

const nothing = { code: 'nothing: it ended early' };
cases.forEach((c, i) => {
  if (!c.isRequire) compare(c.name, c, node[i], tenon[i] ?? nothing, c.tenon);
  if (c.specifier !== '')
    compare(`require: ${c.name}`, c, nodeRequire[i], tenonRequire[i] ?? nothing,
            c.require);
});
console.log(`1..${count}`);
process.exitCode = failed ? 1 : 0;
