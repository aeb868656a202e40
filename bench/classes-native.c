/* The class as a C author describes it. */
#include <tenon/export.h>

typedef struct pair {
  double x, y;
} pair;

TENON_CLASS_AS("Pair", pair)
TENON_CONSTRUCTOR(pair, (f64, x), (f64, y))
{
  self->x = x;
  self->y = y;
}
TENON_METHOD(f64, pair, add, (f64, n))
{
  return self->x += n;
}
TENON_MEMBERS(pair, (f64, x), (f64, y))
TENON_GET(f64, pair, size)
{
  return self->x;
}
TENON_SET(pair, size, (f64, value))
{
  self->x = value;
}
TENON_DISPOSABLE_AS("close", pair)
TENON_ITERATOR(f64, pair, int)
{
  if (*cursor >= self->y) return false;
  *value = self->x + (*cursor)++;
  return true;
}
