#include "module/forms.h"

#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

/* Defined by what may do something when it is read: no export. */
enum { UNSAFE = 1 };

void tenon_p_forms_release(tenon_p_forms *f)
{
  tenon_p_nameset_release(&f->required);
  tenon_p_nameset_release(&f->specifiers);
}

/* --- What is read alike --------------------------------------------------- */

/* Spaces of Unicode in UTF-8: U+00A0, 1680, 2000-200A, 2028, 2029, 202F, 205F,
 * 3000, FEFF. */
static size_t wide_space(const unsigned char *p, size_t left, bool *is_line)
{
  if (left >= 2 && p[0] == 0xc2 && p[1] == 0xa0) return 2;
  if (left < 3) return 0;
  if (p[0] == 0xe2 && p[1] == 0x80) {
    if (p[2] == 0xa8 || p[2] == 0xa9) *is_line = true;
    return (p[2] >= 0x80 && p[2] <= 0x8a) || p[2] == 0xa8 || p[2] == 0xa9 ||
                   p[2] == 0xaf
               ? 3
               : 0;
  }
  if ((p[0] == 0xe1 && p[1] == 0x9a && p[2] == 0x80) ||
      (p[0] == 0xe2 && p[1] == 0x81 && p[2] == 0x9f) ||
      (p[0] == 0xe3 && p[1] == 0x80 && p[2] == 0x80) ||
      (p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf))
    return 3;
  return 0;
}

size_t tenon_p_lex_space(const char *p, const char *end, bool *is_line)
{
  if (p == end) return 0;
  switch (*p) {
  case '\n':
  case '\r': *is_line = true; return 1;
  case ' ':
  case '\t':
  case '\v':
  case '\f': return 1;
  default:
    return (unsigned char)*p < 0xc2 ? 0
                                    : wide_space((const unsigned char *)p,
                                                 (size_t)(end - p), is_line);
  }
}

const char *tenon_p_lex_comment(const char *p, const char *end, bool *is_line)
{
  bool is_block = p[1] == '*', ends = false;
  size_t n;

  p += 2;
  while (p < end) {
    if (is_block && *p == '*' && end - p > 1 && p[1] == '/') return p + 2;
    n = tenon_p_lex_space(p, end, &ends);
    if (ends && !is_block) return p;
    if (ends) *is_line = true;
    p += n ? n : 1;
  }
  return p;
}

static bool is_word_byte(const char *p, const char *end)
{
  unsigned char c = (unsigned char)*p;
  bool is_line;

  if (c >= 0x80) return !tenon_p_lex_space(p, end, &is_line);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') || c == '_' || c == '$' || c == '\\' ||
         c == '#';
}

const char *tenon_p_lex_word(const char *p, const char *end)
{
  while (p < end && is_word_byte(p, end))
    p++;
  return p;
}

const char *tenon_p_lex_string(const char *p, const char *end)
{
  char quote = *p++;

  for (; p < end; p++) {
    if (*p == quote) return p + 1;
    if (*p == '\n' || *p == '\r') return NULL;
    if (*p != '\\') continue;
    if (++p == end) return NULL;
    if (*p == '\r' && end - p > 1 && p[1] == '\n') p++;
  }
  return NULL;
}

/* --- Tokens --------------------------------------------------------------- */

typedef struct span {
  const char *s;
  size_t len;
} span;

static const char *skip(const tenon_p_forms *f, const char *p)
{
  bool is_line;
  size_t n;

  for (;;) {
    if ((n = tenon_p_lex_space(p, f->end, &is_line)) > 0)
      p += n;
    else if (f->end - p > 1 && *p == '/' && (p[1] == '/' || p[1] == '*'))
      p = tenon_p_lex_comment(p, f->end, &is_line);
    else
      return p;
  }
}

/* A word that is an identifier: none that an escape or a digit is in front of. */
static bool take_word(const tenon_p_forms *f, const char **p, span *word)
{
  const char *from = skip(f, *p), *to = tenon_p_lex_word(from, f->end);

  if (to == from || (*from >= '0' && *from <= '9') ||
      memchr(from, '\\', (size_t)(to - from)) ||
      memchr(from, '#', (size_t)(to - from)))
    return false;
  *word = (span){from, (size_t)(to - from)};
  *p = to;
  return true;
}

