// JSON is checked where it is imported, and its errors have its own place.
// expect: ERR_IMPORT_ATTRIBUTE_MISSING Cannot load %{url}/fixtures/data.json: JSON is imported with { type: 'json' }
// expect: ERR_MODULE_NOT_FOUND Cannot find module './fixtures/none.json' imported from %{url}/data-wrong.js: tried %{dir}/fixtures/none.json (no such file or directory)
// expect: ERR_UNSUPPORTED_DIR_IMPORT Cannot find module './fixtures' imported from %{url}/data-wrong.js: tried %{dir}/fixtures (illegal operation on a directory)
// expect: at %{url}/fixtures/bad.json:2:3
// expect: ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE Cannot load %{url}/fixtures/text.txt: it is not of type 'json'
const type = (type) => ({ with: { type } });
const told = (e) => console.log(e.code, e.message);
await import('./fixtures/data.json').catch(told);
await import('./fixtures/none.json', type('json')).catch(told);
await import('./fixtures', type('bytes')).catch(told);
await import('./fixtures/bad.json', type('json'))
  .catch((e) => console.log(e.stack.trim()));
await import('./fixtures/text.txt', type('json')).catch(told);
