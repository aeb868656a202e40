/*
 * Classes as classes of TypeScript.
 *
 * - `#private` makes the type one of its own: what only looks like an instance
 *   is none, as the conversion says, too.
 * - Accessors are declared as such: properties could not be overridden by
 *   accessors, and would be copied by `{...x}`.
 * - Methods are declared as methods, which a class that extends this one may
 *   override: one with a property `async` could not be. Static ones have theirs.
 * - A member may differ from the one of a base that it hides. JavaScript does not
 *   mind, and instances are of the base all the same: methods have the signature
 *   of the hidden one behind their own; of others the compiler is told not to.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "bind/declare-parts.h"
#include "bind/table.h"

typedef tenon_p_declarer declarer;
typedef tenon_p_class_table class_table;

/* --- Members, one by one ------------------------------------------------------ */

enum part {
  FIELD_GET,
  FIELD_SET,
  GET,
  SET,
  METHOD,
  CONSTANT,
  DISPOSE,
  ASYNC_DISPOSE,
  ITERATOR,
  ASYNC_ITERATOR,
  JSON
};
enum { FIELDS, ACCESSORS, METHODS, SYMBOLS };

/* One declaration of a class. */
typedef struct entry {
  const char *name; /* "@@iterator": that symbol */
  enum part part;
  bool is_static;
  int rank;
  uint32_t index;           /* fields stay in their order */
  const tenon_member *x;    /* NULL: of what was not said */
  const tenon_field *field; /* of an accessor of T's own */
} entry;

typedef struct entries {
  entry *list;
  uint32_t count;
} entries;

static const tenon_member *member_of(const class_table *t, uint32_t i)
{
  return t->members[i]->data;
}

static bool is_symbol(const char *name)
{
  return strncmp(name, "@@", 2) == 0;
}

static void add(entries *e, const char *name, enum part part,
                const tenon_member *x, const tenon_field *field)
{
  int rank = field                        ? FIELDS
             : is_symbol(name)            ? SYMBOLS
             : part == GET || part == SET ? ACCESSORS
                                          : METHODS;

  /* A symbol of Symbol.for() is none of a type. */
  if (is_symbol(name) && strchr(name, '.')) return;
  e->list[e->count] =
      (entry){name,
              part,
              part == CONSTANT || (x && (x->flags & TENON_MEMBER_STATIC)),
              rank,
              e->count,
              x,
              field};
  e->count++;
}

static void add_fields(entries *e, const tenon_member *x)
{
  uint32_t i;

  for (i = 0; i < x->field_count; i++) {
    add(e, x->fields[i].name, FIELD_GET, x, &x->fields[i]);
    if (!(x->flags & TENON_MEMBER_READONLY))
      add(e, x->fields[i].name, FIELD_SET, x, &x->fields[i]);
  }
}

static void add_member(entries *e, const char *name, const tenon_member *x)
{
  switch (x->kind) {
  case TENON_MEMBER_METHOD: add(e, name, METHOD, x, NULL); break;
  case TENON_MEMBER_GETTER: add(e, name, GET, x, NULL); break;
  case TENON_MEMBER_SETTER: add(e, name, SET, x, NULL); break;
  case TENON_MEMBER_FIELDS: add_fields(e, x); break;
  case TENON_MEMBER_CONSTANT: add(e, name, CONSTANT, x, NULL); break;
  case TENON_MEMBER_DISPOSE:
    if (name[0]) add(e, name, DISPOSE, x, NULL);
    add(e, "@@dispose", DISPOSE, x, NULL);
    break;
  case TENON_MEMBER_ASYNC_DISPOSE:
    add(e, "@@asyncDispose", ASYNC_DISPOSE, x, NULL);
    break;
  case TENON_MEMBER_ITERATOR: add(e, "@@iterator", ITERATOR, x, NULL); break;
  case TENON_MEMBER_ASYNC_ITERATOR:
    add(e, "@@asyncIterator", ASYNC_ITERATOR, x, NULL);
    break;
  default: break;
  }
}

static int compare_entries(const void *a, const void *b)
{
  const entry *x = a, *y = b;
  int r = x->is_static - y->is_static;

  if (!r) r = x->rank - y->rank;
  if (!r && x->rank != FIELDS) r = strcmp(x->name, y->name);
  if (!r && x->rank != FIELDS) r = (int)x->part - (int)y->part;
  return r ? r : x->index < y->index ? -1 : x->index > y->index;
}

