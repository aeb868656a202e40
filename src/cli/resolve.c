/* The steps and what they come to are the command's output; an error is told as
 * one of a program's. */
#include "cli/resolve.h"

#include <stdio.h>
#include <string.h>
#include <tenon.h>

#include "cli/program.h"

static void print(void *data, const char *text, size_t len)
{
  (void)data;
  fputs("  ", stdout);
  fwrite(text, 1, len, stdout);
  putchar('\n');
}

static int resolve(tenon_runtime *rt, const options *o)
{
  tenon_resolution q = {.size = sizeof q,
                        .specifier = o->argument,
                        .from = o->from,
                        .is_require = o->requires,
                        .step = print};
  const char *meaning;
  int r = program_prepare(rt, o);

  if (r) return r;
  r = tenon_runtime_resolve(rt, &q, &meaning);
  if (r == 0) puts(meaning);
  fflush(stdout);
  return r ? program_tell(rt, o, r) : 0;
}

int resolve_run(const options *o)
{
  tenon_runtime *rt;
  int r = tenon_runtime_new(NULL, &rt), code;

  if (r) {
    program_say(o, "failure", o->argument, tenon_strerror(r));
    return EXIT_ERROR;
  }
  code = resolve(rt, o);
  tenon_runtime_free(rt);
  return code;
}
