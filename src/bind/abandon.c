#include "bind/abandon.h"

#include "bind/any.h"
#include "bind/drop.h"
#include "bind/instance.h"
#include "bind/iterator.h"

void tenon_p_task_abandon(tenon_p_task *t, tenon_p_remains *out)
{
  const tenon_p_binding *b = t->binding;

  out->module = b->module->descriptor;
  out->result = b->function->result;
  out->cursor = tenon_p_cursor_abandon(t, &out->end_cursor);
  out->shared = (tenon_p_shared){.free = NULL};
  tenon_p_closure_share(b, &out->shared);
  tenon_p_call_detach(&t->call);
  tenon_p_task_release_values(t);
}

void tenon_p_task_end_left(tenon_p_task *t, tenon_p_remains *left)
{
  bool has_value = !left->cursor || !((tenon_args *)t->args)->absent;

  if (!t->call.failed && has_value)
    tenon_p_drop_left(left->module, &left->result, t->result);
  tenon_p_call_release(&t->call);
  if (left->cursor) tenon_p_cursor_end(left->cursor, left->end_cursor);
  if (tenon_p_shared_leave(&left->shared) && left->shared.free)
    tenon_p_call_finalizer(NULL, left->shared.free, left->shared.state);
}