static const tenon_member *own_member(const class_table *t, uint32_t kind)
{
  uint32_t i;

  for (i = 0; i < t->count; i++)
    if (member_of(t, i)->kind == kind) return member_of(t, i);
  return NULL;
}

/* A class that maps members of T has a toJSON of them, unless one is said or it is
 * a container. */
static bool has_json(const class_table *t)
{
  uint32_t i;

  if (!own_member(t, TENON_MEMBER_FIELDS) ||
      tenon_p_class_member(t, TENON_MEMBER_KEYED_GET))
    return false;
  for (; t; t = t->base)
    for (i = 0; i < t->count; i++)
      if (!(member_of(t, i)->flags & TENON_MEMBER_STATIC) &&
          !strcmp(t->members[i]->name, "toJSON"))
        return false;
  return true;
}

/* What a class declares, in order; `list` is NULL when out of memory. */
static entries list_entries(const class_table *t)
{
  entries e = {NULL, 0};
  size_t most = 1;
  uint32_t i;

  for (i = 0; i < t->count; i++)
    most += 2 + 2 * (size_t)member_of(t, i)->field_count;
  e.list = tenon_p_calloc(most * sizeof *e.list);
  if (!e.list) return e;
  for (i = 0; i < t->count; i++)
    add_member(&e, t->members[i]->name, member_of(t, i));
  if (has_json(t)) add(&e, "toJSON", JSON, NULL, NULL);
  qsort(e.list, e.count, sizeof *e.list, compare_entries);
  return e;
}

/* --- Collecting --------------------------------------------------------------- */

void tenon_p_declare_collect_class(declarer *d, const class_table *t)
{
  uint32_t i, k;

  if (!tenon_p_docs_load(&d->docs, t->class->file)) d->out->failed = true;
  for (i = 0; i < t->count; i++) {
    const tenon_member *x = member_of(t, i);
    if (x->function) {
      tenon_p_shapes_add(&d->shapes, x->function);
      if (x->kind == TENON_MEMBER_METHOD)
        tenon_p_declare_collect_options(d, x->function);
      if (!tenon_p_docs_load(&d->docs, x->function->file))
        d->out->failed = true;
    }
    for (k = 0; x->kind == TENON_MEMBER_FIELDS && k < x->field_count; k++)
      tenon_p_shapes_add_field(&d->shapes, &x->fields[k],
                               !(x->flags & TENON_MEMBER_READONLY));
  }
}

bool tenon_p_declare_needs_dispose(const declarer *d)
{
  const tenon_p_module *m = d->module;
  uint32_t i, k;

  for (i = 0; i < m->class_count; i++) {
    for (k = 0; k < m->classes[i].count; k++) {
      uint32_t kind = member_of(&m->classes[i], k)->kind;
      const char *name = m->classes[i].members[k]->name;
      if (kind == TENON_MEMBER_DISPOSE || kind == TENON_MEMBER_ASYNC_DISPOSE ||
          !strcmp(name, "@@dispose") || !strcmp(name, "@@asyncDispose"))
        return true;
    }
  }
  return false;
}

/* --- Declarations ------------------------------------------------------------- */

/* A class that is being written. */
typedef struct writer {
  declarer *d;
  const class_table *t;
  tenon_p_text indent, line; /* of its members */
} writer;

static void put_key(tenon_p_text *out, const char *name)
{
  if (is_symbol(name))
    tenon_p_text_printf(out, "[Symbol.%s]", name + 2);
  else
    tenon_p_put_property(out, name);
}

static void put_type(writer *w, const tenon_field *f, int direction)
{
  tenon_p_put_field_type(&w->d->shapes, w->d->out, f, direction);
  /* A setter's parameter has no `?`. */
  if (direction == TENON_P_IN && (f->flags & TENON_FIELD_DEFAULT) &&
      !(f->flags & (TENON_FIELD_OPT | TENON_FIELD_NULLABLE)))
    tenon_p_text_puts(w->d->out, " | undefined");
}

/* What is passed to a function: all but what it is called on. */
static tenon_p_put_call call_of(const tenon_function *f, bool has_self)
{
  return (tenon_p_put_call){.params = f->params + has_self,
                            .result = &f->result,
                            .count = f->param_count - has_self,
                            .direction = TENON_P_IN,
                            .is_promise = f->flags != 0};
}

