/* Native functions as globals: what comes in and goes out is checked. */
#include <stdio.h>
#define TENON_MODULE values
#include <tenon/export.h>

TENON_FUNCTION(none, print, (str, text))
{
  fwrite(text.data, 1, text.len, stdout);
  putchar('\n');
  fflush(stdout);
}

TENON_STRUCT(person, (str, name), (i32, age), (bool, is_member))

TENON_FUNCTION(person, birthday, (person, who))
{
  if (who.age == INT32_MAX)
    return tenon_fail(TENON_RANGE_ERROR, "birthday: nobody is that old");
  who.age++;
  return who;
}
