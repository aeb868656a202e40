/* A thunk: from the arguments of a call to a call of C, and back. */
#include <stdio.h>
#include <string.h>

#include "source/emit.h"
#include "source/layout.h"

typedef struct thunk {
  tenon_p_emitter *e;
  const tenon_p_function_plan *f;
  size_t i;
} thunk;

static bool is_hidden(const tenon_p_param_plan *p)
{
  switch (p->pass) {
  case TENON_P_PASS_COUNT:
  case TENON_P_PASS_USER:
  case TENON_P_PASS_OUT:
  case TENON_P_PASS_OUT_STRING:
  case TENON_P_PASS_OUT_HANDLE: return true;
  default: return false;
  }
}

static bool is_result(const tenon_p_param_plan *p)
{
  switch (p->pass) {
  case TENON_P_PASS_OUT:
  case TENON_P_PASS_OUT_STRING:
  case TENON_P_PASS_OUT_HANDLE:
  case TENON_P_PASS_INOUT: return true;
  default: return false;
  }
}

/* Does C get a variable of its own for it? */
static bool has_local(const tenon_p_param_plan *p)
{
  switch (p->pass) {
  case TENON_P_PASS_VALUE:
  case TENON_P_PASS_STRUCT: return p->word->is_staged;
  case TENON_P_PASS_OUT:
  case TENON_P_PASS_INOUT: return true;
  default: return false;
  }
}

/* --- Declarations --------------------------------------------------------- */

static const char *name_of(const tenon_p_ctype *t, char room[32])
{
  return tenon_p_layout_name(tenon_p_ctype_bare(t), room);
}

static void declare(const thunk *t)
{
  const tenon_p_cfunction *f = t->f->function;
  char room[32];
  size_t i;

  tenon_p_emit_word(t->e, t->f->word);
  for (i = 0; i < f->param_count; i++)
    tenon_p_emit_word(t->e, t->f->params[i].word);
  tenon_p_emit(t->e, "extern %s f_%zu(", name_of(f->result, room), t->i);
  for (i = 0; i < f->param_count; i++)
    tenon_p_emit(t->e, "%s%s", i ? ", " : "", name_of(f->params[i].type, room));
  tenon_p_emit(t->e, "%s) __asm__(", f->param_count ? "" : "void");
  tenon_p_emit_string(t->e, f->symbol);
  tenon_p_emit(t->e, ");\n");
}

/* The type of an argument's slot. */
static void write_slot(const thunk *t, const tenon_p_param_plan *p)
{
  char room[32];

  switch (p->pass) {
  case TENON_P_PASS_STRUCT:
    tenon_p_emit(t->e, p->is_opt ? "const %s *" : "%s ",
                 tenon_p_emit_slot(p->word, room));
    return;
  case TENON_P_PASS_VALUE:
  case TENON_P_PASS_INOUT:
    tenon_p_emit(t->e, "%s ", tenon_p_emit_slot(p->word, room));
    return;
  case TENON_P_PASS_STRING:
    tenon_p_emit(t->e, p->is_opt ? "const char *const *" : "const char *");
    return;
  case TENON_P_PASS_CALLBACK:
    tenon_p_emit(t->e,
                 p->is_opt ? "tenon_callback *const *" : "tenon_callback *");
    return;
  case TENON_P_PASS_HANDLE: tenon_p_emit(t->e, "void *"); return;
  default: tenon_p_emit(t->e, p->is_opt ? "const view *" : "view "); return;
  }
}

static const char *descriptor_of(const tenon_p_param_plan *p, char room[32])
{
  switch (p->pass) {
  case TENON_P_PASS_STRING: return "t_cstr";
  case TENON_P_PASS_VIEW:
  case TENON_P_PASS_INOUT_VIEW:
    snprintf(room, 32, "%s_%s", p->pass == TENON_P_PASS_VIEW ? "vt" : "wt",
             p->word->scalar);
    return room;
  case TENON_P_PASS_BYTES: return "t_bytes";
  case TENON_P_PASS_INOUT_BYTES: return "wt_bytes";
  case TENON_P_PASS_HANDLE:
    snprintf(room, 32, "ht_%u", (unsigned)p->handle->id);
    return room;
  case TENON_P_PASS_CALLBACK:
    snprintf(room, 32, "ct_%u", (unsigned)p->callback->id);
    return room;
  default: return tenon_p_emit_descriptor(p->word, room);
  }
}

