#!/bin/sh
# Programs whose order of ticks, jobs, immediates and timers is node's: what
# they print is in their first lines, as a script (node's .cjs) and as a module.
# Where there is node it is asked, too.
set -u
build=$1
scratch=$2
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tap.sh"

# Words in a line.
words() {
  tr '\n' ' ' | sed 's/ *$//'
}

# run COMMAND FILE
run() {
  "$1" "$2" 2>"$scratch/stderr" | words
}

node=
command -v node >/dev/null 2>&1 && node=node
for file in "$here"/programs/*.js; do
  name=$(basename "$file" .js)
  for kind in script module; do
    expected=$(sed -n "s,^// $kind: *,,p" "$file")
    grep -q "^// $kind:" "$file" || continue
    extension=js
    [ "$kind" = module ] && extension=mjs
    cp "$file" "$scratch/$name.$extension"
    got=$(run "$build/tenon" "$scratch/$name.$extension")
    is "$name as a $kind" "$expected" "$got"
    [ -n "$node" ] || continue
    got=$(run node "$scratch/$name.$extension")
    is "node: $name as a $kind" "$expected" "$got"
  done
done
echo "1..$count"
exit $failed
