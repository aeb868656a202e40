/* SHA-256, of bytes and of files. */
#ifndef TENON_SOURCE_HASH_H
#define TENON_SOURCE_HASH_H

#include <sha2.h>

#include "base/base.h"

enum { TENON_P_HEX = 65 }; /* of a hash, with its NUL */

typedef struct tenon_p_hash {
  SHA2_CTX state;
} tenon_p_hash;

void tenon_p_hash_init(tenon_p_hash *h);
void tenon_p_hash_add(tenon_p_hash *h, const void *bytes, size_t len);
/* A text and its end: "a", "bc" is not "ab", "c"; NULL is none. */
void tenon_p_hash_add_text(tenon_p_hash *h, const char *s);
void tenon_p_hash_end(tenon_p_hash *h, char hex[TENON_P_HEX]);

/* Of what is read from an open file's begin on, wherever it stands. 0, or a
 * negative errno. */
int tenon_p_hash_file(int fd, char hex[TENON_P_HEX]);

#endif
