/*
 * What is bound, by default only what is safe: types tell neither who owns what a
 * pointer points at nor how much is there. Lines of @js say more.
 */
#include <stdlib.h>
#include <string.h>

#include "source/binding.h"
#include "source/layout.h"

#define MOST_PARAMETERS 24
#define MOST_SAFE UINT64_C(9007199254740991)

typedef struct planner {
  tenon_p_plan *plan;
  tenon_p_store *store;
  tenon_p_notes *notes;
  const char *problem;
} planner;

/* A function that is looked at. */
typedef struct candidate {
  planner *by;
  const tenon_p_cfunction *f;
  tenon_p_function_plan *to;
  tenon_p_noted *noted; /* or NULL */
} candidate;

static bool is_shape(const tenon_p_ctype *t, enum tenon_p_shape shape)
{
  return tenon_p_ctype_bare(t)->shape == shape;
}

/* What a pointer or reference points at, or NULL. */
static const tenon_p_ctype *target_of(const tenon_p_ctype *t)
{
  t = tenon_p_ctype_bare(t);
  return t->shape == TENON_P_SHAPE_POINTER ||
                 t->shape == TENON_P_SHAPE_REFERENCE
             ? t->to
             : NULL;
}

static bool is_atomic(const tenon_p_ctype *t)
{
  int i;

  for (i = 0; i < 64 && t->shape >= TENON_P_SHAPE_TYPEDEF &&
              t->shape <= TENON_P_SHAPE_ATOMIC;
       i++) {
    if (t->shape == TENON_P_SHAPE_ATOMIC) return true;
    t = t->to;
  }
  return false;
}

/* --- Notes ---------------------------------------------------------------- */

static tenon_p_note *take_note(const candidate *c, enum tenon_p_note_kind kind,
                               const char *name)
{
  tenon_p_note *n = tenon_p_note_find(c->noted, kind, name);

  if (n) n->is_used = true;
  return n;
}

static const char *const note_words[] = {
    [TENON_P_NOTE_BUF] = "buf",     [TENON_P_NOTE_OUT] = "out",
    [TENON_P_NOTE_INOUT] = "inout", [TENON_P_NOTE_KEEP] = "keep",
    [TENON_P_NOTE_OPT] = "opt",     [TENON_P_NOTE_STR] = "str",
    [TENON_P_NOTE_OWN] = "own",     [TENON_P_NOTE_NAME] = "name",
    [TENON_P_NOTE_ASYNC] = "async", [TENON_P_NOTE_SKIP] = "skip",
    [TENON_P_NOTE_BIG] = "big",     [TENON_P_NOTE_NUM] = "num"};

/* The first one that nothing came of is a mistake of who wrote it. */
static void check_notes(planner *y, const tenon_p_noted *n)
{
  size_t i;

  for (i = 0; i < n->count && !y->problem; i++) {
    const tenon_p_note *x = &n->notes[i];
    if (x->is_used) continue;
    y->problem = tenon_p_store_printf(
        y->store, "%s:%u: @js: '%s%s%s' does not fit the function '%s'",
        n->file, (unsigned)n->line, note_words[x->kind], x->first ? " " : "",
        x->first ? x->first : "", n->function);
  }
}

/* --- Values --------------------------------------------------------------- */

/* One of a kind that is about a parameter or, `name` NULL, about the result. */
static tenon_p_note *take_exact(const candidate *c, enum tenon_p_note_kind kind,
                                const char *name)
{
  size_t i;

  for (i = 0; c->noted && i < c->noted->count; i++) {
    tenon_p_note *n = &c->noted->notes[i];
    if (n->kind != kind ||
        (name ? !n->first || strcmp(n->first, name) != 0 : n->first != NULL))
      continue;
    n->is_used = true;
    return n;
  }
  return NULL;
}

/* The word of a type, or the other one that a note asks for; where that does not
 * fit, the note stays unused and is a mistake. */
static const tenon_p_word *word_for(const candidate *c, const tenon_p_ctype *t,
                                    const char *name)
{
  const tenon_p_word *w = tenon_p_word_of(c->by->plan, t);
  const tenon_p_ctype *bare = tenon_p_ctype_bare(t);
  bool is_big = bare->shape == TENON_P_SHAPE_INT && bare->size == 8;
  bool is_enum = w->kind == TENON_P_WORD_ENUM;
  tenon_p_word *other;

  if (!(is_big && take_exact(c, TENON_P_NOTE_BIG, name)) &&
      !(is_enum && take_exact(c, TENON_P_NOTE_NUM, name)))
    return w;
  other = tenon_p_store_alloc(c->by->store, sizeof *other);
  if (!other) return w;
  *other = *w;
  other->kind = TENON_P_WORD_NUMBER;
  if (is_big)
    other->scalar = bare->is_signed ? "big_i64" : "big_u64";
  else
    other->scalar = tenon_p_integer_word(bare);
  return other;
}

