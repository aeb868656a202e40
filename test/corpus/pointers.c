/* Pointers to numbers: typed arrays of exactly that number, whose length C is told
 * by a parameter of its own. */
#include <stdint.h>

#define SUM(name, type, result)               \
  result sum_##name(const type *p, int count) \
  {                                           \
    result sum = 0;                           \
    int i;                                    \
    for (i = 0; i < count; i++)               \
      sum += p[i];                            \
    return sum;                               \
  }

SUM(i8, int8_t, int)
SUM(u8, uint8_t, int)
SUM(i16, int16_t, int)
SUM(u16, uint16_t, int)
SUM(i32, int32_t, int64_t)
SUM(u32, uint32_t, uint64_t)
SUM(i64, int64_t, int64_t)
SUM(u64, uint64_t, uint64_t)
SUM(long, long, long)
SUM(f32, float, float)
SUM(f64, double, double)

#define TWICE(name, type)               \
  void twice_##name(type *p, int count) \
  {                                     \
    int i;                              \
    for (i = 0; i < count; i++)         \
      p[i] = (type)(p[i] * 2);          \
  }

TWICE(i8, int8_t)
TWICE(u16, uint16_t)
TWICE(i32, int)
TWICE(u64, unsigned long long)
TWICE(f32, float)
TWICE(f64, double)

double dot_product(const double *a, const double *b, int n)
{
  double sum = 0;

  while (n-- > 0)
    sum += a[n] * b[n];
  return sum;
}

void copy_i32(int *to, const int *from, int count)
{
  while (count-- > 0)
    to[count] = from[count];
}

// @js first_or(opt p)
int first_or(const int *p, int otherwise)
{
  return p ? p[0] : otherwise;
}

int of_array(const int a[4])
{
  return a[0] + a[3];
}

double of_matrix_row(const volatile double *restrict row)
{
  return row[0] * row[1];
}
