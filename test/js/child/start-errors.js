// What cannot be started is an error that says what and why.
// expect: Error spawn nosuch ENOENT | ENOENT -2 spawn nosuch nosuch
// expect: Error spawn ./nosuch ENOENT | ENOENT -2 spawn ./nosuch ./nosuch
// expect: Error spawn /etc/passwd EACCES | EACCES -13 spawn /etc/passwd /etc/passwd
// expect: Error spawn / EACCES | EACCES -13 spawn / /
// expect: Error spawn no EACCES | EACCES -13 spawn no no
// expect: Error spawn ./no/x ENOTDIR | ENOTDIR -20 spawn ./no/x ./no/x
// expect: Error ENOENT: no such file or directory, chdir '/nosuch' | ENOENT -2 chdir /nosuch
// expect: Error ENOTDIR: not a directory, chdir '/etc/passwd' | ENOTDIR -20 chdir /etc/passwd
// expect: Error ENOENT: no such file or directory, open '/nosuch/f' | ENOENT -2 open /nosuch/f
// expect: Error spawn true E2BIG | E2BIG -7 spawn true true
// expect: Error spawn true EBADF | EBADF -9 spawn true true
// expect: Error spawn ./script ENOEXEC | ENOEXEC -8 spawn ./script ./script
// expect: Error spawn nosuch ENOENT | ENOENT -2 spawn nosuch nosuch
import { exec, spawn } from 'tenon:process';

const show = (e) => console.log(e.name, e.message, '|', e.code, e.errno,
  e.syscall, e.path);
function refused(...args) {
  try {
    spawn(...args);
    console.log('was started');
  } catch (e) {
    show(e);
  }
}
const { stdout } = await exec(
  'cd "$(mktemp -d)" && : >no && echo text >script && chmod +x script && pwd', [],
  { shell: true });
const cwd = stdout.trimEnd();
refused('nosuch');
refused('./nosuch');
refused('/etc/passwd');
refused('/');
refused('no', [], { env: { PATH: cwd } });
refused('./no/x', [], { cwd });
refused('true', [], { cwd: '/nosuch' });
refused('true', [], { cwd: '/etc/passwd' });
refused('true', [], { stdout: { path: '/nosuch/f' } });
refused('true', ['x'.repeat(3000000)]);
refused('true', [], { stdout: 9999 });
refused('./script', [], { cwd });
await exec('nosuch').catch(show);
await exec('rm', ['-r', cwd]);
