// files are read and written as node does
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Buffer } from 'node:buffer';
import { pathToFileURL } from 'node:url';
import tty from 'node:tty';

const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fs-test-')));
process.on('exit', () => fs.rmSync(root, { recursive: true }));
const at = (...parts) => path.join(root, ...parts);
const hide = (text) => String(text).replaceAll(root, '<root>').replace(/<root>\/tmp-\w{6}/, '<root>/tmp-RANDOM');
const t = (f) => {
  try {
    const v = f();
    console.log(hide(Buffer.isBuffer(v) ? `bytes ${v.toString('hex')}` : typeof v === 'bigint' ? `${v}n` : JSON.stringify(v)));
  } catch (e) {
    console.log(e.name, e.code, e.errno, e.syscall, hide(e.path), hide(e.dest), hide(e.message));
  }
};

// Content
t(() => fs.writeFileSync(at('a'), 'é€ text\n'));
t(() => fs.readFileSync(at('a')));
for (const options of ['utf8', 'latin1', 'hex', 'base64', 'nothing', { encoding: 'utf8' }, { encoding: null }, { flag: 'r' }, { flag: 'x' }, 5, null, undefined]) t(() => fs.readFileSync(at('a'), options));
t(() => fs.appendFileSync(at('a'), Buffer.from('more')));
t(() => fs.readFileSync(pathToFileURL(at('a')), 'utf8'));
t(() => fs.readFileSync(Buffer.from(at('a')), 'utf8'));
t(() => fs.writeFileSync(at('a'), new Uint16Array([0x4142, 0x4344])));
t(() => fs.readFileSync(at('a')));
t(() => fs.writeFileSync(at('a'), 'x', { flag: 'wx' }));
t(() => fs.writeFileSync(at('b'), '6162', 'hex'));
t(() => fs.readFileSync(at('b'), 'utf8'));
t(() => fs.writeFileSync(at('m'), '', { mode: 0o600 }));
t(() => (fs.statSync(at('m')).mode & 0o777).toString(8));
for (const data of [5, null, undefined, {}, true]) t(() => fs.writeFileSync(at('c'), data));
for (const file of [null, undefined, {}, '', 'a\0b', new URL('http://a'), at('none'), at('none', 'x'), root, at('a', 'x'), 1.5]) {
  t(() => fs.readFileSync(file, 'utf8'));
}
t(() => fs.writeFileSync(at('none', 'x'), 'y'));
t(() => fs.writeFileSync(root, 'y'));
t(() => fs.truncateSync(at('b'), 1));
t(() => fs.readFileSync(at('b'), 'utf8'));
fs.writeFileSync(at('large'), Buffer.alloc(300000, 'ab'));
t(() => fs.readFileSync(at('large')).length);
t(() => fs.readFileSync('/proc/self/comm', 'utf8').length > 0);

// Descriptors
const fd = fs.openSync(at('d'), 'w+');
t(() => typeof fd);
t(() => fs.writeSync(fd, 'hello'));
t(() => fs.writeSync(fd, Buffer.from('WORLD'), 1, 3));
t(() => fs.writeSync(fd, 'X', 0));
t(() => fs.writeSync(fd, Buffer.from('YZ'), { offset: 1, position: 1 }));
const buffer = Buffer.alloc(10, '.');
t(() => fs.readSync(fd, buffer, 0, 10, 0));
t(() => buffer.toString());
t(() => fs.readSync(fd, buffer, { position: 2, length: 2 }));
t(() => buffer.toString());
t(() => fs.readSync(fd, buffer));
for (const args of [[fd, buffer, 11, 1], [fd, buffer, 0, 11], [fd, buffer, -1, 1], [fd, 'x'], ['x', buffer], [fd, Buffer.alloc(0), 0, 1], [99999, buffer]]) t(() => fs.readSync(...args));
for (const args of [[fd, buffer, 11], [fd, buffer, 0, 11], [fd, 5], [-1, 'x'], [99999, 'x']]) t(() => fs.writeSync(...args));
t(() => fs.fstatSync(fd).size);
t(() => fs.ftruncateSync(fd, 2));
t(() => fs.fstatSync(fd).size);
t(() => fs.fsyncSync(fd));
t(() => fs.closeSync(fd));
t(() => fs.closeSync(fd));
t(() => fs.closeSync('x'));
for (const flags of ['r', 'r+', 'w', 'wx', 'a', 'ax', 'zz', 0, 577, 1.5, null]) t(() => { const f = fs.openSync(at('d'), flags); fs.closeSync(f); return 'open'; });
t(() => fs.openSync(at('d'), 'w', 'x'));
t(() => fs.openSync(at('none', 'd')));