static void put_call(writer *w, const tenon_p_put_call *call, size_t begin)
{
  tenon_p_declare_call(w->d, call, begin, w->line.data);
}

static void put_method(writer *w, const entry *e, size_t begin)
{
  const tenon_function *f = e->x->function;
  tenon_p_put_call call = call_of(f, !e->is_static);
  tenon_p_text *out = w->d->out;
  const char *line;

  if (!e->is_static || !tenon_p_declare_has_twin(w->d, f)) {
    put_key(out, e->name);
    put_call(w, &call, begin);
    return;
  }
  tenon_p_text_puts(out, "readonly ");
  put_key(out, e->name);
  tenon_p_text_puts(out, ": {");
  /* Both stand two columns further in. */
  tenon_p_text_puts(&w->line, "  ");
  if (w->line.failed) {
    out->failed = true;
    return;
  }
  line = w->line.data;
  begin = out->len + 1;
  tenon_p_text_puts(out, line);
  put_call(w, &call, begin);
  begin = out->len + 2;
  tenon_p_text_printf(out, ";%sasync", line);
  call.is_promise = true;
  put_call(w, &call, begin);
  w->line.len -= 2;
  w->line.data[w->line.len] = '\0';
  tenon_p_text_printf(out, ";%s}", w->line.data);
}

/* The bases' first. */
static void put_json_members(writer *w, const class_table *t, bool in_lines)
{
  tenon_p_text *out = w->d->out;
  uint32_t i, k;

  if (t->base) put_json_members(w, t->base, in_lines);
  for (i = 0; i < t->count; i++) {
    const tenon_member *x = member_of(t, i);
    if (x->kind != TENON_MEMBER_FIELDS) continue;
    for (k = 0; k < x->field_count; k++) {
      tenon_p_text_printf(out, in_lines ? "%s  " : " ",
                          in_lines ? w->line.data : "");
      tenon_p_put_property(out, x->fields[k].name);
      tenon_p_text_puts(out, ": ");
      put_type(w, &x->fields[k], TENON_P_OUT);
      tenon_p_text_puts(out, ";");
    }
  }
}

static void put_json(writer *w, size_t begin)
{
  tenon_p_text *out = w->d->out;
  size_t content;

  tenon_p_text_puts(out, "toJSON(): {");
  content = out->len;
  put_json_members(w, w->t, false);
  tenon_p_text_puts(out, " }");
  if (out->failed || out->len - begin < TENON_P_MOST_COLUMNS) return;
  out->len = content;
  put_json_members(w, w->t, true);
  tenon_p_text_printf(out, "%s}", w->line.data);
}

static void put_entry(writer *w, const entry *e)
{
  static const char *const before[] = {
      [FIELD_GET] = "get ",  [FIELD_SET] = "set ", [GET] = "get ",
      [SET] = "set ",        [METHOD] = "",        [CONSTANT] = "readonly ",
      [DISPOSE] = "",        [ASYNC_DISPOSE] = "", [ITERATOR] = "",
      [ASYNC_ITERATOR] = "", [JSON] = ""};
  const tenon_function *f = e->x ? e->x->function : NULL;
  tenon_p_text *out = w->d->out;
  size_t begin = out->len;

  tenon_p_text_printf(out, "%s%s%s", w->indent.data,
                      e->is_static ? "static " : "", before[e->part]);
  if (e->part != METHOD && e->part != JSON) put_key(out, e->name);
  switch (e->part) {
  case FIELD_GET:
    tenon_p_text_puts(out, "(): ");
    put_type(w, e->field, TENON_P_OUT);
    break;
  case FIELD_SET:
    tenon_p_text_puts(out, "(value: ");
    put_type(w, e->field, TENON_P_IN);
    tenon_p_text_puts(out, ")");
    break;
  case GET:
    tenon_p_text_puts(out, "(): ");
    put_type(w, &f->result, TENON_P_OUT);
    break;
  case SET:
    tenon_p_text_puts(out, "(value: ");
    put_type(w, &f->params[!e->is_static], TENON_P_IN);
    tenon_p_text_puts(out, ")");
    break;
  case METHOD: put_method(w, e, begin); break;
  case CONSTANT:
    tenon_p_text_puts(out, ": ");
    put_type(w, &f->result, TENON_P_OUT);
    break;
  case DISPOSE: tenon_p_text_puts(out, "(): void"); break;
  case ASYNC_DISPOSE: tenon_p_text_puts(out, "(): Promise<void>"); break;
  case ITERATOR:
  case ASYNC_ITERATOR:
    tenon_p_text_puts(out, e->part == ITERATOR ? "(): IterableIterator<"
                                               : "(): AsyncIterableIterator<");
    put_type(w, &f->result, TENON_P_OUT);
    tenon_p_text_puts(out, ">");
    break;
  case JSON: put_json(w, begin); break;
  }
  tenon_p_text_puts(out, ";\n");
}

