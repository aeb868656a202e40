/*
 * A walk along a list that changes meanwhile, whatever is taken out or put in,
 * by other walks too: it is between two places of its own in that list. They
 * are links of elements like the others, which everybody who looks at the list
 * knows to be none.
 */
#ifndef TENON_BASE_WALK_H
#define TENON_BASE_WALK_H

#include "base/base.h"

/* What is appended from now on is not walked by. */
void tenon_p_walk_begin(tenon_p_list *list, tenon_p_list *at,
                        tenon_p_list *end);
/* The next one, maybe a place of another walk; NULL: there is none. */
tenon_p_list *tenon_p_walk_next(tenon_p_list *at, const tenon_p_list *end);
void tenon_p_walk_end(tenon_p_list *at, tenon_p_list *end);

#endif
