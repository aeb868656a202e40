// process.exit ends the program at once, past finally and catch.
// expect: before
// exit: 5
console.log('before');
setTimeout(() => console.log('never'), 0);
Promise.resolve().then(() => console.log('never'));
try {
  process.exit(5);
} catch {
  console.log('never');
} finally {
  console.log('never');
}
