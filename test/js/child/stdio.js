// Where the standard files of a child lead.
// expect: inherited
// expect-error: to stderr
// expect: [""]
// expect: ["one\n","one\ntwo\n","new\n"]
// expect: ["new\n"]
// expect: ["out\nerr\n",null]
// expect: ["from 9\n"]
// expect: swapped
// expect: EBADF
import { exec, spawn } from 'tenon:process';

const show = (...v) => console.log(JSON.stringify(v));
const sh = (script, options) => spawn('sh', ['-c', script], options);
const folder = (await exec('mktemp', ['-d'])).stdout.trim();
const path = `${folder}/file`;
const read = async () => (await exec('cat', [path])).stdout;

await sh('echo inherited; echo to stderr >&2',
  { stdout: 'inherit', stderr: 'inherit' }).status;
show(await sh('cat', { stdin: 'ignore' }).stdout.text());
await sh('echo one', { stdout: { path } }).status;
const first = await read();
await sh('echo two', { stdout: { path, append: true } }).status;
const second = await read();
await sh('echo new', { stdout: { path } }).status;
show(first, second, await read());
show(await sh('cat', { stdin: { path } }).stdout.text());
const both = sh('echo out; echo err >&2', { stderr: 'stdout' });
show(await both.stdout.text(), both.stderr);
// A descriptor that the parent has, at another number in the child.
show((await exec(`exec 9>&1; echo "from 9" >&9`, [], { shell: true })).stdout);
await sh('echo swapped >&2', { stdout: 2, stderr: 1 }).status;
try {
  sh('true', { stdin: 77 });
} catch (e) {
  console.log(e.code);
}
await exec('rm', ['-r', folder]);
