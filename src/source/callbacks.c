/* Functions of JavaScript as function pointers: which of their types can be. */
#include <string.h>

#include "source/binding.h"
#include "source/layout.h"

static bool is_void(const tenon_p_ctype *t)
{
  return tenon_p_ctype_bare(t)->shape == TENON_P_SHAPE_VOID;
}

/* The bytes of a `const uint8_t *`, and their number behind them. */
static bool is_bytes(const tenon_p_ctype *f, size_t i)
{
  const tenon_p_ctype *t = tenon_p_ctype_bare(f->members[i].type), *to, *n;

  if (t->shape != TENON_P_SHAPE_POINTER || i + 1 == f->member_count ||
      !tenon_p_ctype_is_const(t->to))
    return false;
  to = tenon_p_ctype_bare(t->to);
  n = f->members[i + 1].type;
  return to->shape == TENON_P_SHAPE_INT && to->size == 1 && !to->is_signed &&
         n->shape == TENON_P_SHAPE_TYPEDEF && strcmp(n->name, "size_t") == 0;
}

static const char *plan_pointer(tenon_p_plan *p, tenon_p_callback_plan *c,
                                size_t i)
{
  tenon_p_param_plan *to = &c->params[i];
  const tenon_p_ctype *t = tenon_p_ctype_bare(to->type),
                      *bare = tenon_p_ctype_bare(t->to);

  if (is_void(t->to)) {
    if (c->user >= 0 || tenon_p_ctype_is_const(t->to))
      return "it is given a void pointer besides the user's data";
    c->user = (int)i;
    to->pass = TENON_P_PASS_USER;
    return NULL;
  }
  if (tenon_p_is_char(t->to)) {
    to->pass = TENON_P_PASS_STRING;
    return NULL;
  }
  if (is_bytes(c->type, i)) {
    to->pass = TENON_P_PASS_BYTES;
    to->other = (int)i + 1;
    c->params[i + 1].pass = TENON_P_PASS_COUNT;
    c->params[i + 1].other = (int)i;
    return NULL;
  }
  to->handle = tenon_p_handle_of(p, bare);
  if (to->handle) {
    to->pass = TENON_P_PASS_HANDLE;
    return NULL;
  }
  to->word = tenon_p_word_of(p, t->to);
  if (bare->shape == TENON_P_SHAPE_RECORD && tenon_p_ctype_is_const(t->to) &&
      to->word->kind != TENON_P_WORD_REFUSED && to->word->goes_out) {
    to->pass = TENON_P_PASS_STRUCT;
    return NULL;
  }
  return "it is given a pointer, and nothing says how much is there";
}

static const char *plan_param(tenon_p_plan *p, tenon_p_callback_plan *c,
                              size_t i)
{
  tenon_p_param_plan *to = &c->params[i];
  const tenon_p_ctype *t = tenon_p_ctype_bare(to->type);

  if (to->pass == TENON_P_PASS_COUNT) return NULL;
  if (t->shape == TENON_P_SHAPE_POINTER) return plan_pointer(p, c, i);
  to->word = tenon_p_word_of(p, to->type);
  if (to->word->kind == TENON_P_WORD_REFUSED)
    return tenon_p_store_printf(p->store, "it is given %s", to->word->reason);
  if (!to->word->goes_out)
    return "it is given a long double, which a number does not hold";
  if (tenon_p_layout_is_doubtful(to->type)) return TENON_P_DOUBTFUL;
  return NULL;
}

static const char *plan(tenon_p_plan *p, tenon_p_callback_plan *c)
{
  const tenon_p_ctype *t = c->type;
  const char *why = NULL;
  size_t i;

  if (t->is_variadic) return "it is variadic";
  if (t->has_no_prototype && !t->member_count)
    return "its type says no parameters: write (void)";
  if (t->member_count > 24) return "it has more than 24 parameters";
  c->params =
      tenon_p_store_alloc(p->store, (t->member_count + 1) * sizeof *c->params);
  if (!c->params) return "memory has run out";
  c->param_count = t->member_count;
  for (i = 0; i < c->param_count; i++) {
    c->params[i].type = t->members[i].type;
    c->params[i].other = -1;
    c->params[i].name = t->members[i].name[0]
                            ? t->members[i].name
                            : tenon_p_store_printf(p->store, "arg%zu", i + 1);
  }
  for (i = 0; !why && i < c->param_count; i++)
    why = plan_param(p, c, i);
  if (why || is_void(t->to)) return why;
  c->result = tenon_p_word_of(p, t->to);
  if (c->result->kind == TENON_P_WORD_REFUSED)
    return tenon_p_store_printf(p->store, "it returns %s", c->result->reason);
  return NULL;
}

const tenon_p_callback_plan *tenon_p_callback_plan_of(tenon_p_plan *p,
                                                      const tenon_p_ctype *t,
                                                      const char **reason)
{
  tenon_p_callback_plan *c, **to;
  size_t i;

  *reason = NULL;
  for (i = 0; i < p->callback_count; i++)
    if (p->callbacks[i]->type == t) return p->callbacks[i];
  c = tenon_p_store_alloc(p->store, sizeof *c);
  if (!c) return NULL;
  c->type = t;
  c->user = -1;
  c->id = (uint32_t)p->callback_count;
  *reason = plan(p, c);
  if (*reason) return NULL;
  to = tenon_p_store_push(p->store, &p->callbacks, &p->callback_count,
                          sizeof *to);
  if (!to) return NULL;
  *to = c;
  return c;
}
