/*
 * What a file beside a library declares of functions whose debug information is
 * not there, in the words of descriptors:
 *
 *     f64 cos(f64 x)
 *     u64 crc32(u64 crc, const u8 *data, u32 len)
 *     struct point { f64 x; f64 y; }
 *     enum color { RED, GREEN = 5, BLUE }
 *     image *image_open(cstr path)          a name that nobody declared is a struct
 *     void image_close(image *it)           that is only pointed at
 *
 * It becomes lines of the table that the reader prints, so that all rules are the
 * same.
 */
#ifndef TENON_SOURCE_DECLARE_H
#define TENON_SOURCE_DECLARE_H

#include "base/text.h"
#include "source/notes.h"

/* Appends lines whose ids are `first` and above. 0, or -1 with `*problem`
 * ("FILE:LINE: …"), which is NULL for want of memory. */
int tenon_p_declare_native(tenon_p_store *s, const tenon_p_notes *n,
                           size_t first, tenon_p_text *out,
                           const char **problem);

#endif