/* --- What hides members of bases ---------------------------------------------- */

static bool is_method(const entry *e)
{
  return e->part >= METHOD && e->part != CONSTANT;
}

/* All declarations of this name; false: there is none. */
static bool text_of(writer *w, const class_table *t, const entry *named,
                    tenon_p_text *text, bool *is_of_method)
{
  entries all = list_entries(t);
  const class_table *saved_table = w->t;
  tenon_p_text *saved = w->d->out;
  uint32_t i;

  tenon_p_text_clear(text);
  if (!all.list) text->failed = true;
  w->d->out = text;
  w->t = t;
  for (i = 0; i < all.count; i++) {
    if (all.list[i].is_static != named->is_static ||
        strcmp(all.list[i].name, named->name) != 0)
      continue;
    put_entry(w, &all.list[i]);
    *is_of_method = is_method(&all.list[i]);
  }
  w->d->out = saved;
  w->t = saved_table;
  free(all.list);
  if (text->failed) saved->failed = true;
  return text->len && !text->failed;
}

/* What is hidden of bases by a member: nothing, the same, or something else, of
 * which the methods are appended to `others`. */
static bool differs_from_base(writer *w, const entry *e, tenon_p_text *others)
{
  tenon_p_text own = TENON_P_TEXT_INIT, other = TENON_P_TEXT_INIT;
  bool is_of_method = false, differs = false;
  const class_table *t = w->t->base;

  /* It has the members of the hidden one, and more. */
  if (!t || e->part == JSON) return false;
  text_of(w, w->t, e, &own, &is_of_method);
  for (; t && !own.failed && !other.failed; t = t->base) {
    if (!text_of(w, t, e, &other, &is_of_method)) continue;
    if (strcmp(own.data, other.data) == 0) break;
    if (!is_method(e) || !is_of_method)
      differs = true;
    else if (!others->len || !strstr(others->data, other.data))
      tenon_p_text_puts(others, other.data);
  }
  if (others->failed) w->d->out->failed = true;
  tenon_p_text_release(&own);
  tenon_p_text_release(&other);
  return differs;
}

/* --- Documentation ------------------------------------------------------------ */

/* The word of the class in C, which macros that have no name of a member have. */
static const char *c_word(const tenon_member *x)
{
  const tenon_function *f = x->function;

  return tenon_p_takes_this(f) ? f->params[0].type->name : f->result.type->name;
}

static void document(writer *w, const entry *e, const char *label)
{
  const tenon_function *f = e->x ? e->x->function : NULL;
  tenon_p_text unused = TENON_P_TEXT_INIT;
  tenon_p_scope names = {0};
  tenon_p_put_call call;
  const char *word;

  if (!f) {
    tenon_p_declare_value_doc(w->d, label, NULL, NULL, 0, "", w->indent.data);
    return;
  }
  word = e->part == ITERATOR || e->part == ASYNC_ITERATOR ||
                 e->part == ASYNC_DISPOSE
             ? c_word(e->x)
             : f->name;
  if (e->part != METHOD) {
    tenon_p_declare_value_doc(w->d, label, f->doc, f->file, f->line, word,
                              w->indent.data);
    return;
  }
  call = call_of(f, !e->is_static);
  call.names = &names;
  /* For the names of the parameters. */
  tenon_p_put_signature(&w->d->shapes, &unused, &call);
  if (unused.failed) w->d->out->failed = true;
  tenon_p_declare_function_doc(w->d, label, f, word, &names, w->indent.data);
  tenon_p_scope_release(&names);
  tenon_p_text_release(&unused);
}

