// No source ends its own wrapper.
// expect: SyntaxError undefined
globalThis.evil = undefined;
try {
  require('./fixtures/ends-wrapper');
} catch (error) {
  console.log(error.name, globalThis.evil);
}
