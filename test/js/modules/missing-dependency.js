// The importer that is named is the module that the specifier stands in.
// expect: ERR_MODULE_NOT_FOUND
// expect: Cannot find module './not-there.js' imported from %{url}/fixtures/imports-missing.js: tried %{dir}/fixtures/not-there.js (no such file or directory)
await import('./fixtures/imports-missing.js').catch((error) => {
  console.log(error.code);
  console.log(error.message);
});