static void document_entry(writer *w, const entry *e)
{
  tenon_p_text label = TENON_P_TEXT_INIT;

  /* The getter has that of both. */
  if (e->part == FIELD_SET) return;
  tenon_p_text_printf(&label, "%s.%s", w->t->item->name, e->name);
  if (label.failed)
    w->d->out->failed = true;
  else
    document(w, e, label.data);
  tenon_p_text_release(&label);
}

/* --- Constructors, calls, keys ------------------------------------------------ */

static bool extends(const class_table *t, const class_table *base)
{
  for (t = t->base; t; t = t->base)
    if (t == base) return true;
  return false;
}

static bool is_extended(const writer *w)
{
  uint32_t i;

  for (i = 0; i < w->d->module->class_count; i++)
    if (extends(&w->d->module->classes[i], w->t)) return true;
  return false;
}

static void put_function_doc(writer *w, const char *format,
                             const tenon_member *x, tenon_p_put_call *call)
{
  tenon_p_text label = TENON_P_TEXT_INIT, unused = TENON_P_TEXT_INIT;
  tenon_p_scope names = {0};

  call->names = &names;
  tenon_p_put_signature(&w->d->shapes, &unused, call);
  call->names = NULL;
  tenon_p_text_printf(&label, "%s%s", w->t->item->name, format);
  if (label.failed || unused.failed)
    w->d->out->failed = true;
  else
    tenon_p_declare_function_doc(w->d, label.data, x->function, c_word(x),
                                 &names, w->indent.data);
  tenon_p_scope_release(&names);
  tenon_p_text_release(&label);
  tenon_p_text_release(&unused);
}

static void put_constructor(writer *w)
{
  const tenon_member *x = own_member(w->t, TENON_MEMBER_CONSTRUCTOR);
  tenon_p_text *out = w->d->out;
  tenon_p_put_call call;
  size_t begin;

  if (!x) {
    tenon_p_text_printf(out, "%s%s constructor();\n", w->indent.data,
                        is_extended(w) ? "protected" : "private");
    return;
  }
  call = call_of(x->function, tenon_p_takes_this(x->function));
  call.is_constructor = true;
  put_function_doc(w, ".constructor", x, &call);
  begin = out->len;
  tenon_p_text_printf(out, "%sconstructor", w->indent.data);
  put_call(w, &call, begin);
  tenon_p_text_puts(out, ";\n");
}

/* An interface of the same name is one with the class. */
static void put_callable(writer *w, const char *name, bool is_exported)
{
  const tenon_member *x = own_member(w->t, TENON_MEMBER_CALL);
  tenon_p_text *out = w->d->out;
  tenon_p_put_call call;
  size_t begin;

  if (!x) return;
  tenon_p_text_printf(out, "%s%sinterface %s {\n", w->d->indent,
                      is_exported ? "export " : "", name);
  call = call_of(x->function, true);
  put_function_doc(w, "()", x, &call);
  begin = out->len;
  tenon_p_text_puts(out, w->indent.data);
  put_call(w, &call, begin);
  tenon_p_text_printf(out, ";\n%s}\n\n", w->d->indent);
}

static const tenon_member *keyed(const class_table *t, uint32_t kind,
                                 uint32_t key)
{
  uint32_t i;

  for (; t; t = t->base)
    for (i = 0; i < t->count; i++)
      if (member_of(t, i)->kind == kind &&
          member_of(t, i)->function->params[1].type->kind == key)
        return member_of(t, i);
  return NULL;
}

/* Has a class, one of its bases, or one that extends it, a property whose type
 * an index signature for strings would have to take? */
static bool has_named(writer *w)
{
  const tenon_p_module *m = w->d->module;
  uint32_t i, k;
  bool r = false;

  for (i = 0; !r && i < m->class_count; i++) {
    const class_table *t = &m->classes[i];
    entries all;
    if (t != w->t && !extends(t, w->t) && !extends(w->t, t)) continue;
    all = list_entries(t);
    if (!all.list) w->d->out->failed = true;
    for (k = 0; k < all.count; k++)
      if (!all.list[k].is_static && !is_symbol(all.list[k].name)) r = true;
    free(all.list);
  }
  return r;
}

