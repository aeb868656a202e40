#!/bin/sh
# Checks every #include under src/ and include/ against the layers. Prints
# each offence as file:line: what, then one TAP line.
#
# The order is not written here: it is the first line of docs/ARCHITECTURE.md
# that is indented by four spaces and holds ' < '. Layers in braces are
# siblings and do not include each other.
#
# usage: check-layers.sh [ROOT]
set -eu
cd "${1:-$(dirname "$0")/..}"

order=$(awk '/^    .* < / { print; exit }' docs/ARCHITECTURE.md)
echo 1..1
if [ -z "$order" ]; then
  echo 'docs/ARCHITECTURE.md:1: holds no line of layers'
  echo 'not ok 1 - layers'
  exit 1
fi

folders=
for folder in src include; do
  [ ! -d "$folder" ] || folders="$folders $folder"
done
if [ -z "$folders" ]; then
  echo 'src: no such folder'
  echo 'not ok 1 - layers'
  exit 1
fi

# shellcheck disable=SC2086
offences=$(find $folders -type f \( -name '*.[ch]' -o -name '*.cc' \
  -o -name '*.[ch]pp' -o -name '*.inc' \) | LC_ALL=C sort |
  awk -v order="$order" '
  function offence(what) {
    printf "%s:%d: %s\n", file, line_number, what
  }

  # "a/../b" and "./a" hide where a name leads.
  function has_dots(name) {
    return name ~ /(^|\/)\.\.?(\/|$)/
  }

  function is_engine(name) {
    return name ~ /(^|\/)(quickjs|libregexp|libunicode)[^\/]*\.h$/
  }

  function check_public(name, quoted) {
    if (is_engine(name) && file != "include/tenon/quickjs.h")
      offence("includes " name "; of the public headers only " \
              "tenon/quickjs.h shows the engine")
    else if (quoted)
      offence("includes \"" name "\"; a public header includes only " \
              "<tenon/...> and standard headers")
    else if (name !~ /^tenon\// && !(name in standard) && !is_engine(name))
      offence("includes <" name ">; a public header includes only " \
              "<tenon/...> and standard headers")
  }

  function check_layer(layer, name, quoted,    target, parts) {
    split(name, parts, "/")
    target = parts[1]
    if (quoted && has_dots(name)) {
      offence("includes \"" name "\"; write the layer instead of dots")
      return
    }
    if (layer == "cli") {
      if (is_engine(name))
        offence("includes " name "; cli sees no engine")
      else if (name ~ /^uv(\/.*)?(\.h)?$/)
        offence("includes " name "; cli includes only <tenon...> and " \
                "system headers")
      else if (quoted && name ~ /^tenon(\/|\.h$)/)
        offence("includes \"" name "\"; a public header stands in <>")
      else if (target in rank && name ~ /\// && target != "cli" &&
               name != "base/elf.h")
        offence("includes " name "; cli includes only <tenon...> and " \
                "system headers")
      return
    }
    if (name !~ /\// || !(target in rank) || target == layer)
      return
    if (rank[target] == rank[layer])
      offence(layer " includes " name "; " target " is its sibling")
    else if (rank[target] > rank[layer])
      offence(layer " includes " name "; " target " is a higher layer")
  }

  function check_file(    text, in_source, parts, layer, name, quoted) {
    in_source = file ~ /^src\//
    if (in_source) {
      split(file, parts, "/")
      layer = parts[2]
      line_number = 1
      if (!(layer in rank) || file !~ /^src\/[^\/]+\//) {
        offence("is in no layer")
        return
      }
    }
    line_number = 0
    while ((getline text < file) > 0) {
      line_number++
      if (text !~ /^[ \t]*#[ \t]*include[ \t]*["<]/)
        continue
      sub(/^[ \t]*#[ \t]*include[ \t]*/, "", text)
      quoted = substr(text, 1, 1) == "\""
      name = substr(text, 2)
      sub(/[">].*/, "", name)
      if (in_source)
        check_layer(layer, name, quoted)
      else
        check_public(name, quoted)
    }
    close(file)
  }

  BEGIN {
    gsub(/[<,]/, " & ", order)
    count = split(order, words, " ")
    position = 1
    for (i = 1; i <= count; i++) {
      if (words[i] == "<")
        position++
      else if (words[i] !~ /^[{},]$/)
        rank[words[i]] = position
    }
    count = split("assert complex ctype errno fenv float inttypes iso646 " \
                  "limits locale math setjmp signal stdalign stdarg " \
                  "stdatomic stdbool stddef stdint stdio stdlib " \
                  "stdnoreturn string tgmath threads time uchar wchar " \
                  "wctype", words, " ")
    for (i = 1; i <= count; i++)
      standard[words[i] ".h"] = 1
    count = split("array atomic cassert cctype cerrno chrono cinttypes " \
                  "climits cmath cstdarg cstddef cstdint cstdio cstdlib " \
                  "cstring ctime exception functional initializer_list " \
                  "limits memory new optional span stdexcept string " \
                  "string_view system_error tuple type_traits utility " \
                  "variant vector", words, " ")
    for (i = 1; i <= count; i++)
      standard[words[i]] = 1
    standard["tenon.h"] = 1
  }

  {
    file = $0
    check_file()
  }')

if [ -n "$offences" ]; then
  printf '%s\n' "$offences"
  echo 'not ok 1 - layers'
  exit 1
fi
echo 'ok 1 - layers'
