// A specifier without its ending gets the one that is there as a hint.
// expect: Cannot find module './fixtures/a' imported from %{url}/missing-extension.js: tried %{dir}/fixtures/a (no such file or directory); did you mean './fixtures/a.js'?
// expect: './fixtures/only.mjs'?
// expect: './fixtures/a.js'?
// expect: no such file or directory)
const hint = (error) => error.message.replace(/.*did you mean /, '');
await import('./fixtures/a').catch((error) => console.log(error.message));
await import('./fixtures/only').catch((error) => console.log(hint(error)));
await import('./fixtures/a?q').catch((error) => console.log(hint(error)));
await import('./fixtures/z').catch((error) => console.log(error.message.slice(-26)));