static bool is_span(const span *w, const char *text, size_t len)
{
  return w->len == len && memcmp(w->s, text, len) == 0;
}

static bool is_text(const span *w, const char *text)
{
  return is_span(w, text, strlen(text));
}

static bool take_same(const tenon_p_forms *f, const char **p, const span *same)
{
  const char *at = *p;
  span w;

  if (!take_word(f, &at, &w) || !is_span(&w, same->s, same->len)) return false;
  *p = at;
  return true;
}

/* All of the tokens, which spaces separate, or none. */
static bool take(const tenon_p_forms *f, const char **p, const char *tokens)
{
  const char *at = *p;
  size_t n;

  for (;;) {
    tokens += strspn(tokens, " ");
    n = strcspn(tokens, " ");
    if (!n) break;
    if (tenon_p_lex_word(tokens, tokens + 1) != tokens) {
      span word = {tokens, n};
      if (!take_same(f, &at, &word)) return false;
    } else {
      at = skip(f, at);
      if ((size_t)(f->end - at) < n || memcmp(at, tokens, n) != 0) return false;
      at += n;
    }
    tokens += n;
  }
  *p = at;
  return true;
}

/* One that may be there. */
static void take_any(const tenon_p_forms *f, const char **p, const char *tokens)
{
  if (take(f, p, tokens)) return;
}

/* A string, with its quotes. */
static bool take_string(const tenon_p_forms *f, const char **p, span *string)
{
  const char *from = skip(f, *p), *to;

  if (from == f->end || (*from != '"' && *from != '\'')) return false;
  to = tenon_p_lex_string(from, f->end);
  if (!to) return false;
  *string = (span){from, (size_t)(to - from)};
  *p = to;
  return true;
}

static bool take_exports(const tenon_p_forms *f, const char **p)
{
  return take(f, p, "module . exports") || take(f, p, "exports");
}

/* --- What a string says --------------------------------------------------- */

static void append_utf8(tenon_p_text *t, uint32_t c)
{
  char s[4];
  size_t n;

  if (c < 0x80) {
    s[0] = (char)c;
    n = 1;
  } else if (c < 0x800) {
    s[0] = (char)(0xc0 | c >> 6);
    s[1] = (char)(0x80 | (c & 0x3f));
    n = 2;
  } else if (c < 0x10000) {
    s[0] = (char)(0xe0 | c >> 12);
    s[1] = (char)(0x80 | (c >> 6 & 0x3f));
    s[2] = (char)(0x80 | (c & 0x3f));
    n = 3;
  } else {
    s[0] = (char)(0xf0 | c >> 18);
    s[1] = (char)(0x80 | (c >> 12 & 0x3f));
    s[2] = (char)(0x80 | (c >> 6 & 0x3f));
    s[3] = (char)(0x80 | (c & 0x3f));
    n = 4;
  }
  tenon_p_text_append(t, s, n);
}

