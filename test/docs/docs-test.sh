#!/bin/sh
# The pages: every code block does what the page says, with an installed Tenon,
# and the help, the manual page and the reference speak of the same options.
#
# usage: docs-test.sh BUILD_DIR SCRATCH_DIR
set -eu
. "$(dirname "$0")/../tap.sh"
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)
mkdir -p "$2"
scratch=$(cd "$2" && pwd)
out=$scratch/out
# --- The runner of pages ------------------------------------------------------

# The page on standard input gives these results: "ok" or "not ok", in order.
runs() { # RESULTS
  cat >"$scratch/page.md"
  mkdir -p "$scratch/pages"
  "$root/tools/run-docs.sh" "$scratch/pages" "$scratch/page.md" \
    >"$scratch/tap" && code=0 || code=$?
  cat "$scratch/tap"
  expected=0
  case $1 in *'not ok'*) expected=1 ;; esac
  [ "$(grep -oE '^(not ok|ok)' "$scratch/tap" | tr '\n' ' ')" = "$1 " ] &&
    [ "$code" -eq "$expected" ]
}

test_that 'what a command prints is compared, on both outputs' runs ok <<'PAGE'
```console
$ echo one; echo two >&2
one
two
$ false
$ echo $?
1
```
PAGE
test_that 'another output fails' runs 'not ok' <<'PAGE'
```console
$ echo one
two
```
PAGE
test_that 'more output fails' runs 'not ok' <<'PAGE'
```console
$ echo one; echo two
one
```
PAGE
test_that 'less output fails' runs 'not ok' <<'PAGE'
```console
$ echo one
one
two
```
PAGE
test_that 'an ellipsis stands for text within a line and for lines' \
  runs 'ok not ok not ok' <<'PAGE'
```console
$ echo version 1.2.3, new
version …, new
$ printf 'a\nb\nc\nd\n'
a
…
d
$ echo all; echo
…
```

```console
$ echo version 1.2.3
version …, new
```

```console
$ printf 'a\nb\n'
a
…
c
```
PAGE
test_that 'a page is one session: folders and variables stay' \
  runs 'ok ok ok ok' <<'PAGE'
```sh
mkdir folder
# into it
cd folder
export NAME=value
```

```text note.txt
written
```

<!-- file: other.txt -->

```text
also
```

```console
$ cat ../folder/note.txt \
    other.txt
written
also
$ echo "$NAME"
value
```
PAGE
test_that 'every line of a shell block must end well' runs 'not ok ok' <<'PAGE'
```sh
false
true
```

```sh
true
```
PAGE
test_that 'what is not run must be marked, and with a reason' \
  runs 'not ok not ok not ok not ok not ok not ok ok ok' <<'PAGE'
```js
let name;
```

```
text
```

<!-- not run: -->
```sh
true
```

```console
no command
```

```sh
# nothing
```

    indented

    still the same block

<!-- not run: a sketch -->
```js
let name;
```

<!-- not run: a sketch -->

    indented
PAGE
test_that 'a mark is for the next block only' runs 'ok not ok' <<'PAGE'
<!-- not run: a sketch -->
```js
let name;
```

```js
let name;
```
PAGE
test_that 'a file that nothing uses fails' runs 'not ok' <<'PAGE'
```js unused.js
```
PAGE
test_that 'a block without an end fails' runs 'not ok' <<'PAGE'
```sh
true
PAGE
test_that 'commands behind the end of a session fail' \
  runs 'not ok not ok' <<'PAGE'
```sh
exit 0
```

```sh
true
```
PAGE

# --- The pages ----------------------------------------------------------------

cached() { # NAME; its value in the build's cache
  sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt"
}

# A home like a reader's, with Tenon in ~/tenon: what the page says of `make
# install` cannot run here, since the tests are part of a build.
sanitize=$(cached TENON_SANITIZE)
reader=$scratch/reader
prefix=$reader/tenon
mkdir -p "$reader" "$scratch/cc"
test_that 'Tenon installs for the pages' \
  cmake --install "$build" --prefix "$prefix"

# What a page calls cc and c++ are those of the build, with its sanitizer.
for compiler in cc:C c++:CXX; do
  cat >"$scratch/cc/${compiler%:*}" <<END
#!/bin/sh
exec $(cached "CMAKE_${compiler#*:}_COMPILER") ${sanitize:+-fsanitize=$sanitize} "\$@"
END
  chmod +x "$scratch/cc/${compiler%:*}"
done

# The results of pages, counted on from the tests above.
run_pages() { # PAGE...
  "$root/tools/run-docs.sh" "$scratch/session" "$@" >"$scratch/pages.tap" ||
    failed=1
  awk -v count="$count" '
    /^1\.\./ { next }
    match($0, /^(not )?ok [0-9]+/) {
      print (/^not/ ? "not ok " : "ok ") ++count substr($0, RLENGTH + 1)
      next
    }
    { print }' "$scratch/pages.tap"
  ran=$(grep -c -E '^(not )?ok ' "$scratch/pages.tap") || :
  count=$((count + ran))
}

# A rustc that is not the system's looks for itself in the home.
if [ -d "${RUSTUP_HOME:-$HOME/.rustup}" ]; then
  export RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}"
