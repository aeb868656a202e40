// log, info and debug go to stdout, error and warn to stderr; no `this` needed.
// expect: log
// expect: info
// expect: debug
// expect: log info debug error warn
// expect-error: error
// expect-error: warn
const { log, info, debug, error, warn } = console;
log('log');
info('info');
debug('debug');
error('error');
warn('warn');
log(log.name, info.name, debug.name, error.name, warn.name);
