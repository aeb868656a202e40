/* A module that calls what nobody has, or what a library has that is gone. */
#include <tenon/export.h>

extern int WANTED(void);

TENON_FUNCTION(i32, caller)
{
  return WANTED();
}