static bool returns_value(const thunk *t)
{
  return t->f->result != TENON_P_RESULT_NONE;
}

/* Several values, as an object. */
static bool returns_object(const thunk *t)
{
  return t->f->out_count > 1 || (t->f->out_count && returns_value(t));
}

static bool has_parameter(const thunk *t, const char *name)
{
  size_t i;

  for (i = 0; i < t->f->function->param_count; i++)
    if (strcmp(t->f->params[i].name, name) == 0) return true;
  return false;
}

static const char *name_of_result(const thunk *t)
{
  return has_parameter(t, "result") ? "returned" : "result";
}

typedef struct part {
  char type[64], descriptor[32];
  const char *flags;
} part;

/* How the function's own result, or that of a parameter, goes out. */
static part part_of(const tenon_p_word *w, const tenon_p_handle *h,
                    bool is_string, bool is_pointer)
{
  part p = {.flags = "0"};
  char room[32];

  if (h) {
    snprintf(p.type, sizeof p.type, "void *");
    snprintf(p.descriptor, sizeof p.descriptor, "ht_%u", (unsigned)h->id);
    p.flags = "TENON_FIELD_NULLABLE";
  } else if (is_string) {
    snprintf(p.type, sizeof p.type, "const char *const *");
    snprintf(p.descriptor, sizeof p.descriptor, "t_cstr");
    p.flags = "TENON_FIELD_NULLABLE";
  } else {
    snprintf(p.type, sizeof p.type, "%s%s%s", is_pointer ? "const " : "",
             tenon_p_emit_slot(w, room), is_pointer ? " *" : "");
    snprintf(p.descriptor, sizeof p.descriptor, "%s",
             tenon_p_emit_descriptor(w, room));
    p.flags = is_pointer ? "TENON_FIELD_NULLABLE" : tenon_p_emit_flags(w);
  }
  return p;
}

static part result_part(const thunk *t)
{
  const tenon_p_function_plan *f = t->f;

  return part_of(f->word, f->result == TENON_P_RESULT_HANDLE ? f->handle : NULL,
                 f->result == TENON_P_RESULT_STRING,
                 f->result == TENON_P_RESULT_STRUCT);
}

static part out_part(const tenon_p_param_plan *p)
{
  return part_of(p->word, p->pass == TENON_P_PASS_OUT_HANDLE ? p->handle : NULL,
                 p->pass == TENON_P_PASS_OUT_STRING, false);
}

/* The object of several results. */
static void write_object(const thunk *t)
{
  const tenon_p_function_plan *f = t->f;
  size_t i, n = 0;
  part p;

  tenon_p_emit(t->e, "typedef struct {\n");
  if (returns_value(t))
    tenon_p_emit(t->e, "  %s r;\n", (p = result_part(t)).type);
  for (i = 0; i < f->function->param_count; i++)
    if (is_result(&f->params[i]))
      tenon_p_emit(t->e, "  %s p%zu;\n", (p = out_part(&f->params[i])).type, i);
  tenon_p_emit(t->e, "} o_%zu;\nstatic const tenon_field of_%zu[] = {\n", t->i,
               t->i);
  if (returns_value(t)) {
    p = result_part(t);
    n++;
    tenon_p_emit(t->e,
                 "  {\"%s\", &%s, __builtin_offsetof(o_%zu, r), %s, NULL},\n",
                 name_of_result(t), p.descriptor, t->i, p.flags);
  }
  for (i = 0; i < f->function->param_count; i++) {
    if (!is_result(&f->params[i])) continue;
    p = out_part(&f->params[i]);
    n++;
    tenon_p_emit(t->e, "  {");
    tenon_p_emit_string(t->e, f->params[i].name);
    tenon_p_emit(t->e, ", &%s, __builtin_offsetof(o_%zu, p%zu), %s, NULL},\n",
                 p.descriptor, t->i, i, p.flags);
  }
  tenon_p_emit(t->e,
               "};\nstatic const tenon_type ot_%zu = {TENON_KIND_STRUCT, "
               "sizeof(o_%zu), \"object\", of_%zu, %zu, NULL, NULL, NULL};\n",
               t->i, t->i, t->i, n);
}

