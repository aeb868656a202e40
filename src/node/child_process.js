// node:child_process: nothing is started by it. It is there for packages that
// import it for the one case in a hundred that they start a program.

const { coded } = require('internal/errors');
const { Error } = globalThis;

const refuse = (name) => ({
  [name]() {
    throw coded(Error, 'ERR_METHOD_NOT_IMPLEMENTED',
      `The child_process.${name}() method is not implemented: ` +
      "programs are started by 'tenon:process'");
  },
})[name];

const names = ['exec', 'execFile', 'execFileSync', 'execSync', 'fork', 'spawn',
               'spawnSync'];
for (let i = 0; i < names.length; i++) exports[names[i]] = refuse(names[i]);
