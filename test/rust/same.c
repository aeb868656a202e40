/* The functions of same.rs, in C: scripts must not see a difference. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <tenon/export.h>

TENON_STRUCT(point, (f64, x), (f64, y), (f64, z, 42))
TENON_ENUM(color, red, green)
TENON_ARRAY(row, i32)
TENON_STRUCT(shape, (point, at), (color, hue, color_green),
             (nullable(str), name), (array(row), rows), (opt(u8), size))

TENON_FUNCTION(none, none)
{}

TENON_FUNCTION(str, plain, (bool, b), (i8, i), (u32, u), (i64, n), (f64, f),
               (big_i64, big), (str, s), (bytes, data))
{
  enum { SIZE = 200 };
  char *p = tenon_alloc(SIZE);

  if (!p) return tenon_fail(TENON_ERROR, "out of memory");
  snprintf(p, SIZE, "%d %d %" PRIu32 " %" PRId64 " %d %" PRId64 " %zu %zu", b,
           i, u, n, f == 4.5, big, s.len, data.len);
  return tenon_str_of(p);
}

TENON_FUNCTION(i64, wide, (i64, n))
{
  return (int64_t)((uint64_t)n * 4);
}

TENON_FUNCTION(i32, given, (opt(i32), n), (nullable(str), s), (i32, d, 7))
{
  return (n ? *n : -1) + (s ? (int32_t)s->len : -1) + d;
}

TENON_FUNCTION(shape, shape_back, (shape, s), (color, hue, color_red))
{
  s.hue = hue;
  return s;
}

TENON_FUNCTION(i32, fails, (str, s))
{
  return tenon_fail(TENON_RANGE_ERROR, "fails: %zu%%", s.len);
}

TENON_BLOCKING(i32, slow, (i32, n))
{
  return n + 1;
}

TENON_ASYNC(i32, later, (i32, n))
{
  if (n < 0)
    tenon_deferred_reject(deferred, TENON_TYPE_ERROR, "%d", n);
  else
    TENON_RESOLVE(later, deferred, n);
}
