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

echo "1..$count"
exit $failed
