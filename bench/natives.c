/* The functions of the benchmark, as a C author describes them. */
#include <tenon/export.h>

TENON_FUNCTION(none, noop)
{}

TENON_FUNCTION(f64, add, (f64, a), (f64, b))
{
  return a + b;
}

TENON_FUNCTION(i64, fib1, (i64, n))
{
  return n <= 1 ? n == 1 : n + fib1(n - 1);
}

TENON_FUNCTION(i64, text_length, (str, s))
{
  return (int64_t)s.len;
}

TENON_FUNCTION(i64, bytes_length, (bytes, b))
{
  return (int64_t)b.len;
}
