// Working directory, environment, names and shells of a child.
// expect: "/"
// expect: "A=1\nB=ü\n"
// expect: ""
// expect: "login"
// expect: "a b|c $HOME|"
// expect: "bash\n"
// expect: "found\n"
// expect: true
import { exec } from 'tenon:process';

const show = (r) => console.log(JSON.stringify(r.stdout));
show(await exec('pwd', [], { cwd: '/' }).then((r) => ({ stdout: r.stdout.trim() })));
show(await exec('/usr/bin/env', [], { env: { A: '1', B: 'ü' } }));
show(await exec('/usr/bin/env', [], { env: {} }));
show(await exec('/bin/sh', ['-c', 'printf %s "$0"'], { argv0: 'x' })
  .then(() => exec('cat', ['/proc/self/cmdline'], { argv0: 'login' }))
  .then((r) => ({ stdout: r.stdout.split('\0')[0] })));
// What follows the command are its parameters, and nothing that a shell reads.
show(await exec('printf "%s|" "$@"', ['a b', 'c $HOME'], { shell: true }));
show(await exec('echo ${BASH_VERSION:+bash}', [],
  { shell: '/bin/bash' }));
const folder = (await exec('mktemp', ['-d'])).stdout.trim();
await exec(`printf '#!/bin/sh\\necho found\\n' >"$1/tool"; chmod +x "$1/tool"`,
  [folder], { shell: true });
show(await exec('tool', [], { env: { PATH: `/nosuch:${folder}` } }));
console.log((await exec('rm', ['-r', folder])).code === 0);
