/* What bench/loop.mjs calls on the thread pool. */
#include <tenon/export.h>

TENON_MODULE_THREADS(any);

TENON_BLOCKING(i32, increment, (i32, n))
{
  return n + 1;
}
