#!/bin/sh
# What comes from outside and is wrong, too large, or never ends: the command
# says it in a line, with the right exit code, and never crashes.
#
# usage: bad-input-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
build=$(cd "$1" && pwd)
tenon=$build/tenon
mkdir -p "$2"
cd "$2" || exit 2
scratch=$PWD

# Sanitizers make everything several times slower and larger.
sanitize=$(sed -n 's/^TENON_SANITIZE:[A-Z]*=//p' "$build/CMakeCache.txt")
scale=1
[ -z "$sanitize" ] || scale=8
limit_s=$((20 * scale))
unset NO_COLOR FORCE_COLOR

result() { # STATUS NAME; shows out and err on failure
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $count - $2"
  else
    failed=1
    echo "# exit code: $code"
    head -c 2000 "$scratch/out" | sed 's/^/# out: /'
    head -c 2000 "$scratch/err" | sed 's/^/# err: /'
    echo "not ok $count - $2"
  fi
}

# Runs a command: its outputs are in out and err, its exit code in $code.
call() {
  code=0
  timeout -k 5 "$limit_s" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null ||
    code=$?
}

# The last call: exit code CODE, stdout OUT; stderr holds the text ERR, or is
# empty when ERR is.
was() { # CODE OUT ERR
  [ "$code" -eq "$1" ] || return 1
  printf '%s' "${2:+$2
}" | cmp -s - "$scratch/out" || return 1
  if [ -z "$3" ]; then
    [ ! -s "$scratch/err" ]
  else
    grep -qaF -e "$3" "$scratch/err"
  fi
}

check() { # NAME CODE OUT ERR COMMAND...
  name=$1 want_code=$2 want_out=$3 want_err=$4
  shift 4
  call "$@"
  was "$want_code" "$want_out" "$want_err" && status=0 || status=1
  result "$status" "$name"
}

prints() { # NAME OUT COMMAND...
  name=$1 want_out=$2
  shift 2
  check "$name" 0 "$want_out" '' "$@"
}

# All of standard error is this line.
says() { # NAME CODE LINE COMMAND...
  name=$1 want_code=$2 line=$3
  shift 3
  call "$@"
  was "$want_code" '' "$line" && [ "$(cat "$scratch/err")" = "$line" ] &&
    status=0 || status=1
  result "$status" "$name"
}

# --- Options ------------------------------------------------------------------

is_misused() { # NAME LINE ARGUMENT...; the usage follows the line
  name=$1 line=$2
  shift 2
  call "$tenon" "$@"
  [ "$code" -eq 2 ] && [ ! -s out ] && [ "$(head -n 1 err)" = "$line" ] &&
    sed -n 2p err | grep -q '^usage: tenon' && status=0 || status=1
  result "$status" "$name"
}

echo 'console.log(process.argv.slice(2).length)' >app.js
is_misused 'an unknown option' "tenon: unknown option '--nope'" --nope app.js
is_misused 'an unknown letter' "tenon: unknown option '-x'" -x app.js
is_misused 'an unknown option with a value' "tenon: unknown option '--nope=1'" \
  --nope=1 app.js
is_misused 'a known option with more behind it' \
  "tenon: unknown option '--timeouts'" --timeouts 1 app.js
is_misused 'an option that takes no value' \
  'tenon: --json-errors: takes no value' --json-errors=1 app.js
is_misused 'an unknown option of eval' "tenon: unknown option '--nope'" \
  eval --nope 1
for option in --timeout --cpu-limit --memory-limit; do
  is_misused "$option without a value" "tenon: $option: expected a value" \
    $option
done
for value in '' 0 0s -1 -5s +5 ' 5' '5 ' 5x abc ms 1e999 99999999999999999999 \
  nan inf 0x10 1.2.3 5,0 .; do
  is_misused "--timeout '$value'" \
    "tenon: --timeout: expected a time such as 500ms, 2s or 1m, got '$value'" \
    "--timeout=$value" app.js
