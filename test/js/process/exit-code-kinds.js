// An exit code is an integer, or a string that is one; undefined takes it back.
// expect: TypeError: process.exitCode: expected integer, got 1.5
// expect: TypeError: process.exitCode: expected integer, got NaN
// expect: TypeError: process.exitCode: expected integer, got string
// expect: TypeError: process.exitCode: expected integer, got string
// expect: TypeError: process.exitCode: expected integer, got boolean
// expect: TypeError: process.exitCode: expected integer, got object
// expect: TypeError: process.exitCode: expected integer, got bigint
// expect: 5
// expect: undefined
for (const code of [1.5, NaN, 'x', '', true, {}, 1n]) {
  try {
    process.exitCode = code;
    console.log('taken', code);
  } catch (error) {
    console.log(String(error));
  }
}
process.exitCode = '5';
console.log(process.exitCode);
process.exitCode = undefined;
console.log(process.exitCode);
