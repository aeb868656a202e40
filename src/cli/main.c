/*
 * tenon — run a JavaScript program: a file, standard input, or code that is
 * given with the command; or tell what a native module has.
 *
 * A host like any other: it includes nothing but the public headers.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <tenon.h>

#include "cli/cache.h"
#include "cli/options.h"
#include "cli/program.h"
#include "cli/resolve.h"
#include "cli/types.h"

/* A file that is opened must not become stdin, stdout or stderr because the
 * command was started without one: libuv aborts when it closes such a file. */
static void fill_standard_files(void)
{
  int file;

  for (file = 0; file <= 2; file++)
    if (fcntl(file, F_GETFD) < 0 && errno == EBADF &&
        open("/dev/null", O_RDWR) < 0)
      return;
}

static int run(const options *o)
{
  switch (o->command) {
  case COMMAND_HELP:
    fputs(options_usage, stdout);
    fputs(options_help, stdout);
    return 0;
  case COMMAND_VERSION:
    printf("tenon %s\nQuickJS-ng %s\nlibuv %s\nbuilt with %s\n",
           tenon_version_string(), tenon_engine_version(), tenon_uv_version(),
           tenon_build());
    return 0;
  case COMMAND_MISUSE:
    if (o->problem[0]) program_say(o, "usage", NULL, o->problem);
    if (!o->has_json_errors) fputs(options_usage, stderr);
    return EXIT_USAGE;
  case COMMAND_TYPES: return types_run(o);
  case COMMAND_RESOLVE: return resolve_run(o);
  case COMMAND_CACHE: return cache_run(o);
  default: return program_run(o);
  }
}

/* Where it cannot be, a crash only tells less. */
static void report_crashes(const options *o)
{
  (void)!tenon_report_crashes(true, o->has_json_errors ? TENON_FORM_JSON
                                                       : TENON_FORM_TEXT);
}

int main(int argc, char **argv)
{
  options o;
  int code;

  fill_standard_files();
  /* Who reads no more has had enough, whatever our parent made of it. */
  signal(SIGPIPE, SIG_DFL);
  options_read(&o, argc, argv);
  if (!o.has_no_crash_report) report_crashes(&o);
  code = run(&o);
  options_release(&o);
  return code;
}