done
for value in '' 0 0M -1 -64M +5 ' 5' '5 ' 5x abc M 1e999 \
  99999999999999999999 999999999999G nan inf 0x10 1.2.3 64MM .; do
  is_misused "--memory-limit '$value'" \
    "tenon: --memory-limit: expected a size such as 64M, got '$value'" \
    "--memory-limit=$value" app.js
done
prints 'the longest time' 0 "$tenon" --timeout 99999h app.js
prints 'a memory limit above what there is' 0 \
  "$tenon" --memory-limit 100000G app.js
says 'a memory limit in which nothing starts' 1 \
  'tenon: app.js: the memory limit is too low to start' \
  "$tenon" --memory-limit 1000 app.js
is_misused 'options and no file' 'tenon: expected FILE, -, eval, resolve, types or cache' \
  --timeout 5
is_misused 'eval without code' 'tenon: eval: expected CODE' eval
is_misused 'an empty name' 'tenon: expected FILE, got an empty name' ''
call "$tenon"
[ "$code" -eq 2 ] && head -n 1 err | grep -q '^usage: tenon' &&
  status=0 || status=1
result "$status" 'nothing at all is answered with the usage'
check 'misuse is told in one line of JSON' 2 '' '"kind":"usage"' \
  "$tenon" --json-errors --nope
[ "$(wc -l <err)" -eq 1 ] && status=0 || status=1
result "$status" 'nothing but that line'

# --- Files --------------------------------------------------------------------

says 'a file that is missing' 1 \
  'tenon: nope.js: no such file or directory' "$tenon" nope.js
says 'a folder that is missing' 1 \
  'tenon: no/pe.js: no such file or directory' "$tenon" no/pe.js
says 'a missing ending is found' 1 \
  "tenon: app: no such file or directory; did you mean 'app.js'?" \
  "$tenon" app
mkdir folder
says 'a folder' 1 'tenon: folder: is a directory' "$tenon" folder
says 'a file used as a folder' 1 'tenon: app.js/x.js: not a directory' \
  "$tenon" app.js/x.js
ln -s loop.js loop.js
says 'a loop of symbolic links' 1 \
  'tenon: loop.js: too many symbolic links encountered' "$tenon" loop.js
ln -s nowhere.js dangling.js
says 'a symbolic link to nothing' 1 \
  'tenon: dangling.js: no such file or directory' "$tenon" dangling.js
ln -s app.js link.js
prints 'a symbolic link to a file' 0 "$tenon" link.js
long=$(awk 'BEGIN { while (n++ < 300) printf "x" }')
says 'a name that is too long' 1 "tenon: $long: name too long" \
  "$tenon" "$long"

cp app.js secret.js
chmod 000 secret.js
chmod 755 "$scratch"
name='a file that may not be read'
line='tenon: secret.js: permission denied'
if [ "$(id -u)" -ne 0 ]; then
  says "$name" 1 "$line" "$tenon" secret.js
elif ! command -v setpriv >/dev/null 2>&1; then
  skip "$name" 'root may read everything, and setpriv is not installed'
else
  # A copy: the build may lie where only root can go.
  cp "$tenon" copy
  says "$name" 1 "$line" \
    setpriv --reuid=65534 --regid=65534 --clear-groups ./copy secret.js
fi
chmod 600 secret.js

