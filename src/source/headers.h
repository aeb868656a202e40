/* The public headers that native source includes, which travel in the library. */
#ifndef TENON_SOURCE_HEADERS_H
#define TENON_SOURCE_HEADERS_H

#include "source/folder.h"

typedef struct tenon_p_header {
  const char *name; /* "tenon/export.h" */
  const unsigned char *bytes;
  size_t size;
} tenon_p_header;

extern const tenon_p_header tenon_p_headers[];
extern const size_t tenon_p_header_count;
/* Of the headers; of these and all that makes code of a table. */
extern const char tenon_p_headers_hash[], tenon_p_generator_hash[];

typedef struct tenon_p_include {
  char *path; /* for the compiler */
  int lock;   /* so that nobody removes it; -1: none */
} tenon_p_include;

/*
 * The folder with them: that of the cache, which is made when it is not there or
 * not whole, or where that cannot be one in `work`. 0 or a negative errno.
 * `cache` NULL: none.
 */
int tenon_p_include_open(const tenon_p_folder *cache,
                         const tenon_p_folder *work, tenon_p_include *out);
void tenon_p_include_close(tenon_p_include *i);

#endif