static void write_arguments(const thunk *t)
{
  const tenon_p_function_plan *f = t->f;
  size_t i, n = 0;
  char room[32];

  tenon_p_emit(t->e, "struct a_%zu {\n  tenon_args head;\n", t->i);
  for (i = 0; i < f->function->param_count; i++) {
    if (is_hidden(&f->params[i])) continue;
    tenon_p_emit(t->e, "  ");
    write_slot(t, &f->params[i]);
    tenon_p_emit(t->e, "p%zu;\n", i);
  }
  /* Strings that go out are pointed at by a pointer in here. */
  tenon_p_emit(t->e, "  char *r;\n");
  for (i = 0; i < f->function->param_count; i++)
    if (f->params[i].pass == TENON_P_PASS_OUT_STRING)
      tenon_p_emit(t->e, "  char *o%zu;\n", i);
  tenon_p_emit(t->e, "};\nstatic const tenon_field p_%zu[] = {\n", t->i);
  for (i = 0; i < f->function->param_count; i++) {
    const tenon_p_param_plan *p = &f->params[i];
    if (is_hidden(p)) continue;
    n++;
    tenon_p_emit(t->e, "  {");
    tenon_p_emit_string(t->e, p->name);
    tenon_p_emit(t->e,
                 ", &%s, __builtin_offsetof(struct a_%zu, p%zu), %s, NULL},\n",
                 descriptor_of(p, room), t->i, i,
                 p->is_opt                       ? "TENON_FIELD_NULLABLE"
                 : p->pass == TENON_P_PASS_VALUE ? tenon_p_emit_flags(p->word)
                                                 : "0");
  }
  tenon_p_emit(t->e, "  {NULL, NULL, 0, 0, NULL}};\nenum { n_%zu = %zu };\n",
               t->i, n);
}

/* --- The call ------------------------------------------------------------- */

/* Might a script close the handle in a callback meanwhile? */
static bool is_used(const thunk *t, const tenon_p_param_plan *p)
{
  return p->pass == TENON_P_PASS_HANDLE && !t->f->closes &&
         t->e->plan->callback_count;
}

static bool is_keyed(const tenon_p_param_plan *p)
{
  return p->pass == TENON_P_PASS_CALLBACK && p->other >= 0;
}

static void write_locals(const thunk *t)
{
  const tenon_p_function_plan *f = t->f;
  const tenon_p_ctype *type;
  char name[32];
  size_t i, n = 0;

  for (i = 0; i < f->function->param_count; i++) {
    const tenon_p_param_plan *p = &f->params[i];
    type = p->word ? p->word->type : p->type;
    snprintf(name, sizeof name, "c%zu", i);
    if (!is_hidden(p)) n++;
    if (has_local(p)) {
      if (p->pass != TENON_P_PASS_OUT) {
        tenon_p_emit(t->e, "  UNUSED static const char w%zu[] = ", i);
        tenon_p_emit_string(t->e, f->name);
        tenon_p_emit(t->e, "\": argument %zu '\"", n);
        tenon_p_emit_string(t->e, p->name);
        tenon_p_emit(t->e, "\"'\";\n");
      }
      tenon_p_emit(t->e, "  ");
      tenon_p_emit_variable(t->e, type, name);
      tenon_p_emit(t->e, ";\n");
    } else if (p->pass == TENON_P_PASS_OUT_HANDLE) {
      tenon_p_emit(t->e, "  void *%s = NULL;\n", name);
    } else if (is_keyed(p)) {
      tenon_p_emit(t->e, "  uintptr_t k%zu = 0;\n", i);
    }
    if (p->pass == TENON_P_PASS_CALLBACK)
      tenon_p_emit(t->e,
                   p->is_opt
                       ? "  tenon_callback *%s = a->p%zu ? *a->p%zu : NULL;\n"
                       : "  tenon_callback *%s = a->p%zu;\n",
                   name, i, i);
    if (is_used(t, p))
      tenon_p_emit(t->e, "  use u%zu = {a->p%zu, uses, 0};\n  uses = &u%zu;\n",
                   i, i, i);
    if (p->pass == TENON_P_PASS_CALLBACK && p->other < 0)
      tenon_p_emit(t->e,
                   "  lent l%zu = {c%zu, 0}, *outer%zu = lent_call_%zu_%zu;\n"
                   "  unsigned late%zu = "
                   "__atomic_load_n(&late_call_%zu_%zu, __ATOMIC_RELAXED);\n",
                   i, i, i, t->i, i, i, t->i, i);
  }
  if (returns_value(t)) {
    tenon_p_emit(t->e, "  ");
    tenon_p_emit_variable(t->e, f->function->result, "r");
    tenon_p_emit(t->e, ";\n");
  }
}

