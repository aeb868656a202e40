#include "loop/operation.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "bind/failure.h"
#include "engine/extension.h"
#include "loop/loop.h"

void tenon_p_operations_init(tenon_p_operations *o)
{
  *o = (tenon_p_operations){.most = 0};
  tenon_p_list_init(&o->all);
}

__attribute__((format(printf, 2, 3))) static tenon_p_failure *full(
    const tenon_failure *f, const char *format, ...)
{
  tenon_p_failure *made;
  va_list ap;

  va_start(ap, format);
  made = tenon_p_failure_new(f, format, ap);
  va_end(ap);
  return made;
}

int tenon_p_refuse_full(JSContext *ctx, const char *who, const char *what,
                        size_t most)
{
  static const tenon_failure f = {
      .size = sizeof f, .error_class = TENON_RANGE_ERROR, .error = TENON_EFULL};
  tenon_p_failure *made =
      full(&f, "%s: as many %s as there may be (%zu)", who, what, most);

  tenon_p_throw_failure(ctx, made);
  tenon_p_failure_free(made);
  return -1;
}

int tenon_p_operation_admit(JSContext *ctx, const tenon_p_operation_kind *kind,
                            const char *who)
{
  const tenon_p_operations *o = &tenon_p_loop_of(tenon_p_engine_of(ctx))->open;

  if (o->most && o->count >= o->most)
    return tenon_p_refuse_full(ctx, who, "operations are open", o->most);
  if (kind->is_handle && o->most_handles && o->handle_count >= o->most_handles)
    return tenon_p_refuse_full(ctx, who, "handles are open", o->most_handles);
  return 0;
}

void tenon_p_operation_init(tenon_p_operation *op)
{
  tenon_p_list_init(&op->link);
  op->in = NULL;
  op->name = NULL;
  op->begun = NULL;
}

/* Without memory for it that is not known. */
static tenon_p_begun *find_begun(JSRuntime *rt)
{
  tenon_p_begun place, *b;

  if (!tenon_p_current_place(rt, &place.url, &place.line, &place.column))
    return NULL;
  b = tenon_p_malloc(sizeof *b);
  if (b)
    *b = place;
  else
    JS_FreeAtomRT(rt, place.url);
  return b;
}

static void forget_begun(tenon_p_operation *op)
{
  tenon_p_loop *l = tenon_p_container(op->in, tenon_p_loop, open);

  JS_FreeAtomRT(l->engine->rt, op->begun->url);
  free(op->begun);
  op->begun = NULL;
}

void tenon_p_operation_begin(tenon_p_loop *l, tenon_p_operation *op,
                             const tenon_p_operation_kind *kind)
{
  op->kind = kind;
  op->in = &l->open;
  tenon_p_list_append(&l->open.all, &op->link);
  l->open.count++;
  if (kind->is_handle) l->open.handle_count++;
  if (TENON_P_UNLIKELY(l->open.traces)) op->begun = find_begun(l->engine->rt);
}

void tenon_p_operation_end(tenon_p_operation *op)
{
  if (!op->in) return;
  if (op->begun) forget_begun(op);
  tenon_p_list_remove(&op->link);
  op->in->count--;
  if (op->kind->is_handle) op->in->handle_count--;
  op->in = NULL;
}
