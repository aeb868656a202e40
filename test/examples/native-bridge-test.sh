#!/bin/sh
# examples/native-bridge: what its programs print, how often they are run and
# however fast the native side is; more answers than may wait, aborts that race
# with answers, ends while operations are open; and a build of the example alone.
#
# usage: native-bridge-test.sh BUILD_DIR SCRATCH_DIR
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
scratch=$(cd "$2" && pwd)
out=$scratch/out
# shellcheck source=test/tap.sh
. "$here/../tap.sh"
program=$build/examples/native-bridge/native-bridge

cached() { # NAME; its value in the build's cache
  sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"
}

# --- What it prints -----------------------------------------------------------

cd "$root/examples/native-bridge"

prints_expected() { # PROGRAM...
  timeout 60 "$@" bridge.js main.js hostile.js closing.js \
    >"$scratch/said" 2>&1
  diff -U 3 "$here/native-bridge.expected" "$scratch/said"
}
test_that 'the example prints what is expected' prints_expected "$program"

prints_it_again() { # COUNT
  i=0
  while [ "$i" -lt "$1" ]; do
    prints_expected "$program" -d $((i % 5 * 400)) || return 1
    i=$((i + 1))
  done
}
test_that 'it prints the same fifty times, with answers at once or late' \
  prints_it_again 50

# --- Many ---------------------------------------------------------------------

says() { # DELAY_US SCRIPT EXPECTED
  printf '%s\n' "$3" >"$scratch/expected"
  timeout 120 "$program" -d "$1" bridge.js "$scratch/$2" >"$scratch/said" 2>&1
  sed 1d "$scratch/said" | diff "$scratch/expected" -
}

# More than may wait (TENON_CALLBACK_MOST_POSTED), while the loop does not turn.
cat >"$scratch/many.js" <<'EOT'
const all = [];
for (let i = 0; i < 66000; i++) all.push(lookup(i % 7 ? 'ada' : 'nobody'));
for (const end = Date.now() + 500; Date.now() < end;);
const told = await Promise.allSettled(all);
const fulfilled = told.filter(({ value }) => value === 'Ada Lovelace').length;
print(`${fulfilled} of ${told.length}`);
EOT
test_that 'no answer is lost where as many wait as may' says 0 many.js \
  '56571 of 66000
ended: bridges 0 of 1 freed, directories 0 of 1 closed, questions 66000 of 66000 ended
closed: bridges 1 of 1 freed, directories 1 of 1 closed, questions 66000 of 66000 ended'

# The thread waits for room then, and whoever closes waits for the thread.
ends_well() { # SCRIPT
  timeout 120 "$program" -d 0 bridge.js "$scratch/$1" >"$scratch/said" 2>&1
  sed -n '$p' "$scratch/said" >"$scratch/last"
  echo 'closed: bridges 1 of 1 freed, directories 1 of 1 closed, questions' \
    '66000 of 66000 ended' | diff - "$scratch/last"
}

cat >"$scratch/many-closing.js" <<'EOT'
for (let i = 0; i < 66000; i++) lookup('ada').then(print);
for (const end = Date.now() + 500; Date.now() < end;);
process.exit();
EOT
test_that 'a runtime is closed while answers wait for room' \
  ends_well many-closing.js

cat >"$scratch/many-aborted.js" <<'EOT'
const controllers = [];
for (let i = 0; i < 66000; i++) {
  const controller = new AbortController();
  controllers.push(controller);
  lookup('ada', { signal: controller.signal }).catch(() => {});
}
for (const end = Date.now() + 500; Date.now() < end;);
for (const controller of controllers) controller.abort();
delete globalThis.lookup;
EOT
test_that 'a bridge is freed while answers wait for room' \
  ends_well many-aborted.js

# Each ends one way or the other, and nothing is left of it.
cat >"$scratch/race.js" <<'EOT'
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const names = ['ada', 'nobody', 'grace', 'godot'];
let count = 0;
for (const ask of [lookup, find]) {
  for (let round = 0; round < 40; round++) {
    const controllers = [];
    const all = [];
    for (let i = 0; i < 40; i++) {
      const controller = new AbortController();
      const { signal } = controller;
      controllers.push(controller);
      all.push(ask(names[i % 4], { signal }).then(
        (name) => name.length > 10,
        (e) => e.name === 'RangeError' || (e === 'enough' && signal.aborted)));
    }
    for (let i = 0; i < 40; i++) {
      controllers[i * 7 % 40].abort('enough');
      if (i % 10 === round % 10) await sleep(round % 3);
    }
    count += (await Promise.all(all)).filter((right) => right === true).length;
  }
}
delete globalThis.lookup;
print(`${count} ended`);
EOT
for us in 0 20 200; do
  test_that "aborts that race with answers end each question once ($us us)" \
    says $us race.js '3200 ended
ended: bridges 1 of 1 freed, directories 1 of 2 closed, questions 3200 of 3200 ended
closed: bridges 1 of 1 freed, directories 2 of 2 closed, questions 3200 of 3200 ended'
done

# --- The example alone --------------------------------------------------------

# As its user would have it: a copy, and the library where it is installed.
cp -R "$root/examples/native-bridge" "$scratch/copy"
builds_alone() {
  sanitize=$(cached TENON_SANITIZE)
  cmake --install "$build" --prefix "$scratch/prefix" >/dev/null || return 1
  pc=$(find "$scratch/prefix" -name tenon.pc)
  PKG_CONFIG_PATH=$(dirname "$pc")
  export PKG_CONFIG_PATH
  cd "$scratch/copy"
  # shellcheck disable=SC2046
  "$(cached CMAKE_C_COMPILER)" -O2 -Wall -Wextra -Werror ${sanitize:+"-fsanitize=$sanitize"} ./*.c \
    -o bridge -pthread $(pkg-config --cflags --libs tenon) || return 1
  LD_LIBRARY_PATH=$(dirname "$(find "$scratch/prefix" -name libtenon.so)")
  export LD_LIBRARY_PATH
  prints_expected ./bridge
}
test_that 'a copy of it builds with the installed library, and runs' \
  builds_alone

echo "1..$count"
exit $failed
