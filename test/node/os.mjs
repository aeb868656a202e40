// what is known of the machine is what node knows
import os, * as all from 'node:os';
import constants from 'node:constants';
import { outcome, told } from './random.js';

console.log(Object.keys(all).sort().join(' '));
for (const name of ['arch', 'availableParallelism', 'endianness', 'homedir',
                    'hostname', 'platform', 'release', 'tmpdir', 'totalmem',
                    'type', 'version', 'machine', 'userInfo', 'getPriority',
                    'networkInterfaces']) {
  console.log(name, typeof os[name], os[name].length, outcome(os[name]));
}
console.log(`${os.arch} ${os.type} ${os.platform} ${+os.totalmem}`);
console.log(JSON.stringify([os.EOL, os.devNull]));
console.log(os.constants);
console.log(Object.keys(os.constants).join(' '));
console.log(os.cpus().length, os.cpus().map((c) => c.model).join());
console.log(Object.keys(os.cpus()[0]).join(), Object.keys(os.cpus()[0].times)
  .join());
console.log(os.loadavg().length, os.loadavg().every((n) => n >= 0));
console.log(os.freemem() > 0, os.freemem() <= os.totalmem(), os.uptime() > 0);
for (const pid of [undefined, null, 1.5, 'x', {}, -1, 2 ** 31, 0]) {
  console.log(outcome(() => os.getPriority(pid)));
  console.log(outcome(() => os.setPriority(pid, 'x')));
  console.log(outcome(() => os.setPriority(0, typeof pid === 'number' ? 77 + pid
    : pid)));
}
try {
  os.getPriority(-1);
} catch (e) {
  console.log(told(e), e.info, e.errno, e.syscall);
}
for (const name of ['EOL', 'devNull', 'constants']) {
  console.log(outcome(() => { os[name] = 1; }));
}
const all2 = { ...os.constants.dlopen, ...os.constants.errno,
               ...os.constants.priority, ...os.constants.signals };
for (const name in all2) {
  if (constants[name] !== all2[name]) console.log(name, constants[name]);
}
