#include "std/report/hint.h"

#include <string.h>

#include "base/base.h"

/* Names that node gives to CommonJS modules only. */
static const struct {
  const char *message, *hint;
} undefined[] = {
    {"require is not defined",
     "'require' is of CommonJS; import { … } from './file.js' does that here"},
    {"module is not defined",
     "'module.exports' is of CommonJS; export default … does that here"},
    {"exports is not defined",
     "'exports' is of CommonJS; export { … } does that here"},
    {"__filename is not defined",
     "'__filename' is of CommonJS; a module has import.meta.filename"},
    {"__dirname is not defined",
     "'__dirname' is of CommonJS; a module has import.meta.dirname"},
};

static const char no_module[] =
    "the file is CommonJS, as the nearest package.json says (\"type\": "
    "\"commonjs\"); name it .mjs to make it a module";
static const char no_javascript[] =
    "this may be TypeScript or JSX, which must be compiled to JavaScript first";

static bool begins_with_word(const char *line, const char *word)
{
  size_t n = strlen(word);

  line += strspn(line, " \t");
  return strncmp(line, word, n) == 0 && strchr(" {*\"'\t", line[n]) != NULL;
}

static bool has(const char *text, const char *part)
{
  return strstr(text, part) != NULL;
}

/* A type behind a name, an interface, a tag. */
static bool is_typed(const char *message, const char *line)
{
  if (begins_with_word(line, "interface") || begins_with_word(line, "enum") ||
      begins_with_word(line, "type") || has(line, "import type "))
    return true;
  if (has(message, "'<'") && (has(line, "</") || has(line, "/>"))) return true;
  return has(line, ": string") || has(line, ": number") ||
         has(line, ": boolean") || has(line, " as const") ||
         has(line, ": void");
}

/* Something that only modules have; what is no file was called a script by the
 * host. */
static bool is_of_module(const char *message, const char *line)
{
  return has(message, "import.meta only valid in module") ||
         has(message, "unsupported keyword: export") ||
         (begins_with_word(line, "import") && has(message, "Unexpected") &&
          !has(line, "import type "));
}

static const char *hint_for_syntax(const char *message, const char *line,
                                   const char *url)
{
  if (!line) return NULL;
  if (is_of_module(message, line))
    return strncmp(url, "file:", 5) == 0 ? no_module : NULL;
  return is_typed(message, line) ? no_javascript : NULL;
}

const char *tenon_p_hint_of(const char *name, const char *message,
                            const char *line, const char *url)
{
  size_t i;

  if (strcmp(name, "SyntaxError") == 0)
    return hint_for_syntax(message, line, url);
  if (strcmp(name, "ReferenceError") != 0) return NULL;
  for (i = 0; i < tenon_p_countof(undefined); i++)
    if (strcmp(undefined[i].message, message) == 0) return undefined[i].hint;
  return NULL;
}
