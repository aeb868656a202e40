// A wrong argument of process.exit is an error; the program goes on.
// expect: TypeError: process.exitCode: expected integer, got string
// expect: on
try {
  process.exit('x');
} catch (error) {
  console.log(String(error));
}
console.log('on');
