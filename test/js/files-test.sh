#!/bin/sh
# The command on files that a script test cannot be: other endings, odd bytes,
# large ones; and with standard files that are closed or broken.
#
# usage: files-test.sh BUILD_DIR SCRATCH_DIR
set -eu
tenon=$(cd "$1" && pwd)/tenon
mkdir -p "$2"
scratch=$(cd "$2" && pwd)
cd "$scratch"
count=0
failed=0

result() { # STATUS NAME
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $count - $2"
  else
    failed=1
    sed 's/^/# /' out err
    echo "not ok $count - $2"
  fi
}

# The file's content is printf's; EXPECTED is stdout or, with a code that is
# not 0, a part of stderr.
runs() { # NAME FILE CONTENT CODE EXPECTED
  # shellcheck disable=SC2059
  [ -z "$3" ] || printf "$3" >"$2"
  code=0
  "$tenon" "$2" >out 2>err </dev/null || code=$?
  echo "code $code" >>err
  status=0
  [ "$code" -eq "$4" ] || status=1
  if [ "$4" -eq 0 ]; then
    [ "$(cat out)" = "$5" ] || status=1
  else
    grep -qaF -e "$5" err || status=1
  fi
  result $status "$1"
}

echo 1..28

# --- Endings ------------------------------------------------------------------

is_script='console.log(typeof module === "object")'
runs '.mjs is a module' a.mjs "$is_script" 0 false
runs '.cjs is CommonJS' a.cjs "$is_script" 0 true
runs '.cjs holds no module syntax' b.cjs 'export {}' 1 SyntaxError
runs '.mjs is strict' b.mjs 'with ({}) {}' 1 SyntaxError
runs 'a file without an ending is what it holds' noext "$is_script" 0 true
runs 'a file with another ending is what it holds' a.txt \
  'export {}; console.log(this)' 0 undefined
mkdir package
echo '{ "type": "module" }' >package/package.json
runs '.cjs is CommonJS in a package of modules' package/a.cjs "$is_script" 0 \
  true
mkdir -p package/node_modules/x
runs 'a package of its own ends at node_modules' \
  package/node_modules/x/a.js "$is_script" 0 true
printf '\357\273\277{ "type": "module" }' >package/package.json
runs 'a package.json may begin with a byte-order mark' package/b.js \
  "$is_script" 0 false
rm package/package.json
mkdir package/package.json
runs 'a package.json that is a folder says nothing' package/c.js \
  "$is_script" 0 true

# --- Bytes --------------------------------------------------------------------

runs 'an empty file is a program' empty.js ' ' 0 ''
runs 'a byte-order mark is skipped' bom.js "\357\273\277$is_script" 0 true
runs 'a byte-order mark may stand before #!' bom2.js \
  "\357\273\277#!/usr/bin/tenon\n$is_script" 0 true
runs 'a NUL in a string is a character' nul.js \
  'console.log("a\0b".length, "a\0b".charCodeAt(1))' 0 '3 0'
runs 'a NUL in a module does not end it' nul.mjs \
  '/* \0 */ export const a = "\0";\nconsole.log(a.length)' 0 1
runs 'a NUL elsewhere is a mistake' nul2.js 'console.log(1);\0' 1 \
  "SyntaxError"
runs 'bytes that are no UTF-8 become U+FFFD' utf.js \
  '\nconsole.log("\377") // \377' 0 "$(printf '\357\277\275')"
runs 'lines may end with CR LF' crlf.js \
  'const a = 1; // one\r\nconsole.log(a)\r\n' 0 1
runs 'a name may hold any byte' "$(printf 'a b%%20\303\251\377#?.js')" \
  'import.meta.url; console.log(process.argv[1].length > 0)' 0 true

awk 'BEGIN {
  print "const list = [];"
  for (i = 0; i < 400000; i++)
    printf "list.push(%d); // a line of text\n", i
  print "console.log(list.length);"
}' >large.js
runs 'a file of 14 megabytes runs' large.js '' 0 400000

# --- What is no program -------------------------------------------------------

runs 'a missing file is named as it was given' ./sub/../missing.js '' 1 \
  'tenon: ./sub/../missing.js: no such file or directory'
runs 'a folder is no program' . '' 1 \
  'tenon: .: is a directory'

code=0
"$tenon" >out 2>err || code=$?
status=0
[ "$code" -eq 2 ] && [ ! -s out ] && grep -q '^usage: tenon \[OPTIONS\] FILE' err ||
  status=1
result $status 'without a file the command shows how it is used'

# --- Standard files -----------------------------------------------------------

code=0
printf '%s' 'console.log("from a pipe")' | "$tenon" /dev/stdin >out 2>err ||
  code=$?
status=0
[ "$code" -eq 0 ] && [ "$(cat out)" = 'from a pipe' ] || status=1
result $status 'a program can come from a pipe'

echo 'console.log(1); process.exitCode = 3' >closed.js
code=0
"$tenon" closed.js >&- 2>err || code=$?
status=0
: >out
[ "$code" -eq 3 ] && [ ! -s err ] || status=1
result $status 'a closed stdout takes nothing and harms nothing'

code=0
"$tenon" closed.js <&- >&- 2>&- || code=$?
status=0
[ "$code" -eq 3 ] || status=1
result $status 'all standard files may be closed'

code=0
"$tenon" closed.js >/dev/full 2>err || code=$?
status=0
[ "$code" -eq 3 ] && [ ! -s err ] || status=1
result $status 'a full disk drops what console.log says'

# As any program in a pipe: it ends, silently, once nobody reads.
cat >pipe.js <<'EOF'
for (;;) console.log('a line');
EOF
{
  code=0
  "$tenon" pipe.js 2>err || code=$?
  echo "$code" >code
} | head -n 1 >out
status=0
[ "$(cat code)" -eq 141 ] && [ ! -s err ] && [ "$(cat out)" = 'a line' ] ||
  status=1
result $status 'a broken pipe ends the program'

exit $failed
