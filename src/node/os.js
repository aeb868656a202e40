// node:os.

const { coded } = require('internal/errors');
const { validateInt32 } = require('internal/validators');
const { Error, Symbol } = globalThis;
const { apply, defineProperty } = Reflect;
const { slice } = String.prototype;

// The native part gives an object for what failed.
function check(value) {
  if (value === null || typeof value !== 'object' || !value.syscall) {
    return value;
  }
  const { syscall, code, message, errno } = value;
  const error = coded(Error, 'ERR_SYSTEM_ERROR',
    `A system error occurred: ${syscall} returned ${code} (${message})`);
  error.name = 'SystemError';
  error.info = { errno, code, message, syscall };
  error.errno = errno;
  error.syscall = syscall;
  throw error;
}

const uname = check(binding.uname());

const os = {
  arch: () => binding.arch,
  availableParallelism: () => binding.parallelism(),
  cpus: () => binding.cpus(),
  endianness: () => binding.endianness,
  freemem: () => binding.freemem(),
  getPriority(pid) {
    if (pid === undefined) pid = 0;
    else validateInt32(pid, 'pid');
    return check(binding.getPriority(pid));
  },
  homedir: () => check(binding.homedir()),
  hostname: () => check(binding.hostname()),
  loadavg: () => binding.loadavg(),
  networkInterfaces() {
    const list = check(binding.interfaces());
    const result = {};
    for (let i = 0; i < list.length; i += 2) {
      const all = result[list[i]] ??= [];
      all[all.length] = list[i + 1];
    }
    return result;
  },
  platform: () => binding.platform,
  release: () => uname.release,
  setPriority(pid, priority) {
    if (priority === undefined) {
      priority = pid;
      pid = 0;
    }
    validateInt32(pid, 'pid');
    validateInt32(priority, 'priority', -20, 19);
    check(binding.setPriority(pid, priority));
  },
  tmpdir() {
    const path = binding.getenv('TMPDIR') || binding.getenv('TMP') ||
      binding.getenv('TEMP') || '/tmp';
    return path.length > 1 && path[path.length - 1] === '/'
      ? apply(slice, path, [0, -1]) : path;
  },
  totalmem: () => binding.totalmem(),
  type: () => uname.type,
  userInfo(options) {
    const user = check(binding.user());
    if (options?.encoding === 'buffer') {
      const { from } = require('buffer').Buffer;
      for (const key of ['username', 'homedir', 'shell']) {
        if (user[key] !== null) user[key] = from(user[key]);
      }
    }
    return user;
  },
  uptime: () => check(binding.uptime()),
  version: () => uname.version,
  machine: () => uname.machine,
};

// As texts and numbers these functions are what they return.
for (const name of ['arch', 'availableParallelism', 'endianness', 'freemem',
                    'homedir', 'hostname', 'platform', 'release', 'tmpdir',
                    'totalmem', 'type', 'uptime', 'version', 'machine']) {
  const f = os[name];
  f[Symbol.toPrimitive] = () => f();
}

const constants = {
  __proto__: null,
  UV_UDP_REUSEADDR: 4,
  dlopen: binding.dlopen,
  errno: binding.errno,
  signals: binding.signals,
  priority: {
    __proto__: null,
    PRIORITY_LOW: 19,
    PRIORITY_BELOW_NORMAL: 10,
    PRIORITY_NORMAL: 0,
    PRIORITY_ABOVE_NORMAL: -7,
    PRIORITY_HIGH: -14,
    PRIORITY_HIGHEST: -20,
  },
};

function constant(name, value, configurable) {
  defineProperty(os, name, {
    __proto__: null, value, writable: false, enumerable: true, configurable,
  });
}
constant('constants', constants, false);
constant('EOL', '\n', true);
constant('devNull', '/dev/null', true);

module.exports = os;
