#!/bin/sh
# tools/check-layers.sh on small trees: one for each kind of offence, and
# clean ones.
#
# usage: check-layers-test.sh BUILD_DIR SCRATCH_DIR
set -eu
checker=$(cd "$(dirname "$0")/../.." && pwd)/tools/check-layers.sh
mkdir -p "$2"
scratch=$(cd "$2" && pwd)/layers
count=0
failed=0

new_tree() {
  rm -rf "$scratch"
  mkdir -p "$scratch/docs" "$scratch/src"
  {
    echo '# Architecture'
    echo
    echo '    base < heap < bind < { std, napi } < api < cli'
  } >"$scratch/docs/ARCHITECTURE.md"
}

file() { # PATH LINE...
  mkdir -p "$scratch/$(dirname "$1")"
  path=$1
  shift
  printf '%s\n' "$@" >"$scratch/$path"
}

result() { # OK NAME
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $count - $2"
  else
    failed=1
    sed 's/^/# /' "$scratch/out"
    echo "not ok $count - $2"
  fi
}

accepts() { # NAME
  status=0
  sh "$checker" "$scratch" >"$scratch/out" 2>&1 || status=$?
  [ "$status" -eq 0 ] && [ "$(grep -c '^ok ' "$scratch/out")" -eq 1 ] &&
    ! grep -q '^[A-Za-z/.]*:[0-9]*: ' "$scratch/out" || status=1
  result "$status" "$1"
}

refuses() { # NAME PLACE WORDS; exactly one offence
  status=0
  sh "$checker" "$scratch" >"$scratch/out" 2>&1 || status=$?
  if [ "$status" -eq 1 ] && grep -q '^not ok ' "$scratch/out" &&
    [ "$(grep -c '^[A-Za-z/.]*:[0-9]*: ' "$scratch/out")" -eq 1 ] &&
    grep "^$2: " "$scratch/out" | grep -qF -- "$3"; then
    result 0 "$1"
  else
    result 1 "$1"
  fi
}

new_tree
file src/base/string.h '#include <stddef.h>' '#include <tenon/error.h>'
file src/heap/heap.c '#include "heap.h"' '#include "heap/page.h"' \
  '#include "base/string.h"' '#include "quickjs.h"'
file src/std/path/path.c '#include "std/path/join.h"' '#include "bind/args.h"'
file src/api/run.c '#include "napi/env.h"' '  #  include "std/std.h"'
file src/cli/main.c '#include "cli/args.h"' '#include "args.h"' \
  '#include <tenon.h>' '#include <tenon/runtime.h>' '#include <unistd.h>' \
  '// #include "base/string.h"'
file include/tenon.h '#include <tenon/error.h>' '#include <stdint.h>'
file include/tenon/quickjs.h '#include <quickjs.h>' '#include <tenon/error.h>'
accepts 'a clean tree'

new_tree
file src/base/string.c '#include <string.h>' '#include "heap/heap.h"'
refuses 'a higher layer' src/base/string.c:2 'heap is a higher layer'

new_tree
file src/base/string.c '# include <bind/args.h>'
refuses 'a higher layer in angle brackets' src/base/string.c:1 \
  'bind is a higher layer'

new_tree
file src/std/path/path.c '#include "napi/env.h"'
refuses 'std includes its sibling' src/std/path/path.c:1 'napi is its sibling'

new_tree
file src/napi/env.c '#include "std/std.h"'
refuses 'napi includes its sibling' src/napi/env.c:1 'std is its sibling'

new_tree
file src/base/string.c '#include "../heap/heap.h"'
refuses 'a name with dots' src/base/string.c:1 'instead of dots'

new_tree
file src/extra/a.c 'int a;'
refuses 'a folder that is no layer' src/extra/a.c:1 'in no layer'

new_tree
file src/a.c 'int a;'
refuses 'a file outside of the layers' src/a.c:1 'in no layer'

new_tree
file src/cli/main.c '#include "api/run.h"'
refuses 'cli includes another layer' src/cli/main.c:1 'cli includes only'

new_tree
file src/cli/main.c '#include <uv.h>'
refuses 'cli includes libuv' src/cli/main.c:1 'cli includes only'

new_tree
file src/cli/main.c '#include <quickjs.h>'
refuses 'cli includes the engine' src/cli/main.c:1 'no engine'

new_tree
file src/cli/main.c '#include <tenon/quickjs.h>'
refuses 'cli includes the engine by its public header' src/cli/main.c:1 \
  'no engine'

new_tree
file include/tenon/runtime.h '' '#include "quickjs.h"'
refuses 'a public header includes the engine' include/tenon/runtime.h:2 \
  'shows the engine'

new_tree
file include/tenon.h '#include <tenon/quickjs.h>'
refuses 'a public header includes the engine through another' \
  include/tenon.h:1 'shows the engine'

new_tree
file include/tenon/runtime.h '#include "tenon/error.h"'
refuses 'a public header includes with quotes' include/tenon/runtime.h:1 \
  'only <tenon/...>'

new_tree
file include/tenon/loop.h '#include <uv.h>'
refuses 'a public header includes libuv' include/tenon/loop.h:1 \
  'only <tenon/...>'

new_tree
file include/tenon/quickjs.h '#include <uv.h>'
refuses 'tenon/quickjs.h includes more than the engine' \
  include/tenon/quickjs.h:1 'only <tenon/...>'

new_tree
echo '# Architecture' >"$scratch/docs/ARCHITECTURE.md"
refuses 'no line of layers' docs/ARCHITECTURE.md:1 'no line of layers'

echo "1..$count"
exit "$failed"
