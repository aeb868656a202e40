/* A second module of the same executable, with names that the first has too. */
#define TENON_MODULE second
#include <tenon/export.h>

TENON_MODULE_THREADS(any);

TENON_FUNCTION_AS("c11_none", str, second_none)
{
  return tenon_str_of("of the second module");
}

TENON_FUNCTION(i32, second_fail)
{
  return tenon_fail(TENON_ERROR, "second");
}

TENON_DEFAULT(second_fail)