/* `[index: number]: T`, and of strings T, too, if nothing else has a name. */
static void put_index(writer *w, uint32_t key)
{
  const tenon_member *x = keyed(w->t, TENON_MEMBER_KEYED_GET, key);
  bool is_string = key == TENON_KIND_STR;
  tenon_p_text *out = w->d->out;

  if (!x || x->of != w->t->class) return;
  tenon_p_text_printf(out, "%s%s[%s]: ", w->indent.data,
                      keyed(w->t, TENON_MEMBER_KEYED_SET, key) ? ""
                                                               : "readonly ",
                      is_string ? "key: string" : "index: number");
  if (is_string &&
      (keyed(w->t, TENON_MEMBER_KEYED_GET, TENON_KIND_U32) || has_named(w)))
    tenon_p_text_puts(out, "any");
  else
    put_type(w, &x->function->result, TENON_P_OUT);
  tenon_p_text_puts(out, ";\n");
}

/* --- Classes ------------------------------------------------------------------ */

static void put_members(writer *w, const entries *all)
{
  tenon_p_text *out = w->d->out, hidden = TENON_P_TEXT_INIT;
  uint32_t i;

  for (i = 0; i < all->count && !out->failed; i++) {
    const entry *e = &all->list[i];
    document_entry(w, e);
    tenon_p_text_clear(&hidden);
    if (!e->is_static && differs_from_base(w, e, &hidden))
      tenon_p_text_printf(out, "%s// @ts-ignore\n", w->indent.data);
    put_entry(w, e);
    if (hidden.len && !hidden.failed) tenon_p_text_puts(out, hidden.data);
  }
  tenon_p_text_release(&hidden);
}

/* A static member that differs makes that of the class one place. */
static bool has_static_difference(writer *w, const entries *all)
{
  tenon_p_text hidden = TENON_P_TEXT_INIT;
  bool r = false;
  uint32_t i;

  for (i = 0; i < all->count; i++)
    if (all->list[i].is_static &&
        (differs_from_base(w, &all->list[i], &hidden) || hidden.len))
      r = true;
  tenon_p_text_release(&hidden);
  return r;
}

static const char *local_name(const declarer *d, const tenon_class *class)
{
  uint32_t i = 0;

  while (d->classes[i].class != class)
    i++;
  return d->classes[i].name;
}

static void put_class(writer *w, uint32_t export, const entries *all)
{
  declarer *d = w->d;
  const tenon_p_export *x = &d->module->exports[export];
  const class_table *t = w->t;
  bool is_exported = tenon_p_declare_has_own_name(d, x);
  tenon_p_text *out = d->out;

  put_callable(w, d->names[export], is_exported);
  tenon_p_declare_value_doc(d, x->name, NULL, t->class->file, t->class->line,
                            t->class->name, d->indent);
  if (has_static_difference(w, all))
    tenon_p_text_printf(out, "%s// @ts-ignore\n", d->indent);
  tenon_p_text_printf(out, "%s%sclass %s ", d->indent,
                      is_exported ? "export "
                      : d->name   ? ""
                                  : "declare ",
                      d->names[export]);
  if (t->base)
    tenon_p_text_printf(out, "extends %s ", local_name(d, t->base->class));
  tenon_p_text_printf(out, "{\n%s#private;\n", w->indent.data);
  put_constructor(w);
  put_index(w, TENON_KIND_STR);
  put_index(w, TENON_KIND_U32);
  put_members(w, all);
  tenon_p_text_printf(out, "%s}\n\n", d->indent);
}

void tenon_p_declare_class(declarer *d, uint32_t i)
{
  const tenon_p_export *x = &d->module->exports[i];
  writer w = {.d = d,
              .t = d->module->classes,
              .indent = TENON_P_TEXT_INIT,
              .line = TENON_P_TEXT_INIT};
  entries all;

  while (strcmp(w.t->item->name, x->name) != 0)
    w.t++;
  tenon_p_text_printf(&w.indent, "%s  ", d->indent);
  tenon_p_text_printf(&w.line, "%s  ", d->line);
  all = list_entries(w.t);
  if (w.indent.failed || w.line.failed || !all.list)
    d->out->failed = true;
  else
    put_class(&w, i, &all);
  if (!tenon_p_declare_has_own_name(d, x) && !d->out->failed)
    tenon_p_declare_export_as(d, d->names[i], x->name);
  free(all.list);
  tenon_p_text_release(&w.indent);
  tenon_p_text_release(&w.line);
}