/* --- Handles -------------------------------------------------------------- */

static const tenon_p_ctype *handle_target(const tenon_p_ctype *t)
{
  const tenon_p_ctype *to = target_of(t);

  to = to ? tenon_p_ctype_bare(to) : NULL;
  return to && to->shape == TENON_P_SHAPE_RECORD ? to : NULL;
}

/* Each unit has types of its own: those of one name, or of one place, are one. */
static bool is_same(const tenon_p_ctype *a, const tenon_p_ctype *b)
{
  if (a == b) return true;
  if (a->shape != b->shape || strcmp(a->name, b->name) != 0) return false;
  return a->name[0] ||
         (a->file[0] && strcmp(a->file, b->file) == 0 && a->line == b->line);
}

const tenon_p_handle *tenon_p_handle_of(const tenon_p_plan *p,
                                        const tenon_p_ctype *record)
{
  size_t i;

  for (i = 0; i < p->handle_count; i++)
    if (is_same(p->handles[i].record, record)) return &p->handles[i];
  return NULL;
}

static bool ends_with(const char *s, const char *end)
{
  size_t n = strlen(s), m = strlen(end);

  return n > m && strcmp(s + n - m, end) == 0;
}

static bool is_closing_name(const char *name)
{
  static const char *const ends[] = {"_free",    "_close",   "_destroy",
                                     "_delete",  "_release", "_dispose",
                                     "_finalize"};
  size_t i;

  for (i = 0; i < tenon_p_countof(ends); i++)
    if (ends_with(name, ends[i])) return true;
  return false;
}

/* What it closes by its shape, or NULL. */
static const tenon_p_ctype *closes(const tenon_p_cfunction *f)
{
  const tenon_p_ctype *record;

  if (f->reason || f->is_variadic || f->param_count != 1) return NULL;
  record = handle_target(f->params[0].type);
  if (!record || tenon_p_ctype_is_const(target_of(f->params[0].type)))
    return NULL;
  return record;
}

static bool is_made(const planner *y, const tenon_p_ctype *record)
{
  const tenon_p_table *t = y->plan->table;
  size_t i, k;

  for (i = 0; i < t->function_count; i++) {
    const tenon_p_cfunction *f = &t->functions[i];
    tenon_p_noted *noted = tenon_p_notes_of(y->notes, f->name);
    const tenon_p_ctype *to = target_of(f->result);
    if (f->reason) continue;
    if (to && tenon_p_ctype_bare(to)->shape == TENON_P_SHAPE_RECORD &&
        is_same(tenon_p_ctype_bare(to), record) && !tenon_p_ctype_is_const(to))
      return true;
    for (k = 0; noted && k < f->param_count; k++) {
      to = target_of(f->params[k].type);
      to = to ? handle_target(to) : NULL;
      if (to && is_same(to, record) && f->params[k].name[0] &&
          tenon_p_note_find(noted, TENON_P_NOTE_OUT, f->params[k].name))
        return true;
    }
  }
  return false;
}

static void add_handle(planner *y, const tenon_p_ctype *record,
                       const tenon_p_cfunction *closer)
{
  tenon_p_plan *p = y->plan;
  tenon_p_handle *h;

  if (tenon_p_handle_of(p, record) || !is_made(y, record)) return;
  h = tenon_p_store_push(y->store, &p->handles, &p->handle_count, sizeof *h);
  if (!h) return;
  h->record = record;
  h->closer = closer;
  h->id = record->id;
  h->name = tenon_p_type_name_of(p, record);
  if (!h->name[0]) h->name = closer->name;
}

static const tenon_p_cfunction *find_function(const tenon_p_table *t,
                                              const char *name)
{
  size_t i;

  for (i = 0; i < t->function_count; i++)
    if (strcmp(t->functions[i].name, name) == 0) return &t->functions[i];
  return NULL;
}

