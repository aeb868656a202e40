// What is no module by its name is refused before it is parsed.
// expect: ERR_UNKNOWN_FILE_EXTENSION Cannot load %{url}/fixtures/common.cjs: CommonJS modules are not supported
// expect: ERR_UNKNOWN_FILE_EXTENSION Cannot load %{url}/fixtures/text.txt: a module's name ends with .js, .mjs or .so
// expect: a
for (const s of ['common.cjs', 'text.txt']) {
  await import(`./fixtures/${s}`)
    .catch(({ code, message }) => console.log(code, message));
}
console.log((await import('./fixtures/noext')).default);