static void write_count_check(const thunk *t, size_t i)
{
  const tenon_p_param_plan *p = &t->f->params[i], *of = &t->f->params[p->other];
  const tenon_p_ctype *type = tenon_p_ctype_bare(p->type);
  unsigned long long most;

  if (type->size >= 8) return;
  most = (1ULL << (8 * type->size - type->is_signed)) - 1;
  tenon_p_emit(t->e,
               of->is_opt ? "  if (a->p%d && a->p%d->len > %lluu) {\n"
                          : "  if ((void)a->p%d, a->p%d.len > %lluu) {\n",
               p->other, p->other, most);
  tenon_p_emit(t->e,
               "    fail(TENON_RANGE_ERROR, \"%%s: '%%s': more than %llu "
               "elements\", ",
               most);
  tenon_p_emit_string(t->e, t->f->name);
  tenon_p_emit(t->e, ", ");
  tenon_p_emit_string(t->e, of->name);
  tenon_p_emit(t->e, ");\n    goto out;\n  }\n");
}

/* The handle that a kept callback goes with, or NULL. */
static void write_owner(const thunk *t)
{
  size_t i;

  for (i = 0; i < t->f->function->param_count; i++)
    if (t->f->params[i].pass == TENON_P_PASS_HANDLE) {
      tenon_p_emit(t->e, "a->p%zu", i);
      return;
    }
  tenon_p_emit(t->e, "NULL");
}

static void write_callback_in(const thunk *t, size_t i)
{
  const tenon_p_param_plan *p = &t->f->params[i];

  if (p->other < 0) {
    tenon_p_emit(t->e, "  lent_call_%zu_%zu = &l%zu;\n", t->i, i, i);
    return;
  }
  tenon_p_emit(t->e, "  if (c%zu) {\n    k%zu = take(%sc%zu%s, %d, p_%zu, ", i,
               i, p->is_kept ? "host->callback_keep(" : "", i,
               p->is_kept ? ")" : "", p->is_kept, t->i);
  write_owner(t);
  tenon_p_emit(t->e, ");\n    if (!k%zu) {\n", i);
  if (p->is_kept)
    tenon_p_emit(t->e, "      host->callback_release(c%zu);\n", i);
  tenon_p_emit(t->e,
               "      fail(TENON_ERROR, \"too many callbacks are held\");\n"
               "      goto out;\n    }\n  }");
  if (p->is_kept) {
    tenon_p_emit(t->e, " else {\n    drop_kept(p_%zu, ", t->i);
    write_owner(t);
    tenon_p_emit(t->e, ");\n  }");
  }
  tenon_p_emit(t->e, "\n");
}

static void write_before(const thunk *t)
{
  const tenon_p_function_plan *f = t->f;
  char slot[32], c[32], where[32];
  size_t i;

  for (i = 0; i < f->function->param_count; i++) {
    const tenon_p_param_plan *p = &f->params[i];
    snprintf(slot, sizeof slot, p->is_opt ? "(*a->p%zu)" : "a->p%zu", i);
    snprintf(c, sizeof c, "c%zu", i);
    switch (p->pass) {
    case TENON_P_PASS_OUT:
      tenon_p_emit(t->e, "  memset(&%s, 0, sizeof %s);\n", c, c);
      break;
    case TENON_P_PASS_OUT_STRING:
      tenon_p_emit(t->e, "  a->o%zu = NULL;\n", i);
      break;
    case TENON_P_PASS_VALUE:
    case TENON_P_PASS_STRUCT:
    case TENON_P_PASS_INOUT:
      if (!has_local(p)) break;
      if (p->is_opt) tenon_p_emit(t->e, "  if (a->p%zu) {\n", i);
      snprintf(where, sizeof where, "w%zu", i);
      t->e->where = where;
      tenon_p_emit_in(t->e, p->word, slot, c, "goto out");
      if (p->is_opt) tenon_p_emit(t->e, "  }\n");
      break;
    case TENON_P_PASS_COUNT: write_count_check(t, i); break;
    case TENON_P_PASS_CALLBACK: write_callback_in(t, i); break;
    default: break;
    }
  }
}