// What there is
const s = fs.statSync(at('d'));
t(() => [s.isFile(), s.isDirectory(), s.isSymbolicLink(), s.isFIFO(), s.isSocket(), s.isBlockDevice(), s.isCharacterDevice()]);
t(() => Object.keys(s).filter((k) => !/^(a|m|c|birth)time$/.test(k)));
t(() => [s.mtime instanceof Date, typeof s.mtimeMs, Math.abs(s.mtimeMs - Date.now()) < 60000, s.mtime.getTime() - Math.round(s.mtimeMs)]);
t(() => { const b = fs.statSync(at('d'), { bigint: true }); return [typeof b.size, typeof b.mtimeNs, b.isFile(), Number(b.ino) === s.ino]; });
for (const f of [fs.statSync, fs.lstatSync]) {
  t(() => f(at('none')));
  t(() => f(at('none'), { throwIfNoEntry: false }) === undefined);
  t(() => f(at('d', 'x')));
  t(() => f(at('d', 'x'), { throwIfNoEntry: false }) === undefined);
  t(() => f(5));
}
t(() => fs.existsSync(at('d')));
for (const file of [at('none'), null, 5, '', 'a\0b', root]) t(() => fs.existsSync(file));
for (const mode of [undefined, 0, 4, 1]) t(() => fs.accessSync(at('d'), mode));
t(() => fs.accessSync(at('none')));
t(() => [fs.constants.R_OK, fs.constants.O_CREAT, fs.constants.S_IFMT, fs.constants.COPYFILE_EXCL, fs.F_OK]);

// Folders
t(() => fs.mkdirSync(at('x')));
t(() => fs.mkdirSync(at('x')));
t(() => fs.mkdirSync(at('none', 'x')));
t(() => fs.mkdirSync(at('y', 'z', 'w'), { recursive: true }));
t(() => fs.mkdirSync(at('y', 'z', 'w'), { recursive: true }));
t(() => fs.mkdirSync(at('y', 'z', 'v'), { recursive: true, mode: '700' }));
t(() => (fs.statSync(at('y', 'z', 'v')).mode & 0o777).toString(8));
t(() => fs.mkdirSync(at('d'), { recursive: true }));
t(() => fs.mkdirSync(at('q'), { recursive: 5 }));
t(() => fs.mkdirSync(at('q'), 'x'));
fs.writeFileSync(at('y', 'f'), '');
fs.symlinkSync('f', at('y', 'link'));
t(() => fs.readdirSync(at('y')).sort());
t(() => fs.readdirSync(at('y'), { withFileTypes: true }).map((e) => [e.name, e.isFile(), e.isDirectory(), e.isSymbolicLink(), hide(e.parentPath ?? e.path)]).sort());
t(() => fs.readdirSync(at('y'), { recursive: true }).sort());
t(() => fs.readdirSync(at('y'), { recursive: true, withFileTypes: true }).map((e) => e.name).sort());
t(() => fs.readdirSync(at('y'), 'buffer').map((b) => b.toString()).sort());
t(() => fs.readdirSync(at('none')));
t(() => fs.readdirSync(at('d')));
t(() => fs.rmdirSync(at('y')));
t(() => fs.rmdirSync(at('none')));
t(() => fs.rmdirSync(at('d')));
t(() => fs.rmdirSync(at('x')));
t(() => fs.rmSync(at('none')));
t(() => fs.rmSync(at('none'), { force: true }));
t(() => fs.rmSync(at('y')));
t(() => fs.rmSync(at('y'), { recursive: 5 }));
t(() => fs.rmSync(at('y'), { recursive: true }));
t(() => fs.existsSync(at('y')));
t(() => fs.rmSync(at('m')));

// Names
t(() => fs.renameSync(at('b'), at('c')));
t(() => fs.renameSync(at('none'), at('c')));
t(() => fs.renameSync(5, at('c')));
t(() => fs.renameSync(at('c'), 5));
t(() => fs.copyFileSync(at('c'), at('b')));
t(() => fs.copyFileSync(at('c'), at('b'), fs.constants.COPYFILE_EXCL));
t(() => fs.copyFileSync(at('none'), at('b')));
t(() => fs.readFileSync(at('b'), 'utf8'));
t(() => fs.symlinkSync('c', at('link')));
t(() => fs.symlinkSync('c', at('link')));
t(() => fs.readlinkSync(at('link')));
t(() => fs.readlinkSync(at('c')));
t(() => [fs.lstatSync(at('link')).isSymbolicLink(), fs.statSync(at('link')).isFile()]);
t(() => fs.realpathSync(at('link')));
t(() => fs.realpathSync.native(at('link')));
t(() => fs.realpathSync(at('none', 'x')));
t(() => fs.realpathSync.native(at('none')));
t(() => fs.linkSync(at('c'), at('hard')));
t(() => fs.statSync(at('hard')).nlink);
t(() => fs.chmodSync(at('c'), 0o640));
t(() => (fs.statSync(at('c')).mode & 0o777).toString(8));
t(() => fs.chmodSync(at('c'), '600'));
t(() => fs.chmodSync(at('c'), 'x'));
t(() => fs.chmodSync(at('none'), 0));
t(() => fs.utimesSync(at('c'), 1, new Date(2000)));
t(() => [fs.statSync(at('c')).atimeMs, fs.statSync(at('c')).mtimeMs]);
t(() => fs.unlinkSync(at('c')));
t(() => fs.unlinkSync(at('c')));
t(() => fs.mkdtempSync(at('tmp-')));
t(() => fs.mkdtempSync(at('none', 'tmp-')).length);
t(() => [tty.isatty(0), tty.isatty(-1), tty.isatty('x'), tty.isatty(99999)]);
