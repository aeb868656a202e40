/*
 * The names of generated C are its own, but its statics share their symbols with
 * what it calls: a function of the source whose name is that of a static would be
 * taken for it by the assembler. Such names of ours get another name by a macro in
 * front of everything; symbols of the source stand in strings, which no macro
 * reaches.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "source/emit.h"

typedef struct symbol {
  const char *name;
  bool is_met;
} symbol;

typedef struct symbols {
  symbol *list;
  size_t count;
} symbols;

/* No static has them: words of the language and of attributes, macros, and what
 * our code calls of the C library. */
static bool is_left(const char *name)
{
  static const char *const names[] = {"CHUNK",
                                      "NULL",
                                      "SCALAR",
                                      "UNUSED",
                                      "VIEW",
                                      "_Alignas",
                                      "_Alignof",
                                      "_Atomic",
                                      "_Bool",
                                      "_Complex",
                                      "_Float16",
                                      "_Generic",
                                      "_Noreturn",
                                      "_Static_assert",
                                      "_Thread_local",
                                      "aligned",
                                      "asm",
                                      "auto",
                                      "break",
                                      "calloc",
                                      "case",
                                      "char",
                                      "cold",
                                      "const",
                                      "continue",
                                      "default",
                                      "defined",
                                      "do",
                                      "double",
                                      "else",
                                      "enum",
                                      "extern",
                                      "float",
                                      "for",
                                      "format",
                                      "free",
                                      "goto",
                                      "if",
                                      "inline",
                                      "int",
                                      "long",
                                      "memchr",
                                      "memcpy",
                                      "memset",
                                      "noinline",
                                      "packed",
                                      "printf",
                                      "register",
                                      "restrict",
                                      "return",
                                      "sched_yield",
                                      "short",
                                      "signed",
                                      "sizeof",
                                      "static",
                                      "strnlen",
                                      "struct",
                                      "switch",
                                      "tenon_module_v1",
                                      "tenon_refused_v1",
                                      "typedef",
                                      "typeof",
                                      "union",
                                      "unsigned",
                                      "unused",
                                      "va_arg",
                                      "va_end",
                                      "va_start",
                                      "vector_size",
                                      "visibility",
                                      "void",
                                      "volatile",
                                      "while"};
  size_t i;

  if (strncmp(name, "__", 2) == 0) return true;
  for (i = 0; i < tenon_p_countof(names); i++)
    if (strcmp(names[i], name) == 0) return true;
  return false;
}

static bool begins_name(char c)
{
  return isalpha((unsigned char)c) || c == '_' || c == '$';
}

static bool is_name(const char *s, size_t len)
{
  size_t i;

  for (i = 0; i < len; i++)
    if (!begins_name(s[i]) && (i == 0 || !isdigit((unsigned char)s[i])))
      return false;
  return len > 0;
}

static void add(symbols *s, const char *name)
{
  if (name && is_name(name, strlen(name)) && !is_left(name))
    s->list[s->count++] = (symbol){name, false};
}

static int compare(const void *a, const void *b)
{
  return strcmp(((const symbol *)a)->name, ((const symbol *)b)->name);
}

static void meet(symbols *s, const char *text, size_t len)
{
  size_t low = 0, high = s->count;

  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const char *name = s->list[middle].name;
    int order = strncmp(name, text, len);
    if (order == 0 && name[len]) order = 1;
    if (order == 0) {
      s->list[middle].is_met = true;
      return;
    }
    if (order < 0)
      low = middle + 1;
    else
      high = middle;
  }
}

static void meet_all(symbols *s, const char *at)
{
  const char *from;

  while (*at) {
    if (*at == '"') {
      for (at++; *at && *at != '"'; at++)
        if (*at == '\\' && at[1]) at++;
      if (*at) at++;
    } else if (begins_name(*at)) {
      for (from = at; begins_name(*at) || isdigit((unsigned char)*at);)
        at++;
      meet(s, from, (size_t)(at - from));
    } else if (isdigit((unsigned char)*at)) {
      while (isalnum((unsigned char)*at))
        at++;
    } else {
      at++;
    }
  }
}

static size_t most_symbols(const tenon_p_plan *p)
{
  return 2 * p->function_count + p->handle_count + p->constant_count;
}

void tenon_p_emit_names(const tenon_p_plan *p, const char *text,
                        tenon_p_text *out)
{
  symbols s = {tenon_p_calloc((most_symbols(p) + 1) * sizeof(symbol)), 0};
  size_t i;

  if (!s.list) {
    out->failed = true;
    return;
  }
  for (i = 0; i < p->function_count; i++) {
    add(&s, p->functions[i].function->symbol);
    add(&s, p->functions[i].own);
  }
  for (i = 0; i < p->handle_count; i++)
    add(&s, p->handles[i].closer->symbol);
  for (i = 0; i < p->constant_count; i++)
    if (p->constants[i].variable) add(&s, p->constants[i].variable->symbol);
  if (s.count) qsort(s.list, s.count, sizeof *s.list, compare);
  /* Of those that are there twice the search may have met any one. */
  meet_all(&s, text);
  for (i = 0; i < s.count; i++)
    if (s.list[i].is_met)
      tenon_p_text_printf(out, "#define %s tenon_own_%s\n", s.list[i].name,
                          s.list[i].name);
  free(s.list);
}