static void write_argument(const thunk *t, size_t i)
{
  const tenon_p_param_plan *p = &t->f->params[i];
  tenon_p_emitter *e = t->e;
  char room[32];

  switch (p->pass) {
  case TENON_P_PASS_VALUE:
    if (has_local(p))
      tenon_p_emit(e, "c%zu", i);
    else if (p->word->kind == TENON_P_WORD_TUPLE)
      /* A complex number, whose memory is a tuple's. */
      tenon_p_emit(e, "*(const %s *)(const void *)&a->p%zu",
                   name_of(p->type, room), i);
    else
      tenon_p_emit(e, "a->p%zu", i);
    return;
  case TENON_P_PASS_STRUCT:
    if (has_local(p))
      tenon_p_emit(
          e, p->is_opt ? "a->p%zu ? (void *)&c%zu : NULL" : "(void *)&c%zu", i,
          i);
    else
      tenon_p_emit(e, p->is_opt ? "(void *)a->p%zu" : "(void *)&a->p%zu", i);
    return;
  case TENON_P_PASS_STRING:
    tenon_p_emit(e,
                 p->is_opt ? "(void *)(a->p%zu ? *a->p%zu : NULL)"
                           : "(void *)a->p%zu",
                 i, i);
    return;
  case TENON_P_PASS_VIEW:
  case TENON_P_PASS_INOUT_VIEW:
  case TENON_P_PASS_BYTES:
  case TENON_P_PASS_INOUT_BYTES:
    tenon_p_emit(
        e, p->is_opt ? "a->p%zu ? a->p%zu->data : NULL" : "a->p%zu.data", i, i);
    return;
  case TENON_P_PASS_HANDLE: tenon_p_emit(e, "a->p%zu", i); return;
  case TENON_P_PASS_CALLBACK:
    tenon_p_emit(e, "c%zu ? (void *)call_", i);
    if (p->other < 0)
      tenon_p_emit(e, "%zu_%zu", t->i, i);
    else
      tenon_p_emit(e, "%u", (unsigned)p->callback->id);
    tenon_p_emit(e, " : NULL");
    return;
  case TENON_P_PASS_COUNT:
    if (t->f->params[p->other].is_opt)
      tenon_p_emit(e, "a->p%d ? (%s)a->p%d->len : 0", p->other,
                   name_of(p->type, room), p->other);
    else
      tenon_p_emit(e, "(%s)a->p%d.len", name_of(p->type, room), p->other);
    return;
  case TENON_P_PASS_USER: tenon_p_emit(e, "(void *)k%d", p->other); return;
  case TENON_P_PASS_OUT_STRING: tenon_p_emit(e, "&a->o%zu", i); return;
  default: tenon_p_emit(e, "&c%zu", i); return;
  }
}

/* The call alone, as a function that may be left by an exception. */
static void write_guarded(const thunk *t)
{
  const tenon_p_cfunction *f = t->f->function;
  char room[32];
  size_t i;

  tenon_p_emit(t->e, "struct x_%zu {\n", t->i);
  if (returns_value(t))
    tenon_p_emit(t->e, "  %s r;\n", name_of(f->result, room));
  for (i = 0; i < f->param_count; i++)
    tenon_p_emit(t->e, "  %s c%zu;\n", name_of(f->params[i].type, room), i);
  tenon_p_emit(t->e,
               "  char last;\n};\nstatic void x_%zu(void *p)\n{\n"
               "  struct x_%zu *x = (struct x_%zu *)p;\n  (void)x;\n  %sf_%zu(",
               t->i, t->i, t->i, returns_value(t) ? "x->r = " : "", t->i);
  for (i = 0; i < f->param_count; i++)
    tenon_p_emit(t->e, "%sx->c%zu", i ? ", " : "", i);
  tenon_p_emit(t->e, ");\n}\n");
}

static void write_guarded_call(const thunk *t)
{
  size_t i;

  tenon_p_emit(t->e, "  {\n    struct x_%zu x;\n", t->i);
  for (i = 0; i < t->f->function->param_count; i++) {
    tenon_p_emit(t->e, "    x.c%zu = ", i);
    write_argument(t, i);
    tenon_p_emit(t->e, ";\n");
  }
  tenon_p_emit(t->e, "    x.last = 0;\n    if (guarded(x_%zu, &x, ", t->i);
  tenon_p_emit_string(t->e, t->f->name);
  tenon_p_emit(t->e, ")) goto out;\n%s  }\n",
               returns_value(t) ? "    r = x.r;\n" : "");
}

