/* The list of results under a key, as text. */
#ifndef TENON_SOURCE_MANIFEST_H
#define TENON_SOURCE_MANIFEST_H

#include "source/cache.h"

typedef struct tenon_p_result {
  int64_t when;
  tenon_p_mark object; /* its path is the name in the cache */
  tenon_p_mark *marks; /* in the manifest's */
  size_t count;
} tenon_p_result;

typedef struct tenon_p_manifest {
  char *text; /* all texts are in there */
  const char *source, *flags;
  tenon_p_result results[TENON_P_CACHE_RESULTS]; /* newest first */
  size_t count;
  tenon_p_mark *marks;
} tenon_p_manifest;

/* Takes over the text, also when it fails: 0, -EBADMSG when it is damaged or of
 * another key, -ENOMEM. */
int tenon_p_manifest_parse(char *text, size_t len, const char *key,
                           tenon_p_manifest *out);
void tenon_p_manifest_release(tenon_p_manifest *m);

/* Written in this order: begin, then for each result its object and its marks,
 * then the end. */
void tenon_p_manifest_begin(tenon_p_text *t, const char *key,
                            const char *source, const char *flags);
void tenon_p_manifest_result(tenon_p_text *t, int64_t when,
                             const tenon_p_mark *object,
                             const tenon_p_mark *marks, size_t count);
void tenon_p_manifest_end(tenon_p_text *t);

#endif
