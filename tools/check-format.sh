#!/bin/sh
# Checks, as TAP, that clang-format would leave every C file of ours, tracked
# or new, as it is; with --fix it formats them instead. Only version 14
# decides: with another one, or none, the check is skipped.
#
# usage: check-format.sh [--fix]
set -eu
cd "$(dirname "$0")/.."

formatter=
for name in clang-format-14 clang-format; do
  if command -v "$name" >/dev/null 2>&1 &&
    "$name" --version | grep -q 'version 14\.'; then
    formatter=$name
    break
  fi
done

format_all() { # OPTION...
  git ls-files -c -o --exclude-standard -- include src tools test examples \
    bench | grep '\.[ch]$' | while IFS= read -r file; do
    [ ! -f "$file" ] || printf '%s\n' "$file"
  done | xargs -r -d '\n' "$formatter" "$@"
}

if [ "${1:-}" = --fix ]; then
  if [ -z "$formatter" ]; then
    echo 'clang-format 14 is not installed; run make setup SETUP_EXTRA=1' >&2
    exit 1
  fi
  format_all -i
  exit
fi

echo 1..1
if [ -z "$formatter" ]; then
  echo 'ok 1 - format # SKIP clang-format 14 is not installed'
  exit 0
fi
if offences=$(format_all --dry-run -Werror 2>&1); then
  echo 'ok 1 - format'
else
  # The place is enough: make format shows the rest.
  printf '%s\n' "$offences" | sed -n 's/: error: code should .*/: format/p'
  printf '%s\n' "$offences" | grep -E '^([^ ]*: )?[Ee]rror[: ]' |
    grep -v 'code should be clang-formatted' || :
  echo 'not ok 1 - format'
  exit 1
fi
