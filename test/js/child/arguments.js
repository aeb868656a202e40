// A wrong argument is named, with what was expected and what came.
// expect: spawn: argument 1 'file': expected string, got undefined
// expect: spawn: argument 1 'file': expected a name, got ''
// expect: spawn: argument 1 'file': expected string without NUL
// expect: spawn: argument 2 'args': expected array of strings, got 'a'
// expect: spawn: argument 2 'args[1]': expected string, got 2
// expect: spawn: argument 2 'args[0]': expected string without NUL
// expect: spawn: argument 3 'options': expected object, got null
// expect: spawn: argument 3 'options': expected object, got array
// expect: spawn: option 'cwd': expected string, got 1
// expect: spawn: option 'cwd': expected a name, got ''
// expect: spawn: option 'env': expected object of strings, got 'PATH'
// expect: spawn: option 'env.A': expected string, got undefined
// expect: spawn: option 'env.A': expected string without NUL
// expect: spawn: option 'env': 'A=B' is no name of a variable
// expect: spawn: option 'shell': expected boolean or path of a shell, got 1
// expect: spawn: option 'timeout': expected integer from 0 to 2147483647, got -1
// expect: spawn: option 'grace': expected integer from 0 to 2147483647, got NaN
// expect: spawn: option 'detached': expected boolean, got 1
// expect: spawn: option 'uid': expected integer from 0 to 4294967294, got 'root'
// expect: spawn: option 'stdin': expected 'pipe', 'inherit', 'ignore', a descriptor or { path }, got 'stdout'
// expect: spawn: option 'stderr': expected 'pipe', 'inherit', 'ignore', 'stdout', a descriptor or { path }, got 'file'
// expect: spawn: option 'stdout': expected descriptor, got -1
// expect: spawn: option 'stdout.path': expected string, got undefined
// expect: kill: argument 1 'signal': there is no signal 'SIGNO'
// expect: kill: argument 1 'signal': expected name of a signal or its number, got 65
// expect: exec: option 'maxBytes': expected integer from 0 to 9007199254740991, got -1
// expect: exec: option 'encoding': expected 'utf-8' or 'bytes', got 'latin1'
// expect: exec: option 'input': expected string, ArrayBuffer or a view, got 1
// expect: exec: option 'stdin': expected option 'input' instead, got 'pipe'
// expect: exec: option 'stdout': expected 'pipe', got 'inherit'
// expect: exec: option 'stderr': expected 'pipe' or 'stdout', got 2
// expect: write: argument 1 'data': expected string, ArrayBuffer or a view, got 5
import { exec, spawn } from 'tenon:process';

const show = (e) =>
  console.log(e instanceof TypeError ? e.message : `no TypeError: ${e}`);
function refused(f) {
  try {
    f();
    console.log('was accepted');
  } catch (e) {
    show(e);
  }
}
for (const args of [
  [], [''], ['a\0b'], ['true', 'a'], ['true', ['a', 2]], ['true', ['a\0']],
  ['true', [], null], ['true', [], []],
]) refused(() => spawn(...args));
for (const options of [
  { cwd: 1 }, { cwd: '' }, { env: 'PATH' }, { env: { A: undefined } },
  { env: { A: '\0' } }, { env: { 'A=B': '' } }, { shell: 1 }, { timeout: -1 },
  { grace: NaN }, { detached: 1 }, { uid: 'root' }, { stdin: 'stdout' },
  { stderr: 'file' }, { stdout: -1 }, { stdout: {} },
]) refused(() => spawn('true', [], options));
const child = spawn('cat', [], { stdin: 'pipe' });
refused(() => child.kill('SIGNO'));
refused(() => child.kill(65));
await exec('true', [], { maxBytes: -1 }).catch(show);
await exec('true', [], { encoding: 'latin1' }).catch(show);
await exec('true', [], { input: 1 }).catch(show);
await exec('true', [], { stdin: 'pipe' }).catch(show);
await exec('true', [], { stdout: 'inherit' }).catch(show);
await exec('true', [], { stderr: 2 }).catch(show);
await child.stdin.write(5).catch(show);
child.kill();
