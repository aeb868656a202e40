#!/bin/sh
# The options that say what a program may import.
#
# usage: imports-test.sh BUILD_DIR SCRATCH_DIR
set -u
. "$(dirname "$0")/../tap.sh"
tenon=$(cd "$1" && pwd)/tenon
scratch=$(cd "$2" && pwd)
cd "$scratch" || exit 2
mkdir -p app/node_modules/p other

echo 'export default 1' >app/a.mjs
echo 'export default 2' >other/b.mjs
echo 'export default 3' >app/node_modules/p/index.mjs
echo '{"exports":"./index.mjs"}' >app/node_modules/p/package.json
echo text >app/x.so
cat >app/main.mjs <<'END'
const said = [];
for (const s of ['./a.mjs', '../other/b.mjs', 'p', './x.so', 'tenon:process'])
  said.push(await import(s).then((m) => m.default ?? 'm', (e) => e.code.slice(4)));
console.log(said.join(' '));
END

run() {
  "$tenon" "$@" app/main.mjs 2>&1
}
denied=ACCESS_DENIED
failed_so=DLOPEN_FAILED

is 'without options all is importable' "1 2 3 $failed_so m" "$(run)"
is '--import-root: only what is in the folder' \
  "1 $denied 3 $failed_so m" "$(run --import-root app)"
is '--import-root again: of that folder too' \
  "1 2 3 $failed_so m" "$(run --import-root=app --import-root other)"
is '--no-native: no shared objects' "1 2 3 $denied m" "$(run --no-native)"
is '--no-node-modules: no packages' \
  "1 2 $denied $failed_so m" "$(run --no-node-modules)"
is '--allow-import: nothing else' "$denied $denied 3 $denied m" \
  "$(run --allow-import p --allow-import 'tenon:*')"
is 'the program itself is run wherever it is' \
  "$denied 2 MODULE_NOT_FOUND $denied m" "$(run --import-root other)"
is 'a root that is not there is said' \
  'tenon: nowhere: no such file or directory' \
  "$(run --import-root app --import-root nowhere)"
is 'a root that is no folder is said' 'tenon: app/a.mjs: not a directory' \
  "$(run --import-root app/a.mjs)"
is 'an empty root is wrong usage' 2 \
  "$(run --import-root= >/dev/null; echo $?)"
is 'rules are for programs' 'tenon: types: --no-native is for programs' \
  "$("$tenon" --no-native types app/x.so 2>&1 | head -1)"
is 'they hold for code' $denied "$("$tenon" --import-root app eval '
  import("./other/b.mjs").catch((e) => console.log(e.code.slice(4)))' 2>&1)"

# --- Import maps --------------------------------------------------------------

echo 'import a from "a"; console.log(a)' >app/mapped.mjs
echo '{"imports": {"a": "./app/a.mjs", "b/": "./other/"}}' >map.json
echo '{"imports": {,}}' >bad.json
mapped() {
  "$tenon" "$@" 2>&1
}
is '--import-map: names mean what it says' 1 \
  "$(mapped --import-map map.json app/mapped.mjs)"
is 'it holds for code, and rules hold for what it gives' "2 $denied" \
  "$(mapped --import-map=map.json eval 'import("b/b.mjs").then((m) =>
    console.log(m.default))') $(mapped --import-map=map.json --import-root app \
    eval 'import("b/b.mjs").catch((e) => console.log(e.code.slice(4)))')"
is 'one that is no JSON is told with its place' 1 \
  "$(mapped --import-map bad.json app/mapped.mjs | grep -c 'bad.json:1:14')"
is 'and ends the command with 1' 1 \
  "$(mapped --import-map bad.json app/mapped.mjs >/dev/null; echo $?)"
is 'one that is not there is said' \
  'tenon: no.json: no such file or directory' \
  "$(mapped --import-map no.json app/mapped.mjs)"
is 'one is for programs' 'tenon: types: --import-map is for programs' \
  "$(mapped --import-map map.json types app/x.so | head -1)"

echo "1..$count"
exit $failed