: >empty.js
prints 'an empty file' '' "$tenon" empty.js
prints '/dev/null' '' "$tenon" /dev/null
prints 'nothing on standard input' '' "$tenon" -
printf 'console.log(1)' >no-newline.js
prints 'a file whose last line does not end' 1 "$tenon" no-newline.js
printf 'console.log(1) // comment' >comment.js
prints 'a file that ends in a comment' 1 "$tenon" comment.js
printf '#!/usr/bin/env tenon\nconsole.log(1)\n' >hashbang.js
prints 'a file with a #! line' 1 "$tenon" hashbang.js
printf '\357\273\277console.log(1)\n' >mark.js
prints 'a byte-order mark' 1 "$tenon" mark.js
printf '\357\273\277#!/usr/bin/env tenon\nconsole.log(1)\n' >mark-hashbang.js
prints 'a byte-order mark before a #! line' 1 "$tenon" mark-hashbang.js
printf '#!/usr/bin/env tenon' >only-hashbang.js
prints 'nothing but a #! line' '' "$tenon" only-hashbang.js
printf 'const a = `x\r\ny`;\r\n// comment\r\nconsole.log(a.length);\r\n' >crlf.js
prints 'lines that end as on Windows' 3 "$tenon" crlf.js
printf '#!/usr/bin/env tenon\r\nconsole.log(1);\r\n  let = ;\r\n' >crlf-bad.js
check 'a mistake in such a file has its place' 1 '' 'crlf-bad.js:3:' \
  "$tenon" crlf-bad.js
for name in -x.js --timeout - eval -- 'a b.js' 'a%20b.js' 'a#b.js' 'a?b.js' \
  "a'b\"c.js" "$(printf 'new\nline.js')" 'ünï✓.js' '*.js' '\.js'; do
  cp app.js "./$name"
  prints "a file named '$(printf '%s' "$name" | tr '\n' ' ')'" 1 \
    "$tenon" -- "$name" argument
done
mkdir 'f #1?%'
echo 'import x from "./b%23.mjs";
console.log(x, import.meta.url.replace(/.*\/(.*\/)/, "$1"))' >'f #1?%/a#.mjs'
echo 'export default 7' >'f #1?%/b#.mjs'
prints 'such names import each other, escaped' \
  '7 f%20%231%3F%25/a%23.mjs' "$tenon" 'f #1?%/a#.mjs'
name=$(printf 'a\377b.js')
cp app.js "$name"
prints 'a file whose name is not UTF-8' 0 "$tenon" "$name"
says 'a missing file whose name is not UTF-8' 1 \
  "tenon: $(printf 'x\377.js'): no such file or directory" \
  "$tenon" "$(printf 'x\377.js')"
call "$tenon" --json-errors "$(printf 'x\377"\\\001.js')"
[ "$code" -eq 1 ] && iconv -f UTF-8 -t UTF-8 err >/dev/null 2>&1 &&
  "$tenon" eval 'JSON.parse(process.argv[1])' "$(cat err)" >out 2>&1 &&
  status=0 || status=1
result "$status" 'such a name is still told in JSON that can be read'

mkfifo fifo
cat app.js >fifo &
prints 'a FIFO' 0 "$tenon" fifo
wait
prints '/dev/stdin' 1 sh -c "'$tenon' /dev/stdin x <app.js"
prints '/dev/stdin that is a pipe' 1 sh -c "cat app.js | '$tenon' /dev/stdin x"

# --- Sources ------------------------------------------------------------------

printf 'let a = 1;\n  let b = ;\n' >syntax.js
call "$tenon" syntax.js
was 1 '' 'SyntaxError' && grep -qxF "$scratch/syntax.js:2" err &&
  grep -qxF '  let b = ;' err && grep -qxF '          ^' err &&
  grep -qF 'syntax.js:2:11' err && status=0 || status=1
result "$status" 'a mistake is shown with line, column and caret'
cp syntax.js syntax.mjs
check 'in a module too' 1 '' 'syntax.mjs:2:11' "$tenon" syntax.mjs
printf 'import "./syntax.mjs";' >imports.mjs
check 'in an import too' 1 '' 'syntax.mjs:2:11' "$tenon" imports.mjs

printf 'console.log("a\377b\303(\355\240\200".replace(/\\ufffd/g, "?"))\n' \
  >latin.js
prints 'bytes that are not UTF-8 are U+FFFD in a string' 'a?b?(???' \
  "$tenon" latin.js
