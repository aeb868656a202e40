#!/bin/sh
# The engine's edits at work: engine-test.sh BUILD_DIR SCRATCH_DIR. TAP, several
# plans. TENON_OOM_SAMPLE=N tries about N failures a scenario; 0 or unset: all.
set -u
here=$(cd "$(dirname "$0")" && pwd)
programs=$1/test/engine
status=0

"$programs/limit" || status=1
"$programs/termination" || status=1

# A scenario has about a thousand allocations.
stride=1
if [ "${TENON_OOM_SAMPLE:-0}" -gt 0 ]; then
  stride=$((1000 / TENON_OOM_SAMPLE))
  [ "$stride" -ge 1 ] || stride=1
fi
"$programs/oom" -j 2 -s "$stride" "$here/oom" || status=1
exit $status
