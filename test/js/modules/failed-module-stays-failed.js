// A module whose evaluation threw is not run again: the same error comes back.
// expect: true
const errors = [];
for (let i = 0; i < 2; i++) {
  await import('./fixtures/throws.js').catch((error) => errors.push(error));
}
console.log(errors.length === 2 && errors[0] === errors[1]);
