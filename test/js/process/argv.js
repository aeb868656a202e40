// process.argv is the command, the file's real path and the arguments.
// args: one --two 3 %{dir}
// expect: 6 true
// expect: %{dir}/argv.js
// expect: one --two 3 %{dir}
console.log(process.argv.length, process.argv[0].endsWith('/tenon'));
console.log(process.argv[1]);
console.log(process.argv.slice(2).join(' '));