/* A handle that is said must be one. */
static void add_said_handle(planner *y, const tenon_p_said_word *w)
{
  const tenon_p_cfunction *f = find_function(y->plan->table, w->value);
  const tenon_p_ctype *record = f ? closes(f) : NULL;
  const char *what = NULL;

  if (!f)
    what = "no such function is exported";
  else if (!record)
    what = "it takes no pointer to a struct alone";
  else if (strcmp(record->name, w->key) != 0 &&
           strcmp(tenon_p_type_name_of(y->plan, record), w->key) != 0)
    what = "it closes another type";
  else if (!is_made(y, record))
    what = "no function returns one, or has it as an out parameter";
  if (what && !y->problem)
    y->problem = tenon_p_store_printf(
        y->store, "%s:%u: @js: handle(%s, %s): %s", w->file, (unsigned)w->line,
        w->key, w->value, what);
  if (!what) add_handle(y, record, f);
}

static void find_handles(planner *y)
{
  const tenon_p_table *t = y->plan->table;
  size_t i;

  for (i = 0; i < y->notes->handle_count; i++)
    add_said_handle(y, &y->notes->handles[i]);
  for (i = 0; i < t->function_count; i++) {
    const tenon_p_ctype *record = closes(&t->functions[i]);
    if (record && is_closing_name(t->functions[i].name))
      add_handle(y, record, &t->functions[i]);
  }
}

static bool is_closer(const tenon_p_cfunction *f, const tenon_p_handle *h)
{
  return h->closer == f || is_closing_name(f->name);
}

/* --- Parameters ----------------------------------------------------------- */

static const char *because(const candidate *c, size_t i, const char *why)
{
  const char *name = c->to->params[i].name;

  return tenon_p_store_printf(c->by->store, "parameter '%s': %s", name, why);
}

/* A count that belongs to a buffer. */
static bool is_count(const tenon_p_ctype *t)
{
  t = tenon_p_ctype_bare(t);
  return t->shape == TENON_P_SHAPE_INT && t->size <= 8;
}

static int index_of(const candidate *c, const char *name)
{
  size_t i;

  for (i = 0; i < c->f->param_count; i++)
    if (strcmp(c->to->params[i].name, name) == 0) return (int)i;
  return -1;
}

static bool is_byte(const tenon_p_ctype *t)
{
  t = tenon_p_ctype_bare(t);
  return t->shape == TENON_P_SHAPE_VOID ||
         (t->shape == TENON_P_SHAPE_INT && t->size == 1);
}

/* A scalar that typed arrays have elements of. */
static bool is_element(const tenon_p_ctype *t)
{
  t = tenon_p_ctype_bare(t);
  return ((t->shape == TENON_P_SHAPE_INT || t->shape == TENON_P_SHAPE_UTF) &&
          t->size <= 8) ||
         (t->shape == TENON_P_SHAPE_FLOAT && (t->size == 4 || t->size == 8));
}

static const char *plan_buffer(const candidate *c, size_t i, int count)
{
  tenon_p_param_plan *to = &c->to->params[i];
  const tenon_p_ctype *target = target_of(to->type);
  bool is_const = tenon_p_ctype_is_const(target);

  if (is_byte(target)) {
    to->pass = is_const ? TENON_P_PASS_BYTES : TENON_P_PASS_INOUT_BYTES;
  } else if (is_element(target)) {
    to->pass = is_const ? TENON_P_PASS_VIEW : TENON_P_PASS_INOUT_VIEW;
    to->word = tenon_p_word_of(c->by->plan, target);
  } else {
    return because(c, i, "a buffer is of bytes or of numbers");
  }
  to->other = count;
  c->to->params[count].pass = TENON_P_PASS_COUNT;
  c->to->params[count].other = (int)i;
  return NULL;
}

/* By a line of @js, or as `const uint8_t *p, size_t len` alone tells. */
static const char *plan_counted(const candidate *c, size_t i, bool *is_it)
{
  const tenon_p_cmember *m = c->f->params, *next = &m[i + 1];
  const tenon_p_ctype *target = target_of(m[i].type), *bare;
  tenon_p_note *n = take_note(c, TENON_P_NOTE_BUF, c->to->params[i].name);
  int count;

  *is_it = n != NULL;
  if (n) {
    count = index_of(c, n->second);
    if (count < 0 || (size_t)count == i ||
        !is_count(c->f->params[count].type) ||
        c->to->params[count].pass != TENON_P_PASS_VALUE)
      return because(c, i,
                     tenon_p_store_printf(c->by->store,
                                          "'%s' is no count of it", n->second));
    return plan_buffer(c, i, count);
  }
  bare = tenon_p_ctype_bare(target);
  if (i + 1 == c->f->param_count || !tenon_p_ctype_is_const(target) ||
      bare->shape != TENON_P_SHAPE_INT || bare->size != 1 || bare->is_signed ||
      tenon_p_is_char(target) || !is_count(next->type) ||
      tenon_p_ctype_bare(next->type)->size < 4 ||
      c->to->params[i + 1].pass != TENON_P_PASS_VALUE)
    return NULL;
  if (strcmp(next->name, "len") != 0 && strcmp(next->name, "size") != 0 &&
      strcmp(next->name, "n") != 0)
    return NULL;
  *is_it = true;
  return plan_buffer(c, i, (int)i + 1);
}

