// A binding of a cycle that is read before its module ran is a ReferenceError.
// expect: ReferenceError
// expect: ReferenceError
export const value = 1;
for (let i = 0; i < 2; i++) {
  try {
    await import('./fixtures/too-early-a.js');
  } catch (error) {
    console.log(error.name);
  }
}