static void write_call(const thunk *t)
{
  const tenon_p_function_plan *f = t->f;
  size_t i;

  if (f->closes && t->e->plan->callback_count)
    tenon_p_emit(t->e,
                 "  if (outermost_use(a->p0)) {\n"
                 "    fail(TENON_ERROR, \"%s: this %s is in use by another "
                 "call\");\n    goto out;\n  }\n",
                 f->name, f->closes->name);
  if (f->closes)
    tenon_p_emit(t->e,
                 "  if (host->dispose(a->p0)) {\n"
                 "    fail(TENON_TYPE_ERROR, \"%s: a handle is closed on the "
                 "loop's thread\");\n    goto out;\n  }\n",
                 f->name);
  if (t->e->plan->guards) {
    write_guarded_call(t);
    return;
  }
  tenon_p_emit(t->e, "  %sf_%zu(", returns_value(t) ? "r = " : "", t->i);
  for (i = 0; i < f->function->param_count; i++) {
    if (i) tenon_p_emit(t->e, ", ");
    write_argument(t, i);
  }
  tenon_p_emit(t->e, ");\n");
}

/* What was lent for the call is taken back, however it ended. */
static void write_after(const thunk *t)
{
  const tenon_p_function_plan *f = t->f;
  size_t i;

  for (i = 0; i < f->function->param_count; i++) {
    const tenon_p_param_plan *p = &f->params[i];
    if (p->pass != TENON_P_PASS_CALLBACK) continue;
    if (p->other < 0)
      tenon_p_emit(
          t->e,
          "  lent_call_%zu_%zu = outer%zu;\n"
          "  if (!l%zu.has_failed && late%zu !=\n"
          "      __atomic_load_n(&late_call_%zu_%zu, __ATOMIC_RELAXED))\n"
          "    fail(TENON_TYPE_ERROR, \"%s: its callback was called on another "
          "thread\");\n",
          t->i, i, i, i, i, t->i, i, f->name);
    else if (!p->is_kept)
      tenon_p_emit(t->e, "  if (k%zu) drop(k%zu, \"%s\");\n", i, i, f->name);
  }
  for (i = f->function->param_count; i-- > 0;)
    if (is_used(t, &f->params[i]))
      tenon_p_emit(t->e,
                   "  uses = u%zu.outer;\n  if (u%zu.ends) he_%u(a->p%zu);\n",
                   i, i, (unsigned)f->params[i].handle->id, i);
  if (f->closes && t->e->plan->callback_count)
    tenon_p_emit(t->e, "  if (is_done) drop_kept(NULL, a->p0);\n");
}

static void write_own(const thunk *t, const char *what)
{
  tenon_p_emit(t->e,
               "  if (%s && host->defer((void (*)(void *))own_%zu, %s)) {\n"
               "    own_%zu(%s);\n    %s = NULL;\n  }\n",
               what, t->i, what, t->i, what, what);
}

static void write_pointer_result(const thunk *t, const char *to)
{
  const tenon_p_word *w = t->f->word;
  char room[32], c[64];

  if (!w->is_staged) {
    tenon_p_emit(t->e, "  %s = r;\n", to);
    return;
  }
  tenon_p_emit(t->e, "  %s = NULL;\n  if (r) {\n    %s *s = ", to,
               tenon_p_emit_slot(w, room));
  tenon_p_emit(t->e, "host->alloc(sizeof *s);\n    if (!s) return;\n");
  snprintf(c, sizeof c, "(*(const %s *)r)", name_of(w->type, room));
  tenon_p_emit_out(t->e, w, c, "(*s)");
  tenon_p_emit(t->e, "    %s = s;\n  }\n", to);
}

