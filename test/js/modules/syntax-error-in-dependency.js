// A syntax error in a dependency is shown at its own place, each time.
// expect: SyntaxError true
// expect: SyntaxError true
// expect-error: Uncaught SyntaxError:
// expect-error: at %{url}/fixtures/syntax.js:3:
// exit: 1
for (let i = 0; i < 2; i++) {
  await import('./fixtures/imports-syntax.js').catch((error) => {
    console.log(error.name, error.stack.includes('/fixtures/syntax.js:3:'));
  });
}
await import('./fixtures/imports-syntax.js');