printf '// \377\n/* \300\200 */ console.log(1)\n' >latin-comment.js
prints 'and harmless in a comment' 1 "$tenon" latin-comment.js
printf 'let \377 = 1;\n' >latin-name.js
check 'and a mistake in a name' 1 '' 'latin-name.js:1:5' "$tenon" latin-name.js
printf '// \360\237\230' >cut.js
prints 'a character that is cut off by the end' '' "$tenon" cut.js
printf 'console.log("a\000b".length, "a\000b".charCodeAt(1))\n' >nul.js
prints 'a NUL in a string stays' '3 0' "$tenon" nul.js
printf '// a\000b\nconsole.log(1)\n' >nul-comment.js
prints 'a NUL in a comment is harmless' 1 "$tenon" nul-comment.js
printf 'let a;\n\000a = 1;\n' >nul-code.js
check 'a NUL elsewhere is a mistake with its place' 1 '' 'nul-code.js:2:1' \
  "$tenon" nul-code.js
printf 'console.log(1);\000\nlet = ;' >nul-end.js
check 'what stands behind a NUL is not cut off' 1 '' SyntaxError \
  "$tenon" nul-end.js
head -c 20000 /dev/urandom >noise.js
call "$tenon" noise.js
[ "$code" -eq 1 ] && [ "$(wc -l <err)" -gt 0 ] && status=0 || status=1
result "$status" 'noise is a mistake'

# Large, but each within a few seconds and within memory.
mib=$((100 / scale))
awk -v n=$((mib * 16384)) 'BEGIN {
  while (i++ < n)
    print "// 64 bytes a line, which make no code and are only to be passed"
  print "console.log(\"end\")" }' >large.js
prints "a file of $mib MiB of comments" end \
  "$tenon" --memory-limit $((mib * 3))M large.js
awk -v n=$((mib * 16384)) 'BEGIN {
  printf "const s = \""
  while (i++ < n)
    printf "64 bytes a piece of text, which is one string that has no end, -"
  print "\"; console.log(s.length)" }' >large.js
prints "a string of $mib MiB" $((mib * 16384 * 64)) \
  "$tenon" --memory-limit $((mib * 5))M large.js
awk 'BEGIN { while (i++ < 20000) print "x" i " = " i ";"
  print "console.log(x20000)" }' >large.js
prints 'a file of 20,000 statements' 20000 "$tenon" large.js
rm large.js

# --- Recursion ----------------------------------------------------------------

cat >deep.js <<'END'
const n = 1e5;
const wrong = [];

function check(what, f) {
  try {
    f();
  } catch (e) {
    if (e instanceof RangeError || e instanceof SyntaxError) return;
    wrong.push(`${what}: ${e}`);
  }
}

for (const [open, close] of [
  ['[', ']'], ['(', ')'], ['{', '}'], ['!', '1'], ['- ', '1'], ['a=>', '1'],
  ['if(1)', ';'], ['1+', '1'], ['`${', '}`'], ['[{a:', '}]'], ['1**', '1'],
  ['function f(){', '}'], ['(class{m(){', '}})'], ['1?1:', '1'], ['new ', 'A'],
  ['a?.b.', 'a'], ['for(;;)', ';'], ['x=', '1'], ['a[', ']'], ['a(', ')'],
  ['do ', 'while(0);'], ['try{', '}catch{}'], ['switch(1){case 1:', '}'],
  ['[', ''], ['(', ''], ['{', ''], ['`${', ''], ['(a=', ')=>1'], ['[...', ']'],
  ['class A extends ', '{}'], ['({get a(){return ', '}})'], ['var [', ']=1'],
]) {
  const code = open.repeat(n) + close.repeat(n);
  check(`new Function ${open}`, () => new Function(code));
  check(`eval ${open}`, () => (0, eval)(`if (0) {${code}}`));
}