static void write_own_result(const thunk *t, const char *to)
{
  const tenon_p_function_plan *f = t->f;

  switch (f->result) {
  case TENON_P_RESULT_HANDLE: tenon_p_emit(t->e, "  %s = r;\n", to); return;
  case TENON_P_RESULT_STRING:
    tenon_p_emit(t->e, "  a->r = r;\n");
    if (f->own) write_own(t, "a->r");
    tenon_p_emit(
        t->e,
        "  %s = a->r ? (const char *const *)(const void *)&a->r : NULL;\n", to);
    return;
  case TENON_P_RESULT_STRUCT: write_pointer_result(t, to); return;
  case TENON_P_RESULT_VALUE:
    if (f->word->lends) {
      /* What goes out may point into it. */
      char room[32], name[64];
      tenon_p_emit(t->e, "  {\n    %s *kept = host->alloc(sizeof *kept);\n",
                   name_of(f->function->result, room));
      tenon_p_emit(t->e, "    if (!kept) return;\n"
                         "    memcpy(kept, &r, sizeof r);\n");
      snprintf(name, sizeof name, "(*kept)");
      tenon_p_emit_out(t->e, f->word, name, to);
      tenon_p_emit(t->e, "  }\n");
    } else {
      tenon_p_emit_out(t->e, f->word, "r", to);
    }
    return;
  default: return;
  }
}

static void write_out(const thunk *t, size_t i, const char *to)
{
  const tenon_p_param_plan *p = &t->f->params[i];
  char name[32];

  snprintf(name, sizeof name, "c%zu", i);
  switch (p->pass) {
  case TENON_P_PASS_OUT_HANDLE:
    tenon_p_emit(t->e, "  %s = %s;\n", to, name);
    return;
  case TENON_P_PASS_OUT_STRING:
    snprintf(name, sizeof name, "a->o%zu", i);
    if (t->f->own && t->f->result != TENON_P_RESULT_STRING) write_own(t, name);
    tenon_p_emit(t->e,
                 "  %s = %s ? (const char *const *)(const void *)&%s : NULL;\n",
                 to, name, name);
    return;
  default:
    if (p->word->lends) {
      char room[32];
      tenon_p_emit(t->e, "  {\n    %s *kept = host->alloc(sizeof *kept);\n",
                   name_of(p->word->type, room));
      tenon_p_emit(t->e,
                   "    if (!kept) return;\n"
                   "    memcpy(kept, &%s, sizeof *kept);\n",
                   name);
      tenon_p_emit_out(t->e, p->word, "(*kept)", to);
      tenon_p_emit(t->e, "  }\n");
    } else {
      tenon_p_emit_out(t->e, p->word, name, to);
    }
    return;
  }
}

static void write_results(const thunk *t)
{
  const tenon_p_function_plan *f = t->f;
  char to[96];
  size_t i;
  part p;

  if (!returns_value(t) && !f->out_count) return;
  if (returns_object(t)) {
    tenon_p_emit(t->e, "  o_%zu *o = (o_%zu *)result;\n", t->i, t->i);
    if (returns_value(t)) write_own_result(t, "o->r");
  } else if (returns_value(t)) {
    p = result_part(t);
    snprintf(to, sizeof to, "(*(%s *)result)", p.type);
    write_own_result(t, to);
    return;
  }
  for (i = 0; i < f->function->param_count; i++) {
    if (!is_result(&f->params[i])) continue;
    if (returns_object(t)) {
      snprintf(to, sizeof to, "o->p%zu", i);
    } else {
      p = out_part(&f->params[i]);
      snprintf(to, sizeof to, "(*(%s *)result)", p.type);
    }
    write_out(t, i, to);
  }
}

static bool can_leave(const thunk *t)
{
  const tenon_p_function_plan *f = t->f;
  size_t i;

  if (t->e->plan->guards) return true;
  for (i = 0; i < f->function->param_count; i++) {
    const tenon_p_param_plan *p = &f->params[i];
    if ((has_local(p) && p->pass != TENON_P_PASS_OUT) || is_keyed(p) ||
        (p->pass == TENON_P_PASS_COUNT &&
         tenon_p_ctype_bare(p->type)->size < 8))
      return true;
  }
  return f->closes;
}

static void write_thunk(const thunk *t)
{
  bool leaves = can_leave(t);

  tenon_p_emit(t->e,
               "static void t_%zu(void *args, void *result)\n{\n"
               "  struct a_%zu *a = (struct a_%zu *)args;\n",
               t->i, t->i, t->i);
  if (leaves) tenon_p_emit(t->e, "  int is_done = 0;\n");
  write_locals(t);
  tenon_p_emit(t->e, "  (void)a;\n  (void)result;\n");
  write_before(t);
  write_call(t);
  if (leaves) tenon_p_emit(t->e, "  is_done = 1;\nout:\n");
  write_after(t);
  if (leaves) tenon_p_emit(t->e, "  if (!is_done) return;\n");
  tenon_p_emit(t->e, "  {\n");
  write_results(t);
  tenon_p_emit(t->e, "  }\n}\n");
}