static int hex_of(char c)
{
  if (c >= '0' && c <= '9') return c - '0';
  c |= 0x20;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* `least` to `most` digits at `*p`. */
static bool take_hex(const char **p, const char *end, int least, int most,
                     uint32_t *c)
{
  int n = 0, digit;

  *c = 0;
  while (n < most && *p < end && (digit = hex_of(**p)) >= 0) {
    *c = *c << 4 | (uint32_t)digit;
    (*p)++;
    n++;
  }
  return n >= least;
}

/* Behind "\u": a code unit or a code point. */
static bool take_unicode(const char **p, const char *end, uint32_t *c)
{
  if (*p == end || **p != '{') return take_hex(p, end, 4, 4, c);
  (*p)++;
  while (*p < end && **p == '0')
    (*p)++;
  if (!take_hex(p, end, 0, 6, c) || *p == end || **p != '}' ||
      ((*p)[-1] == '{') || *c > 0x10ffff)
    return false;
  (*p)++;
  return true;
}

/* What an escape stands for, behind its backslash; false when it cannot be
 * one, true without text for a line that goes on. */
static bool append_escape(const char **p, const char *end, tenon_p_text *t)
{
  static const char letters[] = "bfnrtv", stand_for[] = "\b\f\n\r\t\v";
  char c = *(*p)++;
  const char *at = c ? strchr(letters, c) : NULL, *low;
  uint32_t u, second;
  bool is_line = false;
  size_t n;

  if (at) {
    tenon_p_text_append(t, &stand_for[at - letters], 1);
  } else if (c == 'x') {
    if (!take_hex(p, end, 2, 2, &u)) return false;
    append_utf8(t, u);
  } else if (c == 'u') {
    if (!take_unicode(p, end, &u)) return false;
    if (u >= 0xdc00 && u <= 0xdfff) return false;
    if (u >= 0xd800 && u <= 0xdbff) {
      if (end - *p < 2 || (*p)[0] != '\\' || (*p)[1] != 'u') return false;
      low = *p + 2;
      if (!take_unicode(&low, end, &second) || second < 0xdc00 ||
          second > 0xdfff)
        return false;
      *p = low;
      u = 0x10000 + ((u - 0xd800) << 10) + (second - 0xdc00);
    }
    append_utf8(t, u);
  } else if (c >= '0' && c <= '7') {
    u = (uint32_t)(c - '0');
    for (n = c <= '3' ? 2 : 1; n && *p < end && **p >= '0' && **p <= '7'; n--)
      u = u * 8 + (uint32_t)(*(*p)++ - '0');
    append_utf8(t, u);
  } else {
    n = tenon_p_lex_space(--*p, end, &is_line);
    if (!is_line) n = 0;
    if (c == '\r' && end - *p > 1 && (*p)[1] == '\n') n = 2;
    *p += n;
    if (!n) {
      tenon_p_text_append(t, *p, 1);
      (*p)++;
    }
  }
  return true;
}

/* Adds what a string or a word says to a set. NULL when that is no text of
 * Unicode, or without memory. */
static tenon_p_nameset_entry *add(tenon_p_nameset *set, const span *w)
{
  bool is_string = w->s[0] == '"' || w->s[0] == '\'';
  const char *p = w->s + is_string, *end = w->s + w->len - is_string, *from;
  tenon_p_text t = TENON_P_TEXT_INIT;
  tenon_p_nameset_entry *name = NULL;
  bool is_right = true;

  if (!memchr(p, '\\', (size_t)(end - p))) {
    if (tenon_p_utf8_check(p, (size_t)(end - p)) < (size_t)(end - p))
      return NULL;
    return tenon_p_nameset_add(set, p, (size_t)(end - p));
  }
  while (is_right && p < end) {
    from = p;
    p = memchr(p, '\\', (size_t)(end - p));
    if (!p) p = end;
    tenon_p_text_append(&t, from, (size_t)(p - from));
    if (p < end && ++p < end) is_right = append_escape(&p, end, &t);
  }
  if (t.failed)
    set->failed = true;
  else if (is_right && tenon_p_utf8_check(t.data ? t.data : "", t.len) == t.len)
    name = tenon_p_nameset_add(set, t.data ? t.data : "", t.len);
  tenon_p_text_release(&t);
  return name;
}

/* --- Forms ---------------------------------------------------------------- */

/* require('specifier') */
static bool take_require(const tenon_p_forms *f, const char **p, span *s)
{
  const char *at = *p;

  if (!take(f, &at, "require (") || !take_string(f, &at, s) ||
      !take(f, &at, ")"))
    return false;
  *p = at;
  return true;
}

/* The members of module.exports = { …, as far as they are understood. */
static void literal(tenon_p_forms *f, const char *p)
{
  span name, other;

  for (;;) {
    if (take(f, &p, "...")) {
      if (take_require(f, &p, &other))
        add(&f->out->reexports, &other);
      else if (!take_word(f, &p, &other))
        return;
    } else if (take_word(f, &p, &name)) {
      if (!take(f, &p, ":")) {
        add(&f->out->exports, &name);
      } else if (take_word(f, &p, &other)) {
        add(&f->out->exports, &name);
      } else {
        return;
      }
    } else if (take_string(f, &p, &name)) {
      if (take(f, &p, ":")) {
        if (!take_word(f, &p, &other)) return;
        add(&f->out->exports, &name);
      }
    } else {
      return;
    }
    if (!take(f, &p, ",")) return;
  }
}

/* Behind `exports` or `module.exports`. */
static void after_exports(tenon_p_forms *f, const char *p, bool is_module)
{
  span name;

  if (take(f, &p, ".")) {
    if (take_word(f, &p, &name) && take(f, &p, "="))
      add(&f->out->exports, &name);
  } else if (take(f, &p, "[")) {
    if (take_string(f, &p, &name) && take(f, &p, "]") && take(f, &p, "="))
      add(&f->out->exports, &name);
  } else if (is_module && take(f, &p, "=")) {
    /* The last object that is exported counts. */
    if (!f->out->reexports.failed) tenon_p_nameset_release(&f->out->reexports);
    if (take_require(f, &p, &name))
      add(&f->out->reexports, &name);
    else if (take(f, &p, "{"))
      literal(f, p);
  }
}

/* function () {, function name () {, or () { of a method. */
static bool take_getter_head(const tenon_p_forms *f, const char **p)
{
  span name;

  if (take(f, p, "( ) {")) return true;
  if (!take(f, p, ": function")) return false;
  if (take(f, p, "( ) {")) return true;
  return take_word(f, p, &name) && take(f, p, "( ) {");
}

/* …return a; } or a.b or a['b']. */
static bool take_getter(const tenon_p_forms *f, const char **p)
{
  span name;

  if (!take_getter_head(f, p) || !take(f, p, "return") ||
      !take_word(f, p, &name))
    return false;
  if (take(f, p, ".")) {
    if (!take_word(f, p, &name)) return false;
  } else if (take(f, p, "[")) {
    if (!take_string(f, p, &name) || !take(f, p, "]")) return false;
  }
  take_any(f, p, ";");
  if (!take(f, p, "}")) return false;
  take_any(f, p, ",");
  return take(f, p, "} )");
}

static void add_defined(tenon_p_forms *f, const span *name, bool is_value)
{
  tenon_p_nameset_entry *entry = add(&f->out->exports, name);

  if (entry && !is_value) entry->flags |= UNSAFE;
}

/* Behind Object.defineProperty( */
static void define(tenon_p_forms *f, const char *p)
{
  bool is_value;
  span name;

  if (!take_exports(f, &p) || !take(f, &p, ",") || !take_string(f, &p, &name))
    return;
  is_value = take(f, &p, ", {");
  if (is_value) {
    take_any(f, &p, "enumerable : true ,");
    is_value =
        take(f, &p, "value :") || (take(f, &p, "get") && take_getter(f, &p));
  }
  add_defined(f, &name, is_value);
}

/* Object.prototype.hasOwnProperty.call(names, key) */
static bool take_has_own(const tenon_p_forms *f, const char **p,
                         const span *key)
{
  const char *at = *p;
  span names;

  if (!take(f, &at, "Object")) return false;
  take_any(f, &at, ". prototype");
  if (!take(f, &at, ". hasOwnProperty . call (") ||
      !take_word(f, &at, &names) || !take(f, &at, ",") ||
      !take_same(f, &at, key) || !take(f, &at, ")"))
    return false;
  *p = at;
  return true;
}

static bool take_text(const tenon_p_forms *f, const char **p, const char *text)
{
  const char *at = *p;
  span s;

  if (!take_string(f, &at, &s) || s.len != strlen(text) + 2 ||
      memcmp(s.s + 1, text, s.len - 2) != 0)
    return false;
  *p = at;
  return true;
}

/* module[key] */
static bool take_member(const tenon_p_forms *f, const char **p,
                        const span *module, const span *key)
{
  return take_same(f, p, module) && take(f, p, "[") && take_same(f, p, key) &&
         take(f, p, "]");
}

static bool take_return(const tenon_p_forms *f, const char **p)
{
  if (!take(f, p, ") return")) return false;
  take_any(f, p, ";");
  return true;
}

/* Babel's: if (key === 'default' || …) return; and what may follow. */
static bool take_refusals(const tenon_p_forms *f, const char **p,
                          const span *module, const span *key)
{
  const char *at;

  if (!take(f, p, "===") || !take_text(f, p, "default") || !take(f, p, "||") ||
      !take_same(f, p, key) || !take(f, p, "===") ||
      !take_text(f, p, "__esModule") || !take_return(f, p))
    return false;
  at = *p;
  if (take(f, &at, "if (") && take_has_own(f, &at, key) && take_return(f, &at))
    *p = at;
  at = *p;
  if (take(f, &at, "if (") && take_same(f, &at, key) && take(f, &at, "in") &&
      take_exports(f, &at) && take(f, &at, "&&") && take_exports(f, &at) &&
      take(f, &at, "[") && take_same(f, &at, key) && take(f, &at, "] ===") &&
      take_member(f, &at, module, key) && take_return(f, &at))
    *p = at;
  return true;
}

/* The other way: if (key !== 'default' && !….hasOwnProperty(key)) */
static bool take_condition(const tenon_p_forms *f, const char **p,
                           const span *key)
{
  span names;

  if (!take(f, p, "!==") || !take_text(f, p, "default")) return false;
  if (take(f, p, "&& !") && !take_has_own(f, p, key) &&
      !(take_word(f, p, &names) && take(f, p, ". hasOwnProperty (") &&
        take_same(f, p, key) && take(f, p, ")")))
    return false;
  return take(f, p, ")");
}

/* exports[key] = module[key], or a getter of that. */
static bool take_export(const tenon_p_forms *f, const char **p,
                        const span *module, const span *key)
{
  if (take_exports(f, p)) {
    if (!take(f, p, "[") || !take_same(f, p, key) || !take(f, p, "] =") ||
        !take_member(f, p, module, key))
      return false;
    take_any(f, p, ";");
    return true;
  }
  if (!take(f, p, "Object . defineProperty (") || !take_exports(f, p) ||
      !take(f, p, ",") || !take_same(f, p, key) ||
      !take(f, p, ", { enumerable : true , get") || !take_getter_head(f, p) ||
      !take(f, p, "return") || !take_member(f, p, module, key))
    return false;
  take_any(f, p, ";");
  if (!take(f, p, "}")) return false;
  take_any(f, p, ",");
  if (!take(f, p, "} )")) return false;
  take_any(f, p, ";");
  return true;
}

/* Behind Object.keys( */
static void keys(tenon_p_forms *f, const char *p)
{
  const tenon_p_nameset_entry *variable;
  span module, key;

  if (!take_word(f, &p, &module) || !take(f, &p, ") . forEach ( function (") ||
      !take_word(f, &p, &key) || !take(f, &p, ") { if (") ||
      !take_same(f, &p, &key))
    return;
  if (!take_refusals(f, &p, &module, &key) && !take_condition(f, &p, &key))
    return;
  if (!take_export(f, &p, &module, &key) || !take(f, &p, "} )")) return;
  variable = tenon_p_nameset_find(&f->required, module.s, module.len);
  if (variable) {
    const tenon_p_nameset_entry *s = &f->specifiers.all[variable->number];
    tenon_p_nameset_add(&f->out->reexports,
                        tenon_p_nameset_text(&f->specifiers, s), s->len);
  }
}

/* Behind var, let or const: name = require('…') */
static void variable(tenon_p_forms *f, const char *p)
{
  const tenon_p_nameset_entry *specifier;
  tenon_p_nameset_entry *name;
  span word, s;

  if (!take_word(f, &p, &word) || !take(f, &p, "=")) return;
  take_any(f, &p, "_interopRequireWildcard (");
  if (!take_require(f, &p, &s)) return;
  specifier = add(&f->specifiers, &s);
  name = specifier ? add(&f->required, &word) : NULL;
  if (name) name->number = (size_t)(specifier - f->specifiers.all);
}

void tenon_p_forms_word(tenon_p_forms *f, const char *word, const char *p,
                        int at)
{
  const span w = {word, (size_t)(p - word)};
  bool is_top = at & TENON_P_FORMS_TOP, is_member = at & TENON_P_FORMS_MEMBER;
  span s;

  switch (*word) {
  case '_':
    if (is_top && (is_text(&w, "__export") || is_text(&w, "__exportStar")) &&
        take(f, &p, "(") && take_require(f, &p, &s))
      add(&f->out->reexports, &s);
    break;
  case 'e':
    if (!is_member && is_text(&w, "exports")) after_exports(f, p, false);
    break;
  case 'm':
    if (!is_member && is_text(&w, "module") && take(f, &p, ". exports"))
      after_exports(f, p, true);
    break;
  case 'O':
    if (is_member || !is_text(&w, "Object") || !take(f, &p, ".")) break;
    if (take(f, &p, "defineProperty ("))
      define(f, p);
    else if (is_top && take(f, &p, "keys ("))
      keys(f, p);
    break;
  case 'c':
  case 'l':
  case 'v':
    if (is_top && !is_member &&
        (is_text(&w, "var") || is_text(&w, "let") || is_text(&w, "const")))
      variable(f, p);
    break;
  default: break;
  }
}