let array = [], object = {}, proxy = function () {}, bound = proxy;
for (let i = 0; i < n; i++) {
  array = [array];
  object = { object };
  proxy = new Proxy(proxy, {});
  if (i < 2000) bound = bound.bind();
}
check('JSON.parse', () => JSON.parse('['.repeat(n)));
check('JSON.stringify', () => JSON.stringify(object));
check('toString', () => String(array));
check('flat', () => array.flat(Infinity));
check('proxy', () => [proxy.x, Object.keys(proxy), proxy instanceof proxy]);
check('call of proxy', () => proxy());
check('call of bound', () => bound());
check('RegExp (', () => new RegExp('('.repeat(n) + ')'.repeat(n)));
check('RegExp (?:', () => new RegExp('(?:'.repeat(n) + ')'.repeat(n)));
check('RegExp [', () => new RegExp('['.repeat(n) + ']'.repeat(n), 'v'));
check('RegExp, long text', () => /(a|b)*c/y.test('ab'.repeat(n)));
check('toPrimitive', () => {
  const a = { [Symbol.toPrimitive]: () => +a };
  +a;
});
check('getter', () => {
  const a = { get b() { return a.b; } };
  a.b;
});
check('toJSON', () => {
  const a = { toJSON: () => JSON.stringify(a) };
  JSON.stringify(a);
});
check('eval', () => {
  globalThis.f = () => (0, eval)('f()');
  f();
});
check('sort', () => {
  const f = () => [2, 1].sort(f);
  f();
});
check('replace', () => {
  const f = () => 'a'.replace(/a/, f);
  f();
});
check('generator', () => {
  function* f() { yield* f(); }
  f().next();
});
check('iterator', () => {
  const a = { [Symbol.iterator]: () => [...a] };
  [...a];
});
check('async', () => {
  async function f() { await f(); }
  f().catch(() => {});
});
console.log(String(array.length), wrong.length ? wrong : 'fine');
END
prints 'what is too deep is a RangeError or a SyntaxError' '1 fine' \
  "$tenon" deep.js
prints 'and the program goes on' 'RangeError 2' "$tenon" eval \
  'try { (function f() { f(); })(); } catch (e) { console.log(e.name, 1 + 1); }'
awk 'BEGIN { while (i++ < 100000) printf "["; while (i-- > 1) printf "]" }' \
  >brackets.js
check 'a file of 100,000 nested brackets' 1 '' \
  'RangeError: Maximum call stack size exceeded' "$tenon" brackets.js
prints 'an array of 100,000 levels is shown' '[ [ [ [Array] ] ] ]' \
  "$tenon" eval 'let a = []; for (let i = 0; i < 1e5; i++) a = [a];
  console.log(a)'
mkdir chain
awk 'BEGIN { for (i = 0; i < 5000; i++) {
  file = "chain/" i ".mjs"
  print "import \"./" (i + 1) ".mjs\"" >file
  close(file) }
  print "console.log(1)" >"chain/5000.mjs" }'
call "$tenon" chain/0.mjs
was 0 1 '' || was 1 '' 'RangeError: Maximum call stack size exceeded' &&
  status=0 || status=1
result "$status" 'a chain of 5000 imports runs, or is too deep'
for form in '' --json-errors; do
  # shellcheck disable=SC2086
  check "an error with 100,000 causes is told ${form:-as text}" 1 '' Error \
    "$tenon" $form eval 'let e = new Error("x");
    for (let i = 0; i < 1e5; i++) e = new Error("x", { cause: e });
    throw e'
  # shellcheck disable=SC2086
  check "an error that is its own cause is told ${form:-as text}" 1 '' Error \
    "$tenon" $form eval 'const e = new Error("x"); e.cause = e; throw e'
  # shellcheck disable=SC2086
  check "an error of 2 ** 50 errors is told ${form:-as text}" 1 '' \
    AggregateError "$tenon" $form eval 'let e = new Error("x");
    for (let i = 0; i < 50; i++) e = new AggregateError([e, e]);
    throw e'