static const char *plan_out(const candidate *c, size_t i)
{
  tenon_p_param_plan *to = &c->to->params[i];
  const tenon_p_ctype *target = target_of(to->type), *inner = target_of(target);

  c->to->out_count++;
  if (inner && tenon_p_is_char(inner)) {
    to->pass = TENON_P_PASS_OUT_STRING;
    return NULL;
  }
  if (inner) {
    to->handle = tenon_p_handle_of(c->by->plan, tenon_p_ctype_bare(inner));
    to->pass = TENON_P_PASS_OUT_HANDLE;
    return to->handle ? NULL
                      : because(c, i,
                                "a pointer to a pointer that is neither a "
                                "string nor a handle");
  }
  to->pass = TENON_P_PASS_OUT;
  to->word = word_for(c, target, to->name);
  if (to->word->kind == TENON_P_WORD_REFUSED)
    return because(c, i, to->word->reason);
  return to->word->goes_out ? NULL
                            : because(c, i, "a long double is no exact number");
}

static const char *plan_inout(const candidate *c, size_t i)
{
  const char *why = plan_out(c, i);

  if (why) return why;
  if (c->to->params[i].pass != TENON_P_PASS_OUT ||
      c->to->params[i].word->has_pointers)
    return because(c, i, "what it points at cannot come in and go out");
  c->to->params[i].pass = TENON_P_PASS_INOUT;
  return NULL;
}

/* The parameter that is handed to the callback `i`: behind it, or else before. */
static int find_user(const candidate *c, size_t i)
{
  size_t k;

  for (k = 1; k < c->f->param_count; k++) {
    size_t at = (i + k) % c->f->param_count;
    const tenon_p_ctype *target = target_of(c->f->params[at].type);
    if (target && is_shape(target, TENON_P_SHAPE_VOID) &&
        c->to->params[at].pass == TENON_P_PASS_VALUE)
      return (int)at;
  }
  return -1;
}

static const char *plan_callback(const candidate *c, size_t i)
{
  tenon_p_param_plan *to = &c->to->params[i];
  const char *why;
  int user;

  to->callback = tenon_p_callback_plan_of(
      c->by->plan, tenon_p_ctype_bare(target_of(to->type)), &why);
  if (!to->callback)
    return because(c, i,
                   tenon_p_store_printf(c->by->store, "a callback: %s",
                                        why ? why : "no memory"));
  to->pass = TENON_P_PASS_CALLBACK;
  to->is_kept = take_note(c, TENON_P_NOTE_KEEP, to->name);
  user = to->callback->user >= 0 ? find_user(c, i) : -1;
  if (to->callback->user >= 0 && user < 0)
    return because(c, i,
                   "a callback: it is given a void pointer that no parameter "
                   "stands for");
  if (user < 0 && to->is_kept)
    return because(c, i,
                   "a callback: without a pointer to user data it cannot be "
                   "kept");
  to->other = user;
  if (user >= 0) {
    c->to->params[user].pass = TENON_P_PASS_USER;
    c->to->params[user].other = (int)i;
  }
  return NULL;
}

static const char *plan_struct_pointer(const candidate *c, size_t i)
{
  tenon_p_param_plan *to = &c->to->params[i];
  const tenon_p_ctype *target = target_of(to->type),
                      *record = tenon_p_ctype_bare(target);

  to->handle = tenon_p_handle_of(c->by->plan, record);
  if (to->handle) {
    to->pass = TENON_P_PASS_HANDLE;
    return NULL;
  }
  to->word = tenon_p_word_of(c->by->plan, target);
  if (record->size < 0)
    return because(c, i,
                   "nothing here both makes and closes what it points at");
  if (to->word->kind == TENON_P_WORD_REFUSED)
    return because(c, i, to->word->reason);
  if (!tenon_p_ctype_is_const(target))
    return because(c, i,
                   "a struct that is written to; a line of @js can say inout "
                   "or out");
  if (to->word->has_pointers)
    return because(c, i, "a pointer to a struct with pointers in it");
  to->pass = TENON_P_PASS_STRUCT;
  return NULL;
}

