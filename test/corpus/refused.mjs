import * as module from './refused.c';
import { done, is, leftOut, watch } from './check.mjs';

const m = watch(module);
const url = new URL('./refused.c', import.meta.url).href;

is('what is fine', m.fine(), 1);
is('nothing else', Object.keys(module).filter((k) => typeof module[k] === 'function'),
  ['fine']);
const reasons = {
  variadic: /variadic/,
  listed: /all/,
  kernighan: /K&R|prototype/,
  of_windows: /convention|ABI|abi/,
  wide: /128/,
  takes_wide: /128/,
  of_union: /union/,
  to_union: /union/,
  of_tagged: /union/,
  of_untagged: /union/,
  of_void: /void/,
  to_void: /pointer/,
  of_pointers: /pointer/,
  of_texts: /pointer/,
  of_file: /'f'/,
  of_unknown: /'p'/,
  of_open_end: /fixed size|flexible|array/,
  of_with_pointer: /pointer/,
  of_linked: /pointer/,
  of_atomic: /atomic/,
  to_function: /pointer/,
  to_pointer: /pointer/,
  of_changed: /written|inout/,
  of_callback_of_pointer: /callback/,
};
for (const [name, pattern] of Object.entries(reasons)) {
  await leftOut(url, name, pattern);
  await leftOut(url, name, new RegExp(`refused\\.c:\\d+`));
}
await leftOut(url, 'not_there', /not_there/);
done();
