/* The sum of 1 to n, one call for each step. */
#include <tenon/export.h>

TENON_FUNCTION(i64, fib, (i64, n))
{
  return n <= 1 ? n == 1 : n + fib(n - 1);
}