static const char *plan_pointer(const candidate *c, size_t i)
{
  tenon_p_param_plan *to = &c->to->params[i];
  const tenon_p_ctype *target = target_of(to->type);
  bool is_reference = is_shape(to->type, TENON_P_SHAPE_REFERENCE), is_it;
  const char *why;

  if (is_atomic(target)) return because(c, i, "a pointer to what is atomic");
  if (take_note(c, TENON_P_NOTE_OUT, to->name)) return plan_out(c, i);
  if (take_note(c, TENON_P_NOTE_INOUT, to->name)) return plan_inout(c, i);
  why = plan_counted(c, i, &is_it);
  if (why || is_it) return why;
  if (is_shape(target, TENON_P_SHAPE_FUNCTION)) return plan_callback(c, i);
  if (is_shape(target, TENON_P_SHAPE_RECORD)) return plan_struct_pointer(c, i);
  if (is_reference) {
    to->word = tenon_p_word_of(c->by->plan, target);
    if (to->word->kind == TENON_P_WORD_REFUSED || to->word->has_pointers ||
        !tenon_p_ctype_is_const(target))
      return because(c, i, "a reference to what is written to, or a pointer");
    to->pass = TENON_P_PASS_STRUCT;
    return NULL;
  }
  if (tenon_p_is_char(target)) {
    to->pass = TENON_P_PASS_STRING;
    if (take_note(c, TENON_P_NOTE_STR, to->name) ||
        tenon_p_ctype_is_const(target))
      return NULL;
    return because(c, i,
                   "characters that are written to; a line of @js can say "
                   "buf(p, count), or str where they are only read");
  }
  if (is_element(target)) {
    to->pass = tenon_p_ctype_is_const(target) ? TENON_P_PASS_VIEW
                                              : TENON_P_PASS_INOUT_VIEW;
    to->word = tenon_p_word_of(c->by->plan, target);
    return NULL;
  }
  if (is_shape(target, TENON_P_SHAPE_VOID))
    return because(c, i, "a void pointer: nothing says what is there");
  return because(c, i, "a pointer to what has no typed array");
}

static const char *plan_param(const candidate *c, size_t i)
{
  tenon_p_param_plan *to = &c->to->params[i];
  const char *why;

  if (to->pass != TENON_P_PASS_VALUE) return NULL;
  if (target_of(to->type)) {
    why = plan_pointer(c, i);
  } else {
    to->word = word_for(c, to->type, to->name);
    if (to->word->kind == TENON_P_WORD_REFUSED)
      why = because(c, i, to->word->reason);
    else if (tenon_p_layout_is_doubtful(to->type))
      why = because(c, i, TENON_P_DOUBTFUL);
    else
      why = NULL;
  }
  if (why || !take_note(c, TENON_P_NOTE_OPT, to->name)) return why;
  switch (to->pass) {
  case TENON_P_PASS_VALUE:
  case TENON_P_PASS_OUT:
  case TENON_P_PASS_OUT_STRING:
  case TENON_P_PASS_OUT_HANDLE:
  case TENON_P_PASS_INOUT: return because(c, i, "only a pointer can be opt");
  default: break;
  }
  to->is_opt = true;
  return NULL;
}

/* --- Results -------------------------------------------------------------- */

static const char *plan_pointer_result(const candidate *c)
{
  const tenon_p_ctype *target = target_of(c->f->result),
                      *bare = tenon_p_ctype_bare(target);

  if (tenon_p_is_char(target)) {
    c->to->result = TENON_P_RESULT_STRING;
    return NULL;
  }
  c->to->handle = tenon_p_handle_of(c->by->plan, bare);
  if (c->to->handle && !tenon_p_ctype_is_const(target)) {
    c->to->result = TENON_P_RESULT_HANDLE;
    return NULL;
  }
  if (bare->shape == TENON_P_SHAPE_RECORD && tenon_p_ctype_is_const(target) &&
      !c->to->handle && bare->size >= 0) {
    c->to->result = TENON_P_RESULT_STRUCT;
    c->to->word = tenon_p_word_of(c->by->plan, target);
    if (c->to->word->kind != TENON_P_WORD_REFUSED && c->to->word->goes_out)
      return NULL;
  }
  return "its result is a pointer: nothing says how much is there, or who "
         "frees it";
}

