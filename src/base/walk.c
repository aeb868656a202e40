#include "base/walk.h"

void tenon_p_walk_begin(tenon_p_list *list, tenon_p_list *at, tenon_p_list *end)
{
  tenon_p_list_append(list, end);
  tenon_p_list_append(list->next, at);
}

tenon_p_list *tenon_p_walk_next(tenon_p_list *at, const tenon_p_list *end)
{
  tenon_p_list *next = at->next;

  if (next == end) return NULL;
  tenon_p_list_remove(at);
  tenon_p_list_append(next->next, at);
  return next;
}

void tenon_p_walk_end(tenon_p_list *at, tenon_p_list *end)
{
  tenon_p_list_remove(at);
  tenon_p_list_remove(end);
}
