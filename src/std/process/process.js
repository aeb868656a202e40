// process: what a program knows of its surroundings, and how it ends.
(function (native) {
  'use strict';

  const { Number: { isInteger }, TypeError, String } = globalThis;
  let exitCode;

  // As in node: an integer, or a string that is one.
  function checkCode(code) {
    if (code === undefined || code === null) return undefined;
    const n = typeof code === 'string' && code !== '' ? +code : code;
    if (!isInteger(n)) {
      throw new TypeError(`process.exitCode: expected integer, got ${
        typeof code === 'number' ? String(code) : typeof code}`);
    }
    return n;
  }

  function setExitCode(code) {
    const n = checkCode(code);
    native.setExitCode(n === undefined ? 0 : n);
    exitCode = code;
  }

  return {
    argv: native.argv(),
    env: native.env(),
    cwd() { return native.cwd(); },
    exit(code) {
      if (code !== undefined) setExitCode(code);
      native.exit();
    },
    nextTick: native.nextTick,
    get exitCode() { return exitCode; },
    set exitCode(code) { setExitCode(code); },
  };
})
