// A deferred settles once, from any thread; dropped it rejects.
import * as n from 'native';
n.quiet();
const said = async (p) => console.log(await p.then((v) => v, (e) => String(e)));
for (const how of ['text', 'fail', 'drop', 'panic', 'ok \u{1f600}']) await said(n.ask(how));
for (const how of ['drop', 'panic', 'caught', 'late panic', 'panic behind it', 'four']) await said(n.here(how));
await said(n.parts(2));
const all = await Promise.all(Array.from({ length: 64 }, (_, i) => n.ask('' + i, i % 5)));
console.log(all.every((v, i) => v === '' + i));
console.log(n.ask.length, await n.thread_id_differs(n.thread_id()));
// expect: Error: by text
// expect: TypeError: asked
// expect: Error: ask: the operation ended without a result
// expect: Error: ask: the operation ended without a result
// expect: ok 😀
// expect: Error: here: the operation ended without a result
// expect: Error: here
// expect: Error: here: the operation ended without a result
// expect: 5
// expect: 6
// expect: 4
// expect: [ { x: 2, y: 0, z: 0 }, { x: 2, y: 1, z: 0 } ]
// expect: true
// expect: 1 true
