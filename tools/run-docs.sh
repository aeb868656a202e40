#!/bin/sh
# Runs the code blocks of Markdown pages as a reader would, one page after the
# other, each in one shell session in a folder of its own. Prints TAP, one test
# a block.
#
#   ```sh          lines that must end with exit code 0
#   ```console     "$ command" lines, each followed by what it prints, on both
#                  outputs: exactly, but for … (any text within a line) and
#                  for a line that is only … (any number of lines)
#   ```js, ```c,   a file, named by the info string (```js app.js) or by a
#   any other      comment before the block, <!-- file: app.js -->; it is
#                  written where the session is then, and must be named in a
#                  command or in another file of the page
#
# A line that ends with \ is continued by the next one. A block that cannot be
# run carries <!-- not run: REASON --> before it; a block with none of these
# marks fails, an indented one too. The comment and the block may have empty
# lines between them.
#
# The caller sets the environment (PATH, HOME) and installs what the pages
# need. A page has TENON_TEST_TIMEOUT_S seconds (20).
#
# usage: run-docs.sh SCRATCH PAGE...
set -eu

if [ $# -lt 2 ] || [ ! -d "$1" ]; then
  echo "usage: $0 SCRATCH PAGE..." >&2
  exit 2
fi
scratch=$(cd "$1" && pwd)
shift
count=0
failed=0

# Splits a page into out/plan ("NUMBER LINE KIND REST" a block), the commands
# NUMBER.INDEX.run with their NUMBER.INDEX.want, the files NUMBER.file, and the
# session, a script that runs all of them. No command ends the script but by
# `exit`, or by a mistake of syntax.
# shellcheck disable=SC2016
split='
  function quoted(s) {
    gsub(/\047/, "\047\\\047\047", s)
    return "\047" s "\047"
  }

  function plan(kind, rest) {
    print number, line, kind, rest >(out "/plan")
  }

  # Ends the command whose text and output have been collected.
  function end_command(name) {
    if (command == "")
      return
    commands++
    name = out "/" number "." commands
    printf "%s", command >(name ".run")
    printf "%s", want >(name ".want")
    close(name ".run")
    close(name ".want")
    name = quoted(name)
    print "(exit $tenon_status); . " name ".run >" name ".got 2>&1 </dev/null" \
      >session
    print "tenon_status=$?; echo $tenon_status >" name ".code" >session
    command = want = ""
  }

  function take_command(text) {
    command = command text "\n"
    is_continued = text ~ /\\$/
  }

  function read_commands(language, i) {
    commands = is_continued = 0
    command = want = ""
    for (i = 1; i <= lines; i++) {
      if (is_continued) {
        take_command(text[i])
      } else if (language == "sh") {
        end_command()
        if (text[i] !~ /^[ \t]*(#|$)/)
          take_command(text[i])
      } else if (text[i] ~ /^\$ /) {
        end_command()
        take_command(substr(text[i], 3))
      } else if (command != "") {
        want = want text[i] "\n"
      } else {
        return "begins with no command"
      }
    }
    end_command()
    return commands ? "" : "holds no command"
  }

  function write_file(name, i, copy) {
    copy = out "/" number ".file"
    printf "" >copy
    for (i = 1; i <= lines; i++)
      print text[i] >copy
    close(copy)
    print "mkdir -p \"$(dirname " name ")\" && cp " quoted(copy) " " name \
      >session
  }

  function end_block(words, name, mistake) {
    number++
    split(info, words, " ")
    name = words[2] != "" ? words[2] : file
    if (reason == "-") {
      plan("bad", "is marked without a reason")
    } else if (reason != "") {
      plan("skip", reason)
    } else if (words[1] == "sh" || words[1] == "console") {
      mistake = read_commands(words[1])
      plan(mistake == "" ? words[1] : "bad", mistake)
    } else if (name ~ /^[A-Za-z0-9_.\/-]+$/) {
      plan("file", name)
      write_file(name)
    } else {
      plan("bad", "is neither run nor a named file, and not marked")
    }
    reason = file = ""
  }

  BEGIN { session = out "/session"; print "tenon_status=0" >session }

  is_fenced {
    if ($0 ~ "^" fence "`*[ \t]*$") {
      is_fenced = 0
      end_block()
    } else {
      text[++lines] = $0
    }
    next
  }
  /^```+/ {
    match($0, /^`+/)
    fence = substr($0, 1, RLENGTH)
    info = substr($0, RLENGTH + 1)
    line = FNR
    lines = 0
    is_fenced = 1
    before = ""
    next
  }
  /^<!-- not run:.*-->$/ {
    reason = $0
    sub(/^<!-- not run: */, "", reason)
    sub(/ *-->$/, "", reason)
    if (reason == "")
      reason = "-"
    next
  }
  /^<!-- file: *[^ ]+ *-->$/ { file = $3; next }
  /^[ \t]*$/ { is_after_space = 1; next }
  /^(    |\t)/ {
    if (is_after_space && before !~ /^(    |\t| *([-*+]|[0-9]+\.) )/) {
      line = FNR
      number++
      if (reason != "")
        plan("skip", reason)
      else
        plan("bad", "is indented, and not marked")
      before = $0
    }
    reason = is_after_space = ""
    next
  }
  { before = $0; reason = file = is_after_space = "" }

  END {
    if (is_fenced) {
      number++
      plan("bad", "does not end")
    }
    printf "" >(out "/plan")
  }'

# Does GOT look like WANT? Prints both as a comment if not.
# shellcheck disable=SC2016
compare='
  function fits(pattern, s, parts, n, i, at) {
    n = split(pattern, parts, "…")
    if (n < 2)
      return pattern == s
    if (substr(s, 1, length(parts[1])) != parts[1])
      return 0
    s = substr(s, length(parts[1]) + 1)
    for (i = 2; i < n; i++) {
      at = index(s, parts[i])
      if (parts[i] != "" && !at)
        return 0
      if (at)
        s = substr(s, at + length(parts[i]))
    }
    return length(s) >= length(parts[n]) &&
      substr(s, length(s) - length(parts[n]) + 1) == parts[n]
  }

  function fit(w, g) {
    for (; w <= wants; w++) {
      if (want[w] == "…") {
        for (; g <= gots + 1; g++)
          if (fit(w + 1, g))
            return 1
        return 0
      }
      if (g > gots || !fits(want[w], got[g]))
        return 0
      g++
    }
    return g > gots
  }

  FILENAME == ARGV[1] { want[++wants] = $0; next }
  { got[++gots] = $0 }

  END {
    # The empty line between a command and the next one is for the eye.
    while (wants && want[wants] == "") wants--
    while (gots && got[gots] == "") gots--
    if (fit(1, 1))
      exit 0
    print "# expected:"
    for (i = 1; i <= wants; i++) print "#   " want[i]
    print "# got:"
    for (i = 1; i <= gots; i++) print "#   " got[i]
    exit 1
  }'

result() { # STATUS WHAT
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $count - $2"
  else
    failed=1
    echo "not ok $count - $2"
  fi
}

# Whether the commands of block NUMBER, of kind KIND, did what the page says.
check_commands() { # NUMBER KIND
  status=0
  index=1
  while [ -f "$out/$1.$index.run" ]; do
    base=$out/$1.$index
    index=$((index + 1))
    if [ ! -f "$base.code" ]; then
      sed 's/^/# did not end: /' "$base.run"
      [ ! -f "$base.got" ] || sed 's/^/#   /' "$base.got"
      return 1
    fi
    why=
    if [ "$2" = sh ]; then
      if [ "$(cat "$base.code")" -ne 0 ]; then
        why=$(echo "# exit code $(cat "$base.code")" && sed 's/^/#   /' \
          "$base.got")
      fi
    elif ! why=$(awk "$compare" "$base.want" "$base.got"); then
      why=${why:-# cannot be compared}
    fi
    if [ -n "$why" ]; then
      sed 's/^/# $ /' "$base.run"
      printf '%s\n' "$why"
      status=1
    fi
  done
  return $status
}

# Is the file of block NUMBER named anywhere else in the page? Some are found
# by their name.
is_used() { # NUMBER NAME
  case $2 in CMakeLists.txt | Makefile | package.json) return 0 ;; esac
  for text in "$out"/*.run "$out"/*.file; do
    if [ -f "$text" ] && [ "$text" != "$out/$1.file" ] &&
      grep -qF -e "${2##*/}" "$text"; then
      return 0
    fi
  done
  echo "# nothing uses $2"
  return 1
}

run_page() { # PAGE NAME
  out=$scratch/$2.out
  rm -rf "$out"
  mkdir -p "$out" "$scratch/$2"
  awk -v out="$out" "$split" "$1"
  (
    cd "$scratch/$2"
    timeout -k 5 "${TENON_TEST_TIMEOUT_S:-20}" sh "$out/session" \
      >"$out/session.log" 2>&1 </dev/null || :
  )
  sed 's/^/# /' "$out/session.log"
  while read -r number line kind rest; do
    what="${1##*/}:$line"
    status=0
    case $kind in
    skip) what="$what # SKIP $rest" ;;
    file)
      is_used "$number" "$rest" || status=1
      what="$what writes $rest"
      ;;
    sh | console) check_commands "$number" "$kind" || status=1 ;;
    *)
      status=1
      what="$what $rest"
      ;;
    esac
    result $status "$what"
  done <"$out/plan"
}

page_number=0
for page; do
  page_number=$((page_number + 1))
  name=${page##*/}
  run_page "$page" "$page_number-${name%.md}"
done
echo "1..$count"
exit $failed
