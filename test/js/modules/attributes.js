// Import attributes are refused; without any the braces are fine.
// expect: a
// expect: TypeError: import attribute 'type' is not supported
// expect: TypeError: import attribute 'x' is not supported
// expect-error: TypeError: import attribute 'type' is not supported
// exit: 1
console.log((await import('./fixtures/a.js', { with: {} })).default);
for (const attributes of [{ type: 'json' }, { x: 'y' }]) {
  await import('./fixtures/a.js', { with: attributes })
    .catch((error) => console.log(String(error)));
}
await import('./fixtures/static-attribute.js');
