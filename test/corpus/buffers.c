/* Buffers with their lengths. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

unsigned sum_bytes(const uint8_t *data, size_t len)
{
  unsigned sum = 0;

  while (len)
    sum += data[--len];
  return sum;
}

size_t size_of(const unsigned char *bytes, unsigned size)
{
  return bytes ? size : 12345;
}

int last_byte(const uint8_t *p, int n)
{
  return n ? p[n - 1] : -1;
}

// @js hash(buf(p, count))
uint32_t hash(const void *p, size_t count, uint32_t seed)
{
  const uint8_t *b = p;

  while (count--)
    seed = (seed ^ *b++) * 16777619u;
  return seed;
}

// @js fill(buf(to, count))
void fill(void *to, size_t count, int value)
{
  memset(to, value, count);
}

// @js reverse(buf(to, count))
void reverse(long count, uint8_t *to)
{
  long i;

  for (i = 0; i < count / 2; i++) {
    uint8_t b = to[i];
    to[i] = to[count - 1 - i];
    to[count - 1 - i] = b;
  }
}

// @js mean(buf(values, count))
double mean(const double *values, int count)
{
  double sum = 0;
  int i;

  for (i = 0; i < count; i++)
    sum += values[i];
  return count ? sum / count : 0;
}

// @js largest(buf(values, count))
uint16_t largest(const uint16_t *values, uint8_t count)
{
  uint16_t r = 0;

  while (count--)
    if (values[count] > r) r = values[count];
  return r;
}

// @js squares(buf(to, count))
void squares(int64_t *to, uint32_t count)
{
  while (count--)
    to[count] *= to[count];
}

// @js xor_into(buf(to, to_count), buf(from, from_count))
size_t xor_into(uint8_t *to, size_t to_count, const uint8_t *from,
                size_t from_count)
{
  size_t i = 0;

  for (; i < to_count && i < from_count; i++)
    to[i] ^= from[i];
  return i;
}

// @js absent(buf(data, len), opt data)
int absent(const uint8_t *data, size_t len)
{
  return data ? (int)len : -1;
}

/* A pair that is none: the count counts something else. */
int not_a_pair(const uint8_t *key, size_t rounds)
{
  return key[0] * (int)rounds;
}

// @js signed_bytes(buf(p, n))
int signed_bytes(const signed char *p, int n)
{
  int sum = 0;

  while (n)
    sum += p[--n];
  return sum;
}

int left_void(const void *p, size_t len)
{
  return p && len;
}