done
prints 'a getter that throws is not called by console.log' \
  '{ a: [Getter] }' "$tenon" eval \
  'console.log({ get a() { throw new Error("no"); } })'
prints 'a conversion that throws can be caught' no "$tenon" eval \
  'try { console.log(`${{ toString() { throw new Error("no"); } }}`); }
  catch (e) { console.log(e.message); }'

# --- Time ---------------------------------------------------------------------

# The program ends soon after its limit, with exit code 1 and this line.
is_ended() { # NAME CODE; what it prints does not matter
  started=$(date +%s%N)
  call "$tenon" --timeout 200ms eval "$2"
  took_ms=$((($(date +%s%N) - started) / 1000000))
  line='tenon: [eval]: time limit of 200 ms reached'
  [ "$code" -eq 1 ] && [ "$(cat err)" = "$line" ] && [ "$took_ms" -ge 200 ] &&
    [ "$took_ms" -lt $((2500 * scale)) ] && status=0 || status=1
  [ "$status" -eq 0 ] || echo "# took $took_ms ms"
  result "$status" "a time limit ends $1"
}

is_ended 'a loop' 'for (;;);'
is_ended 'a loop that catches everything' \
  'for (;;) try { for (;;); } catch {} finally { for (;;); }'
is_ended 'a loop of microtasks' \
  '(function f() { Promise.resolve().then(f); })()'
is_ended 'a loop of await' 'for (;;) await 0;'
is_ended 'a loop of timers' '(function f() { setTimeout(f); })()'
is_ended 'a getter that console.log does not call' \
  'const a = { get b() { for (;;); } }; console.info(a); a.b'
is_ended 'a toString' '`${{ toString() { for (;;); } }}`'
is_ended 'the executor of a Promise' \
  'new Promise(() => { try { for (;;); } catch {} finally { for (;;); } })
  .catch(() => { for (;;); })'
is_ended 'an await with a timer' \
  'setInterval(() => {}, 10); await new Promise(() => {})'
is_ended 'a program that waits' 'setTimeout(() => {}, 1e6)'
is_ended 'a generator that is closed' 'function* f() {
    try { yield 1; } finally { for (;;); } }
  for (const a of f()) break'
is_ended 'a proxy' 'new Proxy({}, { get() { for (;;); } }).a'
is_ended 'a sort' '[2, 1].sort(() => { for (;;); })'
is_ended 'a sort of much' 'for (;;)
  Array.from({ length: 1e5 }, (_, i) => i * 7919 % 1e5).sort()'
is_ended 'recursion' '(function f() {
    try { f(); } catch {} try { f(); } catch {} })()'
is_ended 'a regular expression' '/(a*)*b/.test("a".repeat(1000))'
is_ended 'a long builtin' 'new Array(2 ** 32 - 1).join("ab")'
is_ended 'BigInts' 'for (;;) (3n ** 100000n) ** 5n'
is_ended 'what is told of an error' 'const e = new Error("x");
  Object.defineProperty(e, "name", { get() { for (;;); } });
  throw e'
is_ended 'a parse' 'for (;;) (0, eval)("1;".repeat(1e5))'
is_ended 'JSON' 'const a = JSON.stringify(Array(1e5).fill([]));
  for (;;) JSON.parse(a)'
is_ended 'a loop in a module of an import' \
  'await import("data:text/javascript,for(;;);").catch(() => {}); for (;;);'
echo 'for (;;);' >loop.mjs
check 'a time limit ends a file, and names it' 1 '' \
  'tenon: loop.mjs: time limit of 200 ms reached' \
  "$tenon" --timeout 200ms loop.mjs
mkfifo silent
sleep 2 >silent &
check 'a time limit ends a FIFO that stays silent' 1 '' 'time limit' \
  sh -c "'$tenon' --timeout 200ms - <silent"