static const char *plan_result(const candidate *c)
{
  if (is_shape(c->f->result, TENON_P_SHAPE_VOID)) return NULL;
  if (target_of(c->f->result)) return plan_pointer_result(c);
  c->to->result = TENON_P_RESULT_VALUE;
  c->to->word = word_for(c, c->f->result, NULL);
  if (c->to->word->kind == TENON_P_WORD_REFUSED)
    return tenon_p_store_printf(c->by->store, "its result: %s",
                                c->to->word->reason);
  if (!c->to->word->goes_out)
    return "its result: a long double, which a number does not hold";
  return NULL;
}

static bool has_out_string(const candidate *c)
{
  size_t i;

  for (i = 0; i < c->f->param_count; i++)
    if (c->to->params[i].pass == TENON_P_PASS_OUT_STRING) return true;
  return false;
}

/* A string that is the caller's to free. */
static const char *plan_own(const candidate *c)
{
  tenon_p_note *n = tenon_p_note_find(c->noted, TENON_P_NOTE_OWN, NULL);
  const tenon_p_cfunction *f;

  if (!n || (c->to->result != TENON_P_RESULT_STRING && !has_out_string(c)))
    return NULL;
  n->is_used = true;
  c->to->own = "free";
  if (!n->first || strcmp(n->first, "free") == 0) return NULL;
  f = find_function(c->by->plan->table, n->first);
  if (!f)
    return tenon_p_store_printf(
        c->by->store, "own(%s): no such function is exported", n->first);
  c->to->own = f->symbol;
  return NULL;
}

/* --- Functions ------------------------------------------------------------ */

static const char *plan_async(const candidate *c)
{
  size_t i;

  if (!take_note(c, TENON_P_NOTE_ASYNC, NULL)) return NULL;
  c->to->is_blocking = true;
  for (i = 0; i < c->f->param_count; i++) {
    switch (c->to->params[i].pass) {
    case TENON_P_PASS_INOUT_VIEW:
    case TENON_P_PASS_INOUT_BYTES:
    case TENON_P_PASS_CALLBACK:
      return because(c, i,
                     "the function is async, and this belongs to the loop");
    default: break;
    }
  }
  return c->to->closes ? "it closes a handle, which an async function cannot"
                       : NULL;
}

static const char *refusal_of(const tenon_p_cfunction *f)
{
  if (f->reason) return f->reason;
  if (f->is_variadic) return "it is variadic";
  if (f->has_no_prototype && f->param_count)
    return "it has no prototype (a definition as K&R wrote it)";
  return f->param_count > MOST_PARAMETERS ? "it has more than 24 parameters"
                                          : NULL;
}

static const char *plan_params(const candidate *c)
{
  const tenon_p_cfunction *f = c->f;
  const char *why = NULL;
  size_t i;

  c->to->params = tenon_p_store_alloc(c->by->store, (f->param_count + 1) *
                                                        sizeof *c->to->params);
  if (!c->to->params) return "memory has run out";
  for (i = 0; i < f->param_count; i++) {
    tenon_p_param_plan *p = &c->to->params[i];
    p->type = f->params[i].type;
    p->other = -1;
    p->name = f->params[i].name[0]
                  ? f->params[i].name
                  : tenon_p_store_printf(c->by->store, "arg%zu", i + 1);
    if (!p->name) return "memory has run out";
  }
  /* Counts and user data are taken before they are looked at themselves. */
  for (i = 0; !why && i < f->param_count; i++)
    if (target_of(f->params[i].type) &&
        (is_shape(target_of(f->params[i].type), TENON_P_SHAPE_FUNCTION) ||
         tenon_p_note_find(c->noted, TENON_P_NOTE_BUF, c->to->params[i].name)))
      why = plan_param(c, i);
  for (i = 0; !why && i < f->param_count; i++)
    why = plan_param(c, i);
  return why;
}

static const char *plan_function(candidate *c)
{
  tenon_p_note *name = tenon_p_note_find(c->noted, TENON_P_NOTE_NAME, NULL);
  const char *why = refusal_of(c->f);

  c->to->function = c->f;
  c->to->name = c->f->name;
  if (name) {
    name->is_used = true;
    c->to->name = name->first;
  }
  if (take_note(c, TENON_P_NOTE_SKIP, NULL))
    return "a line of @js leaves it out";
  if (!why) why = plan_params(c);
  if (!why) why = plan_result(c);
  if (!why) why = plan_own(c);
  if (!why && c->f->param_count == 1 &&
      c->to->params[0].pass == TENON_P_PASS_HANDLE &&
      !c->to->params[0].is_opt && is_closer(c->f, c->to->params[0].handle))
    c->to->closes = c->to->params[0].handle;
  if (!why) why = plan_async(c);
  return why;
}

