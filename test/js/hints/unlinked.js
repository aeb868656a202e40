// An import that cannot be linked: where it stands, and what may be meant.
// expect: SyntaxError: Could not find export 'reedFile' in module '../names.js'; did you mean 'readFile'?
// expect:   near near.js:1:10
// expect: SyntaxError: Could not find export 'READFILE' in module '../names.js'; did you mean 'readFile'?
// expect:   other-case other-case.js:1:10
// expect: SyntaxError: Could not find export 'read_file' in module '../names.js'; did you mean 'readFile'?
// expect:   underscore underscore.js:1:10
// expect: SyntaxError: Could not find export 'raedFile' in module '../names.js'; did you mean 'readFile'?
// expect:   swapped swapped.js:1:10
// expect: SyntaxError: Could not find export 'readFilex' in module '../names.js'; did you mean 'readFile' or 'readFiles'?
// expect:   two-near two-near.js:1:10
// expect: SyntaxError: Could not find export 'line' in module '../names.js'; did you mean 'lines'?
// expect:   near-reexport near-reexport.js:1:10
// expect: SyntaxError: Could not find export 'read line' in module '../names.js'; did you mean 'read lines'?
// expect:   text-name text-name.js:1:10
// expect: SyntaxError: Could not find export 'somethingElse' in module '../names.js'; it exports 'readFile', 'writeFile', 'read lines', 'readFiles', 'lines', 'clash'
// expect:   listed listed.js:1:10
// expect: SyntaxError: Could not find export 'writeFil' in module '../names.js'; did you mean 'writeFile'?
// expect:   renamed renamed.js:3:3
// expect: SyntaxError: Could not find export 'default' in module '../names.js'; did you mean import { readFile } from '../names.js'?
// expect:   default-for-named default-for-named.js:1:8
// expect: SyntaxError: Could not find export 'default' in module '../names.js'; it exports 'readFile', 'writeFile', 'read lines', 'readFiles', 'lines', 'clash'
// expect:   default default.js:1:8
// expect: SyntaxError: Could not find export 'xyz' in module '../only-default.js'; it has only a default export: import xyz from '../only-default.js'
// expect:   only-default only-default.js:1:17
// expect: SyntaxError: Could not find export 'xyz' in module '../only-default.js'; it has only a default export: import xyz from '../only-default.js'
// expect:   only-default-reexport only-default-reexport.js:1:10
// expect: SyntaxError: Could not find export 'y' in module '../nothing.js'; it exports nothing
// expect:   nothing nothing.js:1:10
// expect: SyntaxError: export 'clash' in module '../clash.js' is ambiguous
// expect:   clash clash.js:1:10
// expect: SyntaxError: Could not find export 'clashh' in module '../clash.js'; it exports 'cash2', 'readFiles', 'lines'
// expect:   near-clash near-clash.js:1:10
// expect: SyntaxError: Could not find export 'tow' in module '../cycle.js'; did you mean 'two'?
// expect:   cycle cycle.js:1:10
// expect: SyntaxError: Could not find export 'unlike' in module '../eight.js'; it exports 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8'
// expect:   eight eight.js:1:10
// expect: SyntaxError: Could not find export 'unlike' in module '../nine.js'
// expect:   nine nine.js:1:10
// expect: SyntaxError: Could not find export 'default' in module '../nine.js'; it has only named exports
// expect:   nine-default nine-default.js:1:8
// expect: SyntaxError: Could not find export 'fromHere' in module '../names.js'; it exports 'readFile', 'writeFile', 'read lines', 'readFiles', 'lines', 'clash'
// expect:   reexport reexport.js:2:27
// expect: SyntaxError: Could not find export 'reedFile' in module '../names.js'; did you mean 'readFile'?
// expect:   dependency near.js:1:10
// expect: SyntaxError: Could not find export 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...' in module '../long.js'; it exports 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...', 'é', '5'
// expect:   long long.js:1:10
// expect: SyntaxError: Could not find export '6' in module '../long.js'; it exports 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...', 'é', '5'
// expect:   number number.js:1:10
for (const name of [
  'near', 'other-case', 'underscore', 'swapped', 'two-near', 'near-reexport',
  'text-name', 'listed', 'renamed', 'default-for-named', 'default',
  'only-default', 'only-default-reexport', 'nothing', 'clash', 'near-clash',
  'cycle', 'eight', 'nine', 'nine-default', 'reexport', 'dependency', 'long',
  'number',
]) {
  const error = await import(`./fixtures/wrong/${name}.js`).then(
    () => ({}), (e) => e);
  const [first] = error.stack.split('\n');
  console.log(`${error.name}: ${error.message}`);
  console.log(`  ${name} ${/[^/]*$/.exec(first)[0]}`);
}
