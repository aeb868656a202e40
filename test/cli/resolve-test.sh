#!/bin/sh
# `tenon resolve`: each step of finding what a specifier means, and what it is.
#
# usage: resolve-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
tenon=$(cd "$1" && pwd)/tenon
scratch=$(cd "$2" && pwd -P)
cd "$scratch" || exit 2
mkdir -p app/node_modules/p/lib app/src out

echo 'export {}' >app/src/a.mjs
echo 'export {}' >out/o.mjs
echo '{"exports":{".":{"deno":"./d.js","import":"./lib/i.mjs","require":"./lib/r.cjs"},"./x/*":"./lib/*.mjs"}}' \
  >app/node_modules/p/package.json
echo 'export {}' >app/node_modules/p/lib/i.mjs
echo '' >app/node_modules/p/lib/r.cjs
ln -s a.mjs app/src/link.mjs
ln -s ../../out/o.mjs app/src/out.mjs
echo '{"imports": {"m": "./app/src/a.mjs"}}' >map.json

# All lines, with the folder left out.
told() {
  "$tenon" "$@" 2>&1 | sed "s|$scratch/||g"
}
last() {
  "$tenon" "$@" 2>/dev/null | sed "s|$scratch/||g" | tail -1
}

is 'a path, with a link' "$(cat <<'END'
  native modules: passes
  builtin modules: passes
  files:
    app/src/link.mjs: a file, really app/src/a.mjs
    answers
file://app/src/a.mjs
END
)" "$(told resolve ./link.mjs --from app/src/main.mjs)"

is 'a package: folders, package.json, conditions, files' "$(cat <<'END'
  native modules: passes
  builtin modules: passes
  files: passes
  URLs: passes
  packages:
    app/src/package.json: not there
    app/package.json: not there
END
)" "$(told resolve p --from app/src/main.mjs | sed 7q)"
is 'and what they come to' "$(cat <<'END'
    app/src/node_modules/p: not there
    app/node_modules/p: a folder
    app/node_modules/p/package.json: read
    condition 'deno': does not hold
    condition 'import': holds
    "exports" has '.': the target './lib/i.mjs'
    app/node_modules/p/lib/i.mjs: a file
    answers
file://app/node_modules/p/lib/i.mjs
END
)" "$(told resolve p --from app/src/main.mjs | sed -n '/node_modules.p: not there/,$p')"

is '--require goes by the rules of require' app/node_modules/p/lib/r.cjs \
  "$(last resolve --require p --from app/src/main.cjs)"
is 'without --from it is the working directory' file://app/src/a.mjs \
  "$(last resolve ./app/src/a.mjs)"
is '--from a folder is something in it' file://app/src/a.mjs \
  "$(last resolve ./a.mjs --from app/src)"
is '--from a URL' file://app/src/a.mjs \
  "$(last resolve ./a.mjs "--from=file://$scratch/app/src/x.mjs")"
is 'a builtin module is its name' tenon:process "$(last resolve tenon:process)"
is 'an import map is asked' '  import map: file://app/src/a.mjs' \
  "$(told --import-map map.json resolve m | head -1)"
is 'rules are told' 1 "$(told --import-root app resolve ./app/src/a.mjs |
  grep -c 'rules allow app/src/a.mjs')"
is 'what they forbid is not found, and nothing of it is told' \
  "  native modules: passes
  builtin modules: passes
  files:
    rules forbid app/src/out.mjs
    refuses" \
  "$(told --import-root app resolve ./out.mjs --from app/src/m.mjs | sed 5q)"
is 'and is the error of an import' ERR_ACCESS_DENIED "$("$tenon" --import-root \
  app resolve ./out.mjs --from app/src/m.mjs 2>&1 | grep -o ERR_ACCESS_DENIED |
  head -1)"

is 'what is not found ends with 1' 1 \
  "$("$tenon" resolve none >/dev/null 2>&1; echo $?)"
is 'its steps are told all the same' 1 "$("$tenon" resolve none 2>/dev/null |
  grep -c 'packages:')"
is 'and its error is one of a program' 1 "$("$tenon" resolve none 2>&1 \
  >/dev/null | grep -c "Cannot find module 'none'")"
is 'as JSON it is one line' 1 "$("$tenon" --json-errors resolve none 2>&1 \
  >/dev/null | grep -c '^{.*"code":"ERR_MODULE_NOT_FOUND"')"
is 'what is found ends with 0' 0 \
  "$("$tenon" resolve ./app/src/a.mjs >/dev/null 2>&1; echo $?)"

is 'no specifier is wrong usage' 'tenon: resolve: expected SPECIFIER' \
  "$("$tenon" resolve 2>&1 | head -1)"
is 'two are, too' 'tenon: resolve: expected one SPECIFIER' \
  "$("$tenon" resolve a b 2>&1 | head -1)"
is 'limits are for programs' 'tenon: resolve: --timeout is for programs' \
  "$("$tenon" --timeout 1s resolve a 2>&1 | head -1)"
is 'a specifier that looks like an option stands behind --' 1 \
  "$("$tenon" resolve -- --x 2>&1 | grep -c "Cannot find module '--x'")"

echo "1..$count"
exit $failed