static void refuse(planner *y, const char *name, const char *file,
                   uint32_t line, const char *reason)
{
  tenon_p_plan *p = y->plan;
  tenon_p_refusal *r =
      tenon_p_store_push(y->store, &p->refusals, &p->refusal_count, sizeof *r);

  const char *slash = strrchr(file, '/');

  if (slash) file = slash + 1;
  if (file[0] && line)
    reason = tenon_p_store_printf(y->store, "%s:%u: %s", file, (unsigned)line,
                                  reason);
  if (r) *r = (tenon_p_refusal){name, reason ? reason : ""};
}

static bool is_taken(const tenon_p_plan *p, const char *name)
{
  size_t i;

  for (i = 0; i < p->function_count; i++)
    if (strcmp(p->functions[i].name, name) == 0) return true;
  for (i = 0; i < p->handle_count; i++)
    if (strcmp(p->handles[i].name, name) == 0) return true;
  for (i = 0; i < p->constant_count; i++)
    if (strcmp(p->constants[i].name, name) == 0) return true;
  return false;
}

static void add_function(planner *y, const tenon_p_cfunction *f)
{
  tenon_p_plan *p = y->plan;
  tenon_p_function_plan to = {.function = f};
  candidate c = {y, f, &to, tenon_p_notes_of(y->notes, f->name)};
  const char *why = plan_function(&c);
  tenon_p_function_plan *at;

  if (c.noted) c.noted->is_used = true;
  if (!why && is_taken(p, to.name)) why = "its name is exported already";
  if (why) {
    refuse(y, f->name, f->file, f->line, why);
    return;
  }
  if (c.noted) check_notes(y, c.noted);
  if (strcmp(to.name, f->name) != 0)
    refuse(y, f->name, f->file, f->line,
           tenon_p_store_printf(y->store, "it is exported as '%s'", to.name));
  at = tenon_p_store_push(y->store, &p->functions, &p->function_count,
                          sizeof *at);
  if (at) *at = to;
}

/* --- Constants ------------------------------------------------------------ */

static bool is_own(const char *const *files, const char *file)
{
  while (*files && strcmp(*files, file) != 0)
    files++;
  return *files;
}

static void add_constant(planner *y, tenon_p_constant k)
{
  tenon_p_plan *p = y->plan;
  tenon_p_constant *to;

  if (!k.name[0] || is_taken(p, k.name)) return;
  to = tenon_p_store_push(y->store, &p->constants, &p->constant_count,
                          sizeof *to);
  if (to) *to = k;
}

static const char *const unsafe = "its value is no safe integer";

static bool is_safe(uint64_t n, bool is_signed)
{
  int64_t k = (int64_t)n;

  if (!is_signed) return n <= MOST_SAFE;
  return k >= -(int64_t)MOST_SAFE && k <= (int64_t)MOST_SAFE;
}

static bool is_safe_value(const tenon_p_ctype *e, size_t i)
{
  return is_safe((uint64_t)e->members[i].at, e->is_signed);
}

/* Are all integers of 64 bits in these bytes numbers of JavaScript, too? Where it
 * is not known, yes. */
static bool holds_safe(const tenon_p_ctype *t, const char *hex, int64_t at,
                       int depth)
{
  int64_t len = (int64_t)strlen(hex) / 2, i;
  char byte[3] = "";
  uint64_t n = 0;
  size_t k;

  t = tenon_p_ctype_bare(t);
  if (depth > 8) return true;
  if (t->shape == TENON_P_SHAPE_RECORD) {
    for (k = 0; k < t->member_count; k++)
      if (!t->members[k].bits && !holds_safe(t->members[k].type, hex,
                                             at + t->members[k].at, depth + 1))
        return false;
    return true;
  }
  if (t->shape == TENON_P_SHAPE_ARRAY) {
    const tenon_p_ctype *of = tenon_p_ctype_bare(t->to);
    for (i = 0; of->size > 0 && i < t->count && at + i * of->size < len; i++)
      if (!holds_safe(of, hex, at + i * of->size, depth + 1)) return false;
    return true;
  }
  if (t->size != 8 || at < 0 || at + 8 > len ||
      (t->shape != TENON_P_SHAPE_INT && t->shape != TENON_P_SHAPE_ENUM))
    return true;
  for (i = 7; i >= 0; i--) {
    memcpy(byte, hex + (at + i) * 2, 2);
    n = n << 8 | strtoul(byte, NULL, 16);
  }
  return is_safe(n, t->is_signed);
}

