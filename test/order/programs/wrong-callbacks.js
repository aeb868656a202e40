// script: TypeError TypeError TypeError TypeError
// module: TypeError TypeError TypeError TypeError
const log = (text) => console.log(text);
for (const f of [() => process.nextTick(), () => process.nextTick('x'),
                 () => setImmediate(), () => setImmediate({})]) {
  try { f(); log('no'); } catch (e) { log(e.name); }
}