wait
prints 'a program that is done in time' 1 "$tenon" --timeout 60 eval \
  'console.log(1)'
check 'a time limit in JSON' 1 '' '"limitMs":200' \
  "$tenon" --timeout 0.2 --json-errors eval 'for (;;);'

# --- Memory -------------------------------------------------------------------

is_full() { # NAME CODE
  call "$tenon" --memory-limit 16M --timeout 60s eval "$2"
  was 1 '' 'tenon: [eval]: memory limit of 16 MiB reached' &&
    [ "$(wc -l <err)" -eq 1 ] && status=0 || status=1
  result "$status" "a memory limit ends $1"
}

is_full 'arrays' 'const a = []; for (;;) a.push([]);'
is_full 'one array' 'const a = []; for (;;) a.push(1);'
is_full 'strings' 'const a = []; for (;;) a.push("x".repeat(1000));'
is_full 'a string that is repeated' '"x".repeat(2 ** 28)'
is_full 'numbers as text' 'const a = []; for (let i = 0; ; i++) a.push(`${i}`);'
is_full 'ArrayBuffers' \
  'const a = []; for (;;) a.push(new ArrayBuffer(100000));'
is_full 'one ArrayBuffer' 'new ArrayBuffer(2 ** 30)'
is_full 'a growing ArrayBuffer' 'const a = new ArrayBuffer(1,
  { maxByteLength: 2 ** 29 }); for (let i = 1; ; i *= 2) a.resize(i);'
is_full 'closures' 'let f; for (;;) { const g = f; f = () => g; }'
is_full 'timers' 'for (;;) setTimeout(() => {}, 1e6);'
is_full 'jobs' 'for (;;) Promise.resolve().then(() => {});'
is_full 'Promises' 'const a = []; for (;;) a.push(new Promise(() => {}));'
is_full 'a Map' 'const a = new Map(); for (let i = 0; ; i++) a.set(i, {});'
is_full 'symbols' 'const a = [];
  for (let i = 0; ; i++) a.push(Symbol.for(`symbol ${i}`));'
is_full 'properties' 'for (let i = 0; ; i++) globalThis[`name ${i}`] = i;'
is_full 'a regular expression' '/(?:a|b)*c/.test("ab".repeat(6e6))'
is_full 'BigInts' 'const a = []; for (;;) a.push(1n << 1000000n);'
is_full 'code' 'for (let i = 0, a = []; ; i++) a.push(
  new Function(`return "${"x".repeat(1000)}${i}"`));'
is_full 'a catch that needs memory again' 'const a = []; function f() {
    try { for (;;) a.push(new Array(1000).fill(0)); }
    catch { a.push({}); f(); } finally { a.push({}); f(); } }
  f()'
is_full 'what rejections would handle' '(async () => {
    const a = []; for (;;) a.push(new Array(1000).fill(0)); })()
  .catch(() => console.log("caught")).finally(() => console.log("finally"))'
is_full 'a program behind a timer' 'setTimeout(() => {
    const a = []; for (;;) a.push([]); }, 1);
  process.exitCode = 0'
prints 'a program that gives its memory back goes on' 1 \
  "$tenon" --memory-limit 16M eval \
  'for (let i = 0; i < 1000; i++) new ArrayBuffer(1e6);
  for (let i = 0; i < 1e5; i++) { const a = {}; a.a = a; }
  console.log(1)'
check 'a memory limit in JSON' 1 '' '"limitBytes":16777216' \
  "$tenon" --memory-limit 16M --json-errors eval 'new ArrayBuffer(2 ** 30)'
if [ -z "$sanitize" ]; then
  # Without a limit of ours the system's is reached; it is no limit of ours.
  call sh -c "ulimit -v 200000; exec '$tenon' eval '
    const a = []; for (;;) a.push(new Array(1000).fill(0))'"
  [ "$code" -eq 1 ] && grep -q 'out of memory' err && ! grep -q 'limit' err &&
    status=0 || status=1
  result "$status" 'memory that the system refuses is no limit of 0 bytes'
