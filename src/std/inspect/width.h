/* The columns that a text takes on a terminal. */
#ifndef TENON_STD_INSPECT_WIDTH_H
#define TENON_STD_INSPECT_WIDTH_H

#include "base/base.h"

/* `s` is UTF-8. What sets colours takes none, when `has_color`. */
size_t tenon_p_width(const char *s, size_t len, bool has_color);

#endif
