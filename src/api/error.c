#include <tenon/error.h>

#include <uv.h>

#include "base/base.h"

static const struct {
  int code;
  const char *name, *text;
} errors[] = {
#define TENON_P_ERROR(number, name, text) {number, #name, text},
    TENON_ERROR_MAP(TENON_P_ERROR)
#undef TENON_P_ERROR
};

/* libuv allocates a text for a code that it does not know: it is not asked. */
static bool is_of_libuv(int code)
{
  switch (code) {
#define CASE(name, text) case UV_##name:
    UV_ERRNO_MAP(CASE)
#undef CASE
    return true;
  default: return false;
  }
}

const char *tenon_strerror(int code)
{
  size_t i;

  if (code == 0) return "success";
  for (i = 0; i < tenon_p_countof(errors); i++)
    if (errors[i].code == code) return errors[i].text;
  return is_of_libuv(code) ? uv_strerror(code) : "unknown error";
}

const char *tenon_error_name(int code)
{
  size_t i;

  if (code == 0) return "OK";
  for (i = 0; i < tenon_p_countof(errors); i++)
    if (errors[i].code == code) return errors[i].name;
  return is_of_libuv(code) ? uv_err_name(code) : "UNKNOWN";
}
