#!/bin/sh
# Checks, as TAP, that clang-format would leave every C file of ours, tracked
# or new, as it is; with --fix it formats them instead. Only version 14
# decides: with another one, or none, the check is skipped. Files of Rust are
# formatted by any rustfmt, as rustfmt.toml has it.
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

files_of() { # PATTERN
  git ls-files -c -o --exclude-standard -- include src tools test examples \
    bench | grep "$1" | while IFS= read -r file; do
    [ ! -f "$file" ] || printf '%s\n' "$file"
  done
}

format_all() { # OPTION...
  files_of '\.[ch]$' | xargs -r -d '\n' "$formatter" "$@"
}

format_rust() { # OPTION...
  files_of '\.rs$' | xargs -r -d '\n' rustfmt "$@"
}

if [ "${1:-}" = --fix ]; then
  if [ -z "$formatter" ]; then
    echo 'clang-format 14 is not installed; run make setup SETUP_EXTRA=1' >&2
    exit 1
  fi
  format_all -i
  ! command -v rustfmt >/dev/null 2>&1 || format_rust
  exit
fi

failed=0
echo 1..2
if [ -z "$formatter" ]; then
  echo 'ok 1 - format # SKIP clang-format 14 is not installed'
elif offences=$(format_all --dry-run -Werror 2>&1); then
  echo 'ok 1 - format'
else
  # The place is enough: make format shows the rest.
  printf '%s\n' "$offences" | sed -n 's/: error: code should .*/: format/p'
  printf '%s\n' "$offences" | grep -E '^([^ ]*: )?[Ee]rror[: ]' |
    grep -v 'code should be clang-formatted' || :
  echo 'not ok 1 - format'
  failed=1
fi
if ! command -v rustfmt >/dev/null 2>&1; then
  echo 'ok 2 - format of Rust # SKIP rustfmt is not installed'
elif offences=$(format_rust --check 2>&1); then
  echo 'ok 2 - format of Rust'
else
  printf '%s\n' "$offences" | sed -n 's/^Diff in /format: /p'
  echo 'not ok 2 - format of Rust'
  failed=1
fi
exit $failed
