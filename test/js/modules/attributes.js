// Attributes that are not known are refused; without any the braces are fine.
// expect: a
// expect: ERR_IMPORT_ATTRIBUTE_UNSUPPORTED TypeError: import attribute 'type' with value 'css' is not supported; a type is 'json', 'text' or 'bytes'
// expect: ERR_IMPORT_ATTRIBUTE_UNSUPPORTED TypeError: import attribute 'type' with value '' is not supported; a type is 'json', 'text' or 'bytes'
// expect: ERR_IMPORT_ATTRIBUTE_UNSUPPORTED TypeError: import attribute 'x' with value 'y' is not supported
// expect: ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE TypeError: Cannot load %{url}/fixtures/a.js: it is not of type 'json'
// expect-error: TypeError: import attribute 'type' with value 'css' is not supported
// exit: 1
console.log((await import('./fixtures/a.js', { with: {} })).default);
for (const attributes of [{ type: 'css' }, { type: '' },
  { type: 'json', x: 'y' }, { type: 'json' }]) {
  await import('./fixtures/a.js', { with: attributes })
    .catch((error) => console.log(error.code, String(error)));
}
await import('./fixtures/static-attribute.js');