static void write_descriptor(const thunk *t)
{
  const tenon_p_function_plan *f = t->f;
  part p = {.descriptor = "t_none", .flags = "0"};
  size_t i;

  if (returns_object(t)) {
    snprintf(p.descriptor, sizeof p.descriptor, "ot_%zu", t->i);
  } else if (returns_value(t)) {
    p = result_part(t);
  } else if (f->out_count) {
    for (i = 0; !is_result(&f->params[i]);)
      i++;
    p = out_part(&f->params[i]);
  }
  tenon_p_emit(t->e,
               "static const tenon_function d_%zu = {sizeof(tenon_function), "
               "%s, ",
               t->i, f->is_blocking ? "TENON_FUNCTION_BLOCKING" : "0");
  tenon_p_emit_string(t->e, f->name);
  tenon_p_emit(t->e,
               ", NULL, {\"result\", &%s, 0, %s, NULL}, p_%zu, n_%zu, "
               "sizeof(struct a_%zu), t_%zu, ",
               p.descriptor, p.flags, t->i, t->i, t->i, t->i);
  tenon_p_emit_string(t->e, f->function->file);
  tenon_p_emit(t->e, ", %u};\n\n", (unsigned)f->function->line);
}

void tenon_p_emit_function(tenon_p_emitter *e, const tenon_p_function_plan *f,
                           size_t i)
{
  thunk t = {e, f, i};
  char name[64];
  size_t k;

  declare(&t);
  for (k = 0; k < f->function->param_count; k++) {
    const tenon_p_param_plan *p = &f->params[k];
    if (p->pass != TENON_P_PASS_CALLBACK || p->other >= 0) continue;
    snprintf(name, sizeof name, "call_%zu_%zu", i, k);
    tenon_p_emit_bare_callback(e, name, p->callback);
  }
  if (f->own) {
    tenon_p_emit(e, "extern void own_%zu(void *) __asm__(", i);
    tenon_p_emit_string(e, f->own);
    tenon_p_emit(e, ");\n");
  }
  if (returns_object(&t)) write_object(&t);
  if (e->plan->guards) write_guarded(&t);
  write_arguments(&t);
  write_thunk(&t);
  write_descriptor(&t);
}

void tenon_p_emit_handle(tenon_p_emitter *e, const tenon_p_handle *h)
{
  unsigned id = (unsigned)h->id;

  tenon_p_emit(e, "extern void hc_%u(void *) __asm__(", id);
  tenon_p_emit_string(e, h->closer->symbol);
  tenon_p_emit(e,
               ");\nUNUSED static void he_%u(void *self)\n{\n"
               "  %shc_%u%sself%s);\n%s}\n"
               "static void hd_%u(void *self, void *out)\n{\n"
               "  (void)out;\n%s  he_%u(self);\n}\n",
               id, e->plan->guards ? "(void)guarded(" : "", id,
               e->plan->guards ? ", " : "(",
               e->plan->guards ? ", \"close\"" : "",
               e->plan->callback_count ? "  drop_kept(NULL, self);\n" : "", id,
               e->plan->callback_count ? "  use *u = outermost_use(self);\n"
                                         "  if (u) {\n    u->ends = 1;\n"
                                         "    return;\n  }\n"
                                       : "",
               id);
  /* Closed only when told: other handles may need it, in no known order. */
  tenon_p_emit(e,
               "static void hf_%u(void *self)\n{\n  (void)self;\n}\n"
               "static const tenon_class h_%u = {sizeof(tenon_class), "
               "TENON_STORAGE_POINTER, ",
               id, id);
  tenon_p_emit_string(e, h->name);
  tenon_p_emit(e, ", 0, 0, hf_%u, ", id);
  tenon_p_emit_string(e, h->record->file);
  tenon_p_emit(
      e,
      ", %u};\nstatic const tenon_member hm_%u = {sizeof(tenon_member), "
      "TENON_MEMBER_DISPOSE, &h_%u, 0, 0, NULL, NULL, 0, NULL, hd_%u};\n",
      (unsigned)h->record->line, id, id, id);
}
