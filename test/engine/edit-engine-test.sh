#!/bin/sh
# The tool that applies the engine's edits: edit-engine-test.sh BUILD_DIR SCRATCH_DIR
#
# Every case starts from one small tree of its own and prints TAP.
set -u

if [ $# -ne 2 ]; then
  echo "usage: edit-engine-test.sh BUILD_DIR SCRATCH_DIR" >&2
  exit 2
fi
case $1 in
  /*) tool=$1/edit-engine ;;
  *) tool=$(pwd)/$1/edit-engine ;;
esac
mkdir -p "$2" && cd "$2" || exit 2

count=0
failures=0

# A tree with a source that has the shapes the tool must tell apart.
fresh() {
  rm -rf src edits out
  mkdir src edits || exit 2
  cat > src/quickjs.h <<'END'
#define QJS_VERSION_MAJOR 0
#define QJS_VERSION_MINOR 17
#define QJS_VERSION_PATCH 0
END
  cat > src/quickjs.c <<'END'
struct thing {
    int size;
};

static int first(int a);

static int first(int a)
{
    int n = first_of(a);
    return n;
}

int second(int a,
           int b)
{
    if (a) {
        return first(b);
    }
    return n;
}
END
}

# edit NAME: stdin becomes the hunks of an edit
edit() {
  { echo "# reason: a test"; echo "# test: this one"; cat; } > "edits/$1"
}

run() {
  "$tool" src edits out > output 2>&1
  status=$?
}

# check NAME CONDITION...
check() {
  count=$((count + 1))
  name=$1
  shift
  if "$@"; then
    echo "ok $count - $name"
  else
    failures=$((failures + 1))
    echo "not ok $count - $name"
    sed 's/^/# /' output
  fi
}

fails_with() {
  [ "$status" -eq 1 ] && grep -qF -e "$1" output && [ ! -e out/quickjs.c ]
}

succeeds() {
  [ "$status" -eq 0 ] && [ ! -s output ]
}

writes() {
  succeeds && grep -qxF -e "$1" out/quickjs.c
}

line_is() {
  succeeds && [ "$(sed -n "$1p" out/quickjs.c)" = "$2" ]
}

fresh
edit 01-a.edit <<'END'
@@ quickjs.c
<<<
first_of(a)
=== replace
first_of(a + 1)
>>>
END
run
check "a part of a line is replaced" writes "    int n = first_of(a + 1);"

fresh
edit 01-a.edit <<'END'
@@ quickjs.c
<<<
no such text
=== replace
x
>>>
END
run
check "a missing anchor fails" \
  fails_with "01-a.edit:5: the anchor was found 0 times in the text of quickjs.c, expected once"

fresh
edit 01-a.edit <<'END'
@@ quickjs.c
<<<
    return n;
=== replace
    return 1;
>>>
END
run
check "an anchor that occurs twice fails" fails_with "01-a.edit:5: the anchor was found 2 times"

fresh
edit 01-a.edit <<'END'
@@ quickjs.c in second
<<<
    return n;
=== replace
    return 2;
>>>
END
run
check "a function scope makes an anchor unique" line_is 19 "    return 2;"

fresh
edit 01-a.edit <<'END'
@@ quickjs.c in second
<<<
first_of
=== replace
x
>>>
END
run
check "text outside of the scope is not found" fails_with "found 0 times in second of quickjs.c"

fresh
edit 01-a.edit <<'END'
@@ quickjs.c in third
<<<
n
=== replace
x
>>>
END
run
check "a scope without a definition fails" \
  fails_with "01-a.edit:5: third is defined 0 times in quickjs.c, expected once"

fresh
edit 01-a.edit <<'END'
@@ quickjs.c in struct thing
<<<
    int size;
=== after
    int more;
>>>
END
run
check "a structure is a scope, and after inserts a line" line_is 3 "    int more;"

fresh
edit 01-a.edit <<'END'
@@ quickjs.c in second
<<<
first(b)
=== before
        /* why */
>>>
END
run
check "before inserts in front of the anchor's line" line_is 17 "        /* why */"

fresh
sed 's/MINOR 17/MINOR 16/; s/PATCH 0/PATCH 1/' src/quickjs.h > h && mv h src/quickjs.h
edit 01-a.edit <<'END'
@@ quickjs.c
<<<
first_of
=== replace
x
>>>
END
run
check "another version is refused by its number" \
  fails_with "edit-engine: src holds QuickJS-ng 0.16.1, these edits are for 0.17.0"

fresh
edit 01-a.edit <<'END'
@@ quickjs.c
<<<
first_of(a)
=== replace
x
>>>
END
edit 02-b.edit <<'END'
@@ quickjs.c in first
<<<
int n = first_of
=== replace
y
>>>
END
run
check "two edits of one text fail, and both are named" \
  fails_with "01-a.edit:5 and 02-b.edit:5 overlap at quickjs.c:9"

fresh
edit 01-a.edit <<'END'
@@ quickjs.c
<<<
    if (a) {
        return first(b);
    }
=== replace
    return 3;
>>>
END
edit 02-b.edit <<'END'
@@ quickjs.c
<<<
        return first(b);
=== before
        a++;
>>>
END
run
check "an insertion into replaced text fails" fails_with "01-a.edit:5 and 02-b.edit:5 overlap"

fresh
edit 01-a.edit <<'END'
@@ quickjs.c
<<<
first_of(a)
=== replace
second_of(a)
>>>
END
edit 02-b.edit <<'END'
@@ quickjs.c
<<<
second_of(a)
=== replace
third_of(a)
>>>
END
run
check "an edit does not see what another one wrote" fails_with "02-b.edit:5: the anchor was found 0 times"

fresh
printf '@@ quickjs.c\n<<<\nfirst_of\n=== replace\nx\n>>>\n' > edits/01-a.edit
run
check "an edit without a reason and a test fails" fails_with "01-a.edit:1: a hunk before"

malformed() {
  fresh
  edit 01-a.edit
  run
  check "malformed: $1" fails_with "$2"
}

malformed "no <<<" "01-a.edit:4: expected '<<<' after the '@@' line" <<'END'
@@ quickjs.c
first_of
END
malformed "no ===" "01-a.edit:7: expected '===', got '>>>'" <<'END'
@@ quickjs.c
<<<
first_of
x
>>>
END
malformed "an unknown place" "01-a.edit:6: expected '=== replace'" <<'END'
@@ quickjs.c
<<<
first_of
=== instead
x
>>>
END
malformed "no >>>" "01-a.edit:3: the hunk has no '>>>' line" <<'END'
@@ quickjs.c
<<<
first_of
=== replace
x
END
malformed "an empty anchor" "01-a.edit:5: the anchor is empty" <<'END'
@@ quickjs.c
<<<
=== replace
x
>>>
END
malformed "text between hunks" "01-a.edit:3: expected '#', '@@ ' or an empty line" <<'END'
stray
END
malformed "a path as a file" "01-a.edit:3: '../quickjs.c' is no name of a file" <<'END'
@@ ../quickjs.c
<<<
first_of
=== replace
x
>>>
END
malformed "no hunk" "01-a.edit:2: the edit has no hunk" <<'END'
END

fresh
edit 01-a.edit <<'END'
@@ quickjs.c
<<<
first_of
=== replace
x
>>>
END
run
touch -t 200001010000 out/quickjs.c
before=$(ls -l out/quickjs.c)
run
after=$(ls -l out/quickjs.c)
check "an unchanged output is not rewritten" [ "$before" = "$after" ]
echo "" >> src/quickjs.c
run
after=$(ls -l out/quickjs.c)
check "a changed one is" [ "$before" != "$after" ]
check "only edited files are written, without leftovers" [ "$(ls out)" = quickjs.c ]

echo "1..$count"
[ "$failures" -eq 0 ]
