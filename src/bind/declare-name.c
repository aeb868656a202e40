#include "bind/declare-name.h"

#include <libunicode.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"

/* --- Scopes ---------------------------------------------------------------------- */

void tenon_p_scope_release(tenon_p_scope *s)
{
  uint32_t i;

  for (i = 0; i < s->count; i++)
    free(s->names[i]);
  free(s->names);
  *s = (tenon_p_scope){0};
}

bool tenon_p_scope_has(const tenon_p_scope *s, const char *name)
{
  uint32_t i;

  for (i = 0; i < s->count; i++)
    if (strcmp(s->names[i], name) == 0) return true;
  return false;
}

/* Takes over `name`, which may be NULL: out of memory. */
static bool push(tenon_p_scope *s, char *name)
{
  uint32_t capacity = s->capacity * 2 + 8;
  char **names;

  if (name && s->count == s->capacity) {
    names = tenon_p_realloc(s->names, capacity * sizeof *names);
    if (!names) {
      free(name);
      return false;
    }
    s->names = names;
    s->capacity = capacity;
  }
  if (name) s->names[s->count++] = name;
  return name != NULL;
}

bool tenon_p_scope_add(tenon_p_scope *s, const char *name)
{
  return push(s, tenon_p_strndup(name, strlen(name)));
}

const char *tenon_p_scope_choose(tenon_p_scope *s, const tenon_p_scope *other,
                                 const char *wanted, const char *suffix)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  unsigned n;

  for (n = 1;; n++) {
    tenon_p_text_clear(&t);
    tenon_p_text_printf(&t, "%s%s", wanted, suffix);
    if (n > 1) tenon_p_text_printf(&t, "_%u", n);
    if (t.failed || (!tenon_p_scope_has(s, t.data) &&
                     !(other && tenon_p_scope_has(other, t.data))))
      break;
  }
  return push(s, tenon_p_text_take(&t)) ? s->names[s->count - 1] : NULL;
}

/* --- Words ----------------------------------------------------------------------- */

static bool is_word_of(const char *const *words, const char *name)
{
  for (; *words; words++)
    if (strcmp(*words, name) == 0) return true;
  return false;
}

/* Those of modules, which are always strict, too. */
bool tenon_p_is_reserved(const char *name)
{
  static const char *const words[] = {
      "arguments",  "await",   "break",      "case",      "catch",
      "class",      "const",   "continue",   "debugger",  "default",
      "delete",     "do",      "else",       "enum",      "eval",
      "export",     "extends", "false",      "finally",   "for",
      "function",   "if",      "implements", "import",    "in",
      "instanceof", "let",     "new",        "null",      "package",
      "private",    "public",  "interface",  "protected", "return",
      "static",     "super",   "switch",     "this",      "throw",
      "true",       "try",     "typeof",     "var",       "void",
      "while",      "with",    "yield",      NULL};

  return is_word_of(words, name);
}

bool tenon_p_is_type_reserved(const char *name)
{
  static const char *const words[] = {"any",
                                      "bigint",
                                      "boolean",
                                      "never",
                                      "number",
                                      "object",
                                      "string",
                                      "symbol",
                                      "undefined",
                                      "unknown",
                                      "ArrayBuffer",
                                      "ArrayBufferView",
                                      "BigInt64Array",
                                      "Date",
                                      "Float32Array",
                                      "Float64Array",
                                      "Int8Array",
                                      "Int16Array",
                                      "Int32Array",
                                      "BigUint64Array",
                                      "Promise",
                                      "Record",
                                      "Uint8Array",
                                      "Uint8ClampedArray",
                                      "Uint16Array",
                                      "Uint32Array",
                                      "AsyncIterableIterator",
                                      "Symbol",
                                      "SymbolConstructor",
                                      "IterableIterator",
                                      NULL};

  return tenon_p_is_reserved(name) || is_word_of(words, name);
}

/* --- Characters ------------------------------------------------------------------ */

static bool is_identifier_part(uint32_t c, bool is_first)
{
  if (c == '$' || c == '_') return true;
  if (!is_first && (c == 0x200c || c == 0x200d)) return true;
  return is_first ? lre_is_id_start(c) : lre_is_id_continue(c);
}

bool tenon_p_is_identifier(const char *name)
{
  const uint8_t *p = (const uint8_t *)name, *end = p + strlen(name);
  bool is_first = true;

  if (p == end || tenon_p_utf8_check(name, (size_t)(end - p)) != strlen(name))
    return false;
  for (; p < end; is_first = false)
    if (!is_identifier_part(tenon_p_utf8_decode(&p, end), is_first))
      return false;
  return true;
}

char *tenon_p_identifier_of(const char *name)
{
  const uint8_t *p = (const uint8_t *)name, *end = p + strlen(name), *from;
  tenon_p_text t = TENON_P_TEXT_INIT;
  uint32_t c;

  while (p < end) {
    from = p;
    c = tenon_p_utf8_decode(&p, end);
    if (t.len == 0 && !is_identifier_part(c, true) &&
        is_identifier_part(c, false))
      tenon_p_text_puts(&t, "_");
    if (is_identifier_part(c, false))
      tenon_p_text_append(&t, (const char *)from, (size_t)(p - from));
    else
      tenon_p_text_puts(&t, "_");
  }
  if (!t.len) tenon_p_text_puts(&t, "_");
  return tenon_p_text_take(&t);
}

void tenon_p_put_string(tenon_p_text *out, const char *s)
{
  const uint8_t *p = (const uint8_t *)s, *end = p + strlen(s), *from;
  uint32_t c;

  tenon_p_text_puts(out, "'");
  while (p < end) {
    from = p;
    c = tenon_p_utf8_decode(&p, end);
    if (c == '\'' || c == '\\')
      tenon_p_text_printf(out, "\\%c", (int)c);
    else if (c == '\n')
      tenon_p_text_puts(out, "\\n");
    else if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029 || c == 0xfffd)
      tenon_p_text_printf(out, "\\u%04x", (unsigned)c);
    else
      tenon_p_text_append(out, (const char *)from, (size_t)(p - from));
  }
  tenon_p_text_puts(out, "'");
}

void tenon_p_put_property(tenon_p_text *out, const char *name)
{
  if (tenon_p_is_identifier(name))
    tenon_p_text_puts(out, name);
  else
    tenon_p_put_string(out, name);
}
