/*
 * Types written down in C once more, so that a compiler passes them as the
 * source's own did. What a struct cannot be written like is refused, and what is
 * written is checked by assertions of its size and offsets.
 */
#ifndef TENON_SOURCE_LAYOUT_H
#define TENON_SOURCE_LAYOUT_H

#include "base/text.h"
#include "source/table.h"

/* Could this record be written? NULL, or why not. */
const char *tenon_p_layout_problem(const tenon_p_ctype *record);

/* Is its alignment perhaps that of a member, as clang tells it of packed structs?
 * Then it is not certain where C looks for it when it is given by value. */
bool tenon_p_layout_is_doubtful(const tenon_p_ctype *type);
#define TENON_P_DOUBTFUL                                                   \
  "by value, a struct with an aligned struct in it: whether it is packed " \
  "is not told"

/* Is its memory as a script's struct may have it: each member where it comes of
 * itself, of an alignment that is not more than a pointer's? */
bool tenon_p_layout_is_plain(const tenon_p_ctype *record);

/* The name of a type in the C that is written: int32_t, r_12 of a record. Arrays
 * have none. */
const char *tenon_p_layout_name(const tenon_p_ctype *bare, char room[32]);

/* Appends the declaration of a record or a vector, and before it of those that it
 * is made of; `is_written` has a byte for each id. */
void tenon_p_layout_write(tenon_p_text *out, const tenon_p_ctype *bare,
                          char *is_written);

#endif