else
  skip 'memory that the system refuses is no limit of 0 bytes' \
    'a sanitizer needs the memory'
fi

# --- Surroundings -------------------------------------------------------------

echo 'console.log("out"); console.error("err"); console.log("again")' >io.js
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' \
  '<&- >&- 2>&-'; do
  out_text='out
again'
  err_text=err
  case $closed in *' >&-'* | '>&-'*) out_text= ;; esac
  case $closed in *'2>&-'*) err_text= ;; esac
  check "files that are closed: $closed" 0 "$out_text" "$err_text" \
    sh -c "exec '$tenon' io.js $closed"
  check "a program from an input that may be closed: $closed" 0 '' '' \
    sh -c "exec '$tenon' eval 'import(\"./empty.js\")' $closed"
done
check 'an error that nobody can read is exit code 1' 1 '' '' \
  sh -c "exec '$tenon' eval 'throw 1' 2>&-"
check 'standard input that is closed is empty' 0 '' '' \
  sh -c "exec '$tenon' - <&-"
if [ -c /dev/full ]; then
  check 'a full disk drops what is printed' 0 '' err \
    sh -c "exec '$tenon' io.js >/dev/full"
else
  skip 'a full disk drops what is printed' 'there is no /dev/full'
fi
prints 'an empty environment' 0 env -i "$tenon" app.js
prints 'of which process.env is empty' 0 env -i "$tenon" eval \
  'console.log(Object.keys(process.env).length)'
prints 'an environment that is no text' 1 \
  env "A=$(printf '\377')" =x "$tenon" app.js x
mkdir read-only
cp app.js read-only
chmod 555 read-only
prints 'a folder that cannot be written' 0 \
  sh -c "cd read-only && '$tenon' app.js"
chmod 755 read-only
check 'a folder that was deleted: absolute files run' 0 0 '' \
  sh -c "mkdir gone; cd gone; rmdir ../gone; exec '$tenon' '$scratch/app.js'"
check 'a folder that was deleted: relative ones are missing' 1 '' \
  'tenon: app.js: no such file or directory' \
  sh -c "mkdir gone; cd gone; rmdir ../gone; exec '$tenon' app.js"
check 'a folder that was deleted: code runs' 0 1 '' \
  sh -c "mkdir gone; cd gone; rmdir ../gone
  exec '$tenon' eval 'console.log(1)'"
# shellcheck disable=SC2046
prints '10,000 arguments' 10000 "$tenon" app.js \
  $(awk 'BEGIN { while (i++ < 10000) print i }')
long=$(awk 'BEGIN { while (i++ < 100000) printf "x" }')
prints 'an argument of 100,000 bytes' 100000 "$tenon" eval \
  'console.log(process.argv[1].length)' "$long"
says 'a file name of 100,000 bytes' 1 "tenon: $long: name too long" \
  "$tenon" "$long"
prints 'code of 100,000 bytes' 1 "$tenon" eval "/*$long*/ console.log(1)"
prints 'empty arguments' '2 0 0' "$tenon" eval \
  'const [, a, b] = process.argv;
  console.log(process.argv.length - 1, a.length, b.length)' '' ''
prints 'an argument that is not UTF-8' 'a?b' "$tenon" eval \
  'console.log(process.argv[1].replace(/\ufffd/g, "?"))' "$(printf 'a\377b')"
prints 'code that is not UTF-8' 'a?b' "$tenon" eval \
  "console.log('a$(printf '\377')b'.replace(/\\ufffd/g, '?'))"
prints 'empty code' '' "$tenon" eval ''
prints 'the value of empty code' undefined "$tenon" eval -p ''

echo "1..$count"
exit $failed
