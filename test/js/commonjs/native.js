// Builtin modules by require; a missing one, and an addon, say so.
// expect: function true
// expect: ERR_UNKNOWN_BUILTIN_MODULE
// expect: ERR_UNKNOWN_BUILTIN_MODULE
// expect: ERR_DLOPEN_FAILED true
console.log(typeof require('tenon:process').spawn,
            require('module') === require('node:module'));
for (const name of ['tenon:nosuch', 'node:nosuch']) {
  try {
    require(name);
  } catch (error) {
    console.log(error.code);
  }
}
try {
  require('./fixtures/addon.node');
} catch (error) {
  console.log(error.code, error.message.includes('addon.node'));
}
