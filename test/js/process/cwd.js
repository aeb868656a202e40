// process.cwd() is the working directory.
// expect: %{dir}
console.log(process.cwd());