static void add_enum(planner *y, const tenon_p_ctype *t)
{
  const char *name = tenon_p_type_name_of(y->plan, t);
  bool is_all_safe = true;
  size_t i;

  for (i = 0; i < t->member_count; i++) {
    if (!is_safe_value(t, i)) {
      is_all_safe = false;
      if (!name[0]) refuse(y, t->members[i].name, t->file, t->line, unsafe);
    } else if (!name[0]) {
      add_constant(y, (tenon_p_constant){.name = t->members[i].name,
                                         .value = t->members[i].at});
    }
  }
  if (name[0] && is_all_safe)
    add_constant(y, (tenon_p_constant){.name = name, .names = t});
  else if (name[0])
    refuse(y, name, t->file, t->line, "one of its values is no safe integer");
}

static bool is_constant(const tenon_p_ctype *t)
{
  const tenon_p_ctype *bare = tenon_p_ctype_bare(t);

  if (tenon_p_ctype_is_const(t)) return true;
  return bare->shape == TENON_P_SHAPE_ARRAY && is_constant(bare->to);
}

static void add_variable(planner *y, const tenon_p_cvariable *v)
{
  const tenon_p_word *w = tenon_p_word_of(y->plan, v->type);
  const char *why = NULL;

  if (w->kind == TENON_P_WORD_REFUSED)
    why = w->reason;
  else if (!w->goes_out)
    why = "a long double, which a number does not hold";
  else if (!holds_safe(v->type, v->hex, 0, 0))
    why = unsafe;
  if (is_taken(y->plan, v->name)) return;
  if (why)
    refuse(y, v->name, v->file, v->line, why);
  else
    add_constant(y,
                 (tenon_p_constant){.name = v->name, .variable = v, .word = w});
}

static void add_constants(planner *y, const char *const *files)
{
  const tenon_p_table *t = y->plan->table;
  size_t i;

  for (i = 0; i < t->variable_count; i++)
    if (is_own(files, t->variables[i].file) &&
        is_constant(t->variables[i].type))
      add_variable(y, &t->variables[i]);
  for (i = 1; i < t->type_count; i++) {
    const tenon_p_ctype *e = &t->types[i];
    if (e->shape == TENON_P_SHAPE_ENUM && e->member_count &&
        (is_own(files, e->file) || y->plan->words[i]))
      add_enum(y, e);
  }
}

/* --- All ------------------------------------------------------------------ */

static void check_functions(planner *y)
{
  size_t i;

  for (i = 0; i < y->notes->noted_count && !y->problem; i++) {
    const tenon_p_noted *n = &y->notes->noted[i];
    if (!n->is_used)
      y->problem = tenon_p_store_printf(
          y->store, "%s:%u: @js: no function '%s' is exported", n->file,
          (unsigned)n->line, n->function);
  }
}

static void read_words(planner *y)
{
  size_t i;

  y->plan->threads = "serial";
  for (i = 0; i < y->notes->word_count && !y->problem; i++) {
    const tenon_p_said_word *w = &y->notes->words[i];
    if (strcmp(w->key, "threads") != 0) continue;
    if (strcmp(w->value, "none") == 0 || strcmp(w->value, "serial") == 0 ||
        strcmp(w->value, "any") == 0)
      y->plan->threads = w->value;
    else
      y->problem = tenon_p_store_printf(
          y->store, "%s:%u: @js: threads are 'none', 'serial' or 'any'",
          w->file, (unsigned)w->line);
  }
}

tenon_p_plan *tenon_p_plan_make(tenon_p_store *s, const tenon_p_table *t,
                                tenon_p_notes *n, const char *const *files,
                                const uint32_t *distrusted, size_t count,
                                const char **problem)
{
  tenon_p_plan *p = tenon_p_store_alloc(s, sizeof *p);
  planner y = {.plan = p, .store = s, .notes = n};
  size_t i;

  *problem = NULL;
  if (!p) return NULL;
  p->store = s;
  p->table = t;
  p->distrusted = distrusted;
  p->distrusted_count = count;
  p->words = tenon_p_store_alloc(s, t->type_count * sizeof(tenon_p_word *));
  if (!p->words) return NULL;
  read_words(&y);
  find_handles(&y);
  for (i = 0; i < t->function_count && !s->failed; i++)
    add_function(&y, &t->functions[i]);
  add_constants(&y, files);
  check_functions(&y);
  *problem = y.problem;
  return y.problem || s->failed ? NULL : p;
}
