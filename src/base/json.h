/* Writing JSON. */
#ifndef TENON_BASE_JSON_H
#define TENON_BASE_JSON_H

#include "base/text.h"

/* Append UTF-8 as a string, in quotes. */
void tenon_p_json_string(tenon_p_text *out, const char *s, size_t len);

/* Append what stands in front of a member's value: a comma, unless `out` ends
 * with a brace, the name and a colon. */
void tenon_p_json_key(tenon_p_text *out, const char *name);

/* A member that is a string, or an integer. */
void tenon_p_json_member(tenon_p_text *out, const char *name, const char *s,
                         size_t len);
void tenon_p_json_number(tenon_p_text *out, const char *name, int64_t n);

#endif