fi
unset LD_LIBRARY_PATH PKG_CONFIG_PATH NO_COLOR FORCE_COLOR RUST_BACKTRACE
export HOME="$reader" PATH="$scratch/cc:$PATH" \
  TENON_TEST_TIMEOUT_S=$((${TENON_TEST_TIMEOUT_S:-20} * 3))
mkdir -p "$scratch/session"
run_pages "$root/docs/getting-started.md"
# To the others Tenon is installed where all programs find it.
libdir=$(dirname "$(find "$prefix" -name libtenon.a)")
export PATH="$prefix/bin:$PATH" PKG_CONFIG_PATH="$libdir/pkgconfig" \
  LD_LIBRARY_PATH="$libdir"
for page in "$root/README.md" "$root"/docs/*.md; do
  case $page in
  */getting-started.md) ;;
  */rust.md)
    if command -v rustc >/dev/null 2>&1; then
      run_pages "$page"
    else
      skip 'docs/rust.md' 'rustc is not installed'
    fi
    ;;
  *) run_pages "$page" ;;
  esac
done
unset LD_LIBRARY_PATH

# --- What the pages name ------------------------------------------------------

leads_somewhere() {
  status=0
  for page in "$root"/*.md "$root"/docs/*.md; do
    grep -oE '\]\([^)#]+' "$page" | cut -c 3- >"$scratch/targets"
    while IFS= read -r target; do
      case $target in *:*) continue ;; esac
      if [ ! -e "$(dirname "$page")/$target" ]; then
        echo "${page#"$root"/}: there is no $target"
        status=1
      fi
    done <"$scratch/targets"
  done
  return "$status"
}
test_that 'links within the pages lead somewhere' leads_somewhere

lists_all_pages() {
  status=0
  for page in "$root"/docs/*; do
    page=${page##*/}
    if [ "$page" != README.md ] &&
      ! grep -qF "]($page)" "$root/docs/README.md"; then
      echo "docs/README.md does not list $page"
      status=1
    fi
  done
  return "$status"
}
test_that 'the index lists all pages' lists_all_pages

# Names of Tenon's interface on standard input, one a line. Not those that its
# macros make of a module's own (tenon_array_point), nor those of the inside.
names_of_tenon() {
  tr -c 'A-Za-z0-9_' '\n' | grep -E '^(tenon|TENON)_[A-Za-z0-9]' |
    grep -vE '^tenon_(p|c|module|array|inout|pair|record|view)_' |
    LC_ALL=C sort -u
}
names_what_is_there() {
  find "$root/include" "$root/cmake" "$root/Makefile" -type f -exec cat {} + |
    names_of_tenon >"$scratch/there"
  cat "$root/README.md" "$root"/docs/*.md | names_of_tenon >"$scratch/named"
  [ -s "$scratch/named" ] &&
    LC_ALL=C comm -13 "$scratch/there" "$scratch/named" >"$scratch/unknown" &&
    cat "$scratch/unknown" && [ ! -s "$scratch/unknown" ]
}
test_that 'what the pages name of the interface is there' names_what_is_there

# The words of standard input that are options, one a line.
options() {
  tr -c -- '-A-Za-z' '\n' | grep -xE -- '--[a-z][a-z-]*|-[A-Za-z]' |
    LC_ALL=C sort -u
}

names_the_options_of_help() { # FILE; its definitions are on standard input
  options >"$scratch/named"
  "$build/tenon" --help | grep '^  *-' | options >"$scratch/helped"
  [ -s "$scratch/helped" ] && diff -U 0 "$scratch/helped" "$scratch/named"
}

manual=$root/docs/tenon.1.scd
reference=$root/docs/command.md
grep -E '^\*-' "$manual" | sed 's/\\//g' >"$scratch/manual-options"
test_that 'the manual page defines the options of --help and no other' \
  names_the_options_of_help <"$scratch/manual-options"
grep -E '^### `-' "$reference" >"$scratch/reference-options" || :
test_that 'the reference defines the options of --help and no other' \
  names_the_options_of_help <"$scratch/reference-options"

names_the_variables() { # NAME...
  for file in "$manual" "$reference"; do
    tr -c 'A-Z_' '\n' <"$file" | grep -xE 'NO_COLOR|FORCE_COLOR|TERM' |
      sort -u | tr '\n' ' ' | grep -xF 'FORCE_COLOR NO_COLOR TERM ' || return 1
  done
}
test_that 'both name the variables that the command reads' names_the_variables

page=$build/tenon.1
if [ ! -f "$page" ]; then
  skip 'the manual page is without mistakes' 'built without scdoc'
  skip 'man shows the manual page' 'built without scdoc'
else
  if command -v groff >/dev/null 2>&1; then
    is_clean() {
      LC_ALL=C.UTF-8 groff -man -ww -z -Kutf8 "$page" && [ ! -s "$out" ]
    }
    test_that 'the manual page is without mistakes' is_clean
  else
    skip 'the manual page is without mistakes' 'groff is not installed'
  fi
  if command -v man >/dev/null 2>&1 && man --version >/dev/null 2>&1; then
    is_shown() {
      LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$prefix/share/man/man1/tenon.1" |
        grep -F -- '--memory-limit SIZE'
    }
    test_that 'man shows the manual page' is_shown
  else
    skip 'man shows the manual page' 'man is not installed'
  fi
fi

echo "1..$count"
exit $failed
