// What two modules export of a third one, in whatever way, is the same thing.
// expect: local,own,space,thing one
// expect: SyntaxError
const url = (s) => `data:text/javascript,${encodeURIComponent(s).replaceAll("'", "%27")}`;
const base = url('export let thing = "one"; export const local = 1;');
const first = url(`import { thing } from '${base}'; export { thing };`);
const second = url(`import { thing as t, local } from '${base}';
  import * as space from '${base}';
  const own = t; export { t as thing, local, space, own };`);
const third = url(`export { thing } from '${base}';`);
const all = await import(url(`export * from '${first}';
  export * from '${second}'; export * from '${third}';`));
console.log(Object.keys(all).join(), all.thing);
const wrong = url(`import { gone } from '${base}'; export { gone };`);
await import(wrong).catch((e) => console.log(e.name));
