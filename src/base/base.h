/* What every layer uses: no engine, no loop. */
#ifndef TENON_BASE_BASE_H
#define TENON_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TENON_P_LIKELY(x) __builtin_expect(!!(x), 1)
#define TENON_P_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define tenon_p_countof(a) (sizeof(a) / sizeof *(a))
#define tenon_p_container(p, type, member) \
  ((type *)((char *)(p)-offsetof(type, member)))

/* A doubly linked list whose head is a node; an unlinked node points at
 * itself, so that removing it twice does no harm. */
typedef struct tenon_p_list {
  struct tenon_p_list *next, *prev;
} tenon_p_list;

static inline void tenon_p_list_init(tenon_p_list *l)
{
  l->next = l->prev = l;
}

static inline bool tenon_p_list_is_empty(const tenon_p_list *l)
{
  return l->next == l;
}

static inline void tenon_p_list_append(tenon_p_list *head, tenon_p_list *node)
{
  node->next = head;
  node->prev = head->prev;
  head->prev->next = node;
  head->prev = node;
}

static inline void tenon_p_list_remove(tenon_p_list *node)
{
  node->prev->next = node->next;
  node->next->prev = node->prev;
  tenon_p_list_init(node);
}

#endif
