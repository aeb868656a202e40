/* Codes by name and text: Tenon's, libuv's, and what POSIX has beside them. */
#include <tenon/error.h>

#include <errno.h>
#include <uv.h>

#include "base/base.h"

static const struct {
  int code;
  const char *name, *text;
} errors[] = {
#define TENON_P_ERROR(number, name, text) {number, #name, text},
    TENON_ERROR_MAP(TENON_P_ERROR)
#undef TENON_P_ERROR
#define OF_POSIX(name, text) \
  {                          \
    -(name), #name, text     \
  }
        OF_POSIX(EBADMSG, "bad message"),
    OF_POSIX(ECHILD, "no child processes"),
    OF_POSIX(EDEADLK, "resource deadlock avoided"),
    OF_POSIX(EDOM, "numerical argument out of domain"),
    OF_POSIX(EDQUOT, "disk quota exceeded"),
    OF_POSIX(EIDRM, "identifier removed"),
    OF_POSIX(EINPROGRESS, "operation now in progress"),
    OF_POSIX(EMULTIHOP, "multihop attempted"),
    OF_POSIX(ENOEXEC, "exec format error"),
    OF_POSIX(ENOLCK, "no locks available"),
    OF_POSIX(ENOLINK, "link has been severed"),
    OF_POSIX(ENOMSG, "no message of desired type"),
    OF_POSIX(ENOTRECOVERABLE, "state not recoverable"),
    OF_POSIX(EOWNERDEAD, "owner died"),
    OF_POSIX(ESTALE, "stale file handle"),
#undef OF_POSIX
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
