// An Err is the failure of the call, with its class, its text, its code.
import * as n from 'native';
const show = (e) => console.log(e.name, JSON.stringify(e.message),
  e.code, e.errno, e.syscall, e.path);
const t = (f, ...a) => {
  try { console.log(f(...a)); } catch (e) { show(e); } };
for (const how of ['type', 'range', 'syntax', 'uri', 'nul', 'empty', 'parse', 'io', 'at', 'code', ''])
  t(n.fails, how);
for (const f of [n.fails.async, n.fails_later, n.fails_deferred])
  for (const how of ['range', 'at', 'code'])
    await f(how).catch(show);
t(n.fails_by_io);
t(n.fails_by_text);
t(n.fails_by_str);
t(n.fails_in_display);
// expect: TypeError "a type" undefined undefined undefined undefined
// expect: RangeError "100% of %s %n" undefined undefined undefined undefined
// expect: SyntaxError "syntax" undefined undefined undefined undefined
// expect: URIError "uri" undefined undefined undefined undefined
// expect: Error "a�b" undefined undefined undefined undefined
// expect: Error "" undefined undefined undefined undefined
// expect: Error "invalid digit found in string" undefined undefined undefined undefined
// expect: Error "ENOENT: no such file or directory" ENOENT -2 undefined undefined
// expect: Error "ENOENT: no such file or directory, open '/does/not/exist'" ENOENT -2 open /does/not/exist
// expect: TypeError "50%" E_MINE undefined undefined undefined
// expect: 1
// expect: RangeError "100% of %s %n" undefined undefined undefined undefined
// expect: Error "ENOENT: no such file or directory, open '/does/not/exist'" ENOENT -2 open /does/not/exist
// expect: TypeError "50%" E_MINE undefined undefined undefined
// expect: RangeError "100% of %s %n" undefined undefined undefined undefined
// expect: Error "ENOENT: no such file or directory, open '/does/not/exist'" ENOENT -2 open /does/not/exist
// expect: TypeError "50%" E_MINE undefined undefined undefined
// expect: RangeError "100% of %s %n" undefined undefined undefined undefined
// expect: Error "ENOENT: no such file or directory, open '/does/not/exist'" ENOENT -2 open /does/not/exist
// expect: TypeError "50%" E_MINE undefined undefined undefined
// expect: Error "out of memory" undefined undefined undefined undefined
// expect: Error "café" undefined undefined undefined undefined
// expect: Error "borrowed" undefined undefined undefined undefined
// expect: Error "in display" undefined undefined undefined undefined
