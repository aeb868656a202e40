/* A table with all that a realm may be given, and with a constant that may fail. */
#include <stdlib.h>
#include <tenon/export.h>

static int loads;

__attribute__((constructor)) static void count(void)
{
  loads++;
}

TENON_FUNCTION(i32, loaded)
{
  return loads;
}

/* Of a table there is one in a process. */
static int calls;

TENON_FUNCTION(i32, called)
{
  return __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
}

typedef struct counter {
  int32_t n;
} counter;

TENON_CLASS(counter)

TENON_CONSTRUCTOR(counter, (i32, start))
{
  self->n = start;
}

TENON_METHOD(i32, counter, next)
{
  return ++self->n;
}

TENON_FUNCTION(i32, value_of, (counter, c))
{
  return c->n;
}

static int32_t checked(void)
{
  if (getenv("TENON_TEST_FAILS"))
    return tenon_fail(TENON_RANGE_ERROR, "the device is not there");
  return 1;
}

TENON_CONSTANT(i32, checked, checked())
