#include "source/hash.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void tenon_p_hash_init(tenon_p_hash *h)
{
  SHA256Init(&h->state);
}

void tenon_p_hash_add(tenon_p_hash *h, const void *bytes, size_t len)
{
  SHA256Update(&h->state, bytes, len);
}

void tenon_p_hash_add_text(tenon_p_hash *h, const char *s)
{
  uint64_t len = s ? strlen(s) : UINT64_MAX;

  tenon_p_hash_add(h, &len, sizeof len);
  if (s) tenon_p_hash_add(h, s, (size_t)len);
}

void tenon_p_hash_end(tenon_p_hash *h, char hex[TENON_P_HEX])
{
  static const char digits[] = "0123456789abcdef";
  uint8_t bytes[SHA256_DIGEST_LENGTH];
  size_t i;

  SHA256Final(bytes, &h->state);
  for (i = 0; i < sizeof bytes; i++) {
    hex[2 * i] = digits[bytes[i] >> 4];
    hex[2 * i + 1] = digits[bytes[i] & 15];
  }
  hex[2 * sizeof bytes] = '\0';
}

int tenon_p_hash_file(int fd, char hex[TENON_P_HEX])
{
  char some[32768];
  tenon_p_hash h;
  off_t at = 0;
  ssize_t n;

  tenon_p_hash_init(&h);
  while ((n = pread(fd, some, sizeof some, at)) != 0) {
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return -errno;
    tenon_p_hash_add(&h, some, (size_t)n);
    at += n;
  }
  tenon_p_hash_end(&h, hex);
  return 0;
}
