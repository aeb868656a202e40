#include "source/failure.h"

#include <stdlib.h>
#include <tenon/error.h>

#include "base/text.h"

void tenon_p_failure_release(tenon_p_build_failure *f)
{
  free(f->message);
  free(f->file);
  *f = (tenon_p_build_failure)TENON_P_FAILURE_INIT;
}

int tenon_p_fail_source(tenon_p_build_failure *f, tenon_p_failure_code code,
                        const char *format, ...)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  va_list ap;

  va_start(ap, format);
  tenon_p_text_vprintf(&t, format, ap);
  va_end(ap);
  tenon_p_failure_release(f);
  f->code = code;
  f->message = tenon_p_text_take(&t);
  if (!f->message) f->code = TENON_P_FAILURE_MEMORY;
  return -1;
}

int tenon_p_fail_source_memory(tenon_p_build_failure *f)
{
  tenon_p_failure_release(f);
  f->code = TENON_P_FAILURE_MEMORY;
  return -1;
}

int tenon_p_fail_source_system(tenon_p_build_failure *f, const char *what,
                               int error)
{
  return tenon_p_fail_source(f, TENON_P_FAILURE_SYSTEM, "%s: %s", what,
                             tenon_strerror(error));
}

const char *tenon_p_failure_text(const tenon_p_build_failure *f)
{
  static const char *const texts[] = {
      "no failure",
      "out of memory",
      "it was cancelled",
      "it took longer than it may",
      "what the import says cannot be used",
      "a program is missing",
      "the compiler failed",
      "the linker failed",
      "the debug information cannot be read",
      "it cannot be bound",
      "the system failed",
  };

  if (f->message) return f->message;
  return (size_t)f->code < tenon_p_countof(texts) ? texts[f->code] : "failed";
}
