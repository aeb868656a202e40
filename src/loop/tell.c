/*
 * What is open, told: what was begun alike, at the same place, is one line. The
 * order is that of the oldest one of each.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/json.h"
#include "base/path.h"
#include "loop/loop.h"

typedef struct group {
  const tenon_p_operation *first;
  size_t count;
} group;

typedef struct groups {
  group *all;
  size_t count, capacity;
} groups;

static bool is_same_text(const char *a, const char *b)
{
  return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_same_kind(const tenon_p_operation *a, const tenon_p_operation *b)
{
  return is_same_text(a->kind->one, b->kind->one);
}

static bool is_same_place(const tenon_p_begun *a, const tenon_p_begun *b)
{
  if (!a || !b) return a == b;
  return a->url == b->url && a->line == b->line && a->column == b->column;
}

static bool is_alike(const tenon_p_operation *a, const tenon_p_operation *b)
{
  return is_same_kind(a, b) && is_same_text(a->name, b->name) &&
         is_same_place(a->begun, b->begun);
}

static bool is_kind(const tenon_p_operation *a, const tenon_p_operation *b)
{
  return is_same_kind(a, b);
}

/* Into `out`, which begins empty: false when memory does not suffice. The last
 * group is looked at first: what a loop begins is alike. */
static bool collect(const tenon_p_loop *l, groups *out,
                    bool (*is_in)(const tenon_p_operation *a,
                                  const tenon_p_operation *b))
{
  const tenon_p_list *at;

  for (at = l->open.all.next; at != &l->open.all; at = at->next) {
    const tenon_p_operation *op =
        tenon_p_container(at, const tenon_p_operation, link);
    size_t i = out->count;
    while (i && !is_in(out->all[i - 1].first, op))
      i--;
    if (!i && out->count == out->capacity) {
      size_t capacity = out->capacity ? out->capacity * 2 : 16;
      group *more = tenon_p_realloc(out->all, capacity * sizeof *more);
      if (!more) return false;
      out->all = more;
      out->capacity = capacity;
    }
    if (!i) {
      out->all[out->count++] = (group){op, 0};
      i = out->count;
    }
    out->all[i - 1].count++;
  }
  return true;
}

static void put_count(const group *g, tenon_p_text *out)
{
  const tenon_p_operation_kind *k = g->first->kind;

  tenon_p_text_printf(out, "%zu %s", g->count,
                      g->count == 1 ? k->one : k->many);
}

void tenon_p_operations_summarize(tenon_p_loop *l, tenon_p_text *out)
{
  groups kinds = {NULL, 0, 0};
  size_t i;

  if (!collect(l, &kinds, is_kind)) out->failed = true;
  for (i = 0; i < kinds.count; i++) {
    if (i) tenon_p_text_puts(out, ", ");
    put_count(&kinds.all[i], out);
  }
  free(kinds.all);
}

/* The name of the file of a place: free(3), or NULL without memory. */
static char *dup_url(tenon_p_loop *l, const tenon_p_begun *b)
{
  JSContext *ctx = l->engine->ctx;
  const char *url = JS_AtomToCString(ctx, b->url);
  char *copy;

  if (!url) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    return NULL;
  }
  copy = tenon_p_strndup(url, strlen(url));
  JS_FreeCString(ctx, url);
  return copy;
}

/* A file by its path. */
static void put_place(tenon_p_loop *l, const tenon_p_begun *b,
                      tenon_p_text *out)
{
  char *url = dup_url(l, b), *path = NULL;

  if (!url) {
    out->failed = true;
    return;
  }
  if (strncmp(url, "file:", 5) == 0) (void)tenon_p_path_from_url(url, &path);
  tenon_p_text_printf(out, " at %s:%d:%d", path ? path : url, b->line,
                      b->column);
  free(path);
  free(url);
}

static void tell_text(tenon_p_loop *l, const groups *g, tenon_p_text *out)
{
  size_t i;

  tenon_p_operations_summarize(l, out);
  for (i = 0; i < g->count; i++) {
    const tenon_p_operation *op = g->all[i].first;
    if (!op->name && !op->begun) continue;
    tenon_p_text_puts(out, "\n  ");
    put_count(&g->all[i], out);
    if (op->name) tenon_p_text_printf(out, " of %s", op->name);
    if (op->begun) put_place(l, op->begun, out);
  }
}

static void tell_json(tenon_p_loop *l, const groups *g, tenon_p_text *out)
{
  size_t i;
  char *url;

  tenon_p_text_puts(out, "[");
  for (i = 0; i < g->count; i++) {
    const tenon_p_operation *op = g->all[i].first;
    tenon_p_text_puts(out, i ? ",{" : "{");
    tenon_p_json_member(out, "what", op->kind->one, strlen(op->kind->one));
    tenon_p_json_number(out, "count", (int64_t)g->all[i].count);
    if (op->name)
      tenon_p_json_member(out, "function", op->name, strlen(op->name));
    url = op->begun ? dup_url(l, op->begun) : NULL;
    if (url) {
      tenon_p_json_member(out, "url", url, strlen(url));
      tenon_p_json_number(out, "line", op->begun->line);
      tenon_p_json_number(out, "column", op->begun->column);
    } else if (op->begun) {
      out->failed = true;
    }
    free(url);
    tenon_p_text_puts(out, "}");
  }
  tenon_p_text_puts(out, "]");
}

void tenon_p_operations_tell(tenon_p_loop *l, tenon_form form,
                             tenon_p_text *out)
{
  groups g = {NULL, 0, 0};

  if (!collect(l, &g, is_alike))
    out->failed = true;
  else if (form == TENON_FORM_JSON)
    tell_json(l, &g, out);
  else
    tell_text(l, &g, out);
  free(g.all);
}
