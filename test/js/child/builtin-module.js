// A builtin module is imported by its name, statically, from scripts, and again.
// expect: close exec open setReadHandler spawn
// expect: true true
// expect: tenon:process
// expect: ERR_UNKNOWN_BUILTIN_MODULE Cannot find module 'tenon:nosuch' imported from %{url}/builtin-module.js: tried the builtin modules (there are 'tenon:process')
// expect: ERR_UNKNOWN_BUILTIN_MODULE
// expect: ERR_UNKNOWN_BUILTIN_MODULE
import * as all from 'tenon:process';
import { spawn } from 'tenon:process';

console.log(Object.keys(all).join(' '));
const again = await import('tenon:process');
const byScript = await (0, eval)("import('tenon:process')");
console.log(again === all, byScript.spawn === spawn);
console.log(import.meta.resolve('tenon:process'));
await import('tenon:nosuch').catch((e) => console.log(e.code, e.message));
await import('tenon:process?x').catch((e) => console.log(e.code));
try {
  import.meta.resolve('tenon:nosuch');
} catch (e) {
  console.log(e.code);
}
