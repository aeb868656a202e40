// What is no module by its name is refused before it is parsed.
// expect: ERR_UNKNOWN_FILE_EXTENSION Cannot load %{url}/fixtures/text.txt: a module's name ends with .js, .mjs, .cjs or .so
// expect: a
await import('./fixtures/text.txt')
  .catch(({ code, message }) => console.log(code, message));
console.log((await import('./fixtures/noext')).default);
