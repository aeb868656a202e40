/*
 * A C program with JavaScript in it: a limit on memory, one exported C
 * function, and a module that comes from memory and not from a file.
 */
#include <stdio.h>
#include <string.h>
#include <tenon.h>

TENON_FUNCTION(f64, mean, (f64, a), (f64, b))
{
  return (a + b) / 2;
}

static const char program[] =
    "import { mean } from 'host';\n"
    "console.log('mean of 1 and 4:', mean(1, 4));\n"
    "await new Promise((done) => setTimeout(done, 1));\n"
    "process.exitCode = 3;\n"
    "mean('one', 4);\n";

/* Prints what went wrong; the exit code of this program. */
static int report(tenon_runtime *rt, int r)
{
  switch (r) {
  case 0:
  case TENON_EEXIT: /* process.exit() was called */
    return tenon_runtime_exit_code(rt);
  case TENON_EEXCEPTION:
    printf("Uncaught %s\n", tenon_runtime_exception(rt));
    return tenon_runtime_exit_code(rt);
  default:
    fprintf(stderr, "%s: %s\n", tenon_error_name(r), tenon_strerror(r));
    return 1;
  }
}

int main(void)
{
  tenon_options options = {
      .size = sizeof options,
      .memory_limit_bytes = 16 << 20,
  };
  tenon_runtime *rt = NULL;
  int r;

  printf("tenon %s\n", tenon_version_string());
  fflush(stdout); /* console.log does not write through stdio */
  r = tenon_runtime_new(&options, &rt);
  if (r == 0) r = tenon_runtime_add_module(rt, "host", tenon_module_v1);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, strlen(program), "program.js");
  if (r == 0) r = tenon_runtime_run(rt);
  r = report(rt, r);
  tenon_runtime_free(rt);
  return r;
}
