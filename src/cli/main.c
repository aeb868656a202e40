/*
 * tenon FILE [ARGS] — run a JavaScript program.
 *
 * A host like any other: it includes nothing but the public headers.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>
#include <unistd.h>

enum { EXIT_ERROR = 1, EXIT_USAGE = 2, EXIT_UNSETTLED = 13 };

static const char usage[] =
    "usage: tenon FILE [ARGS]\n"
    "\n"
    "Run a JavaScript program: FILE is an ES module or a script.\n"
    "\n"
    "  --help     this text\n"
    "  --version  versions of tenon and its engine\n";

static int run(tenon_runtime *rt, const char *file)
{
  const char *text;
  int r = tenon_runtime_run_file(rt, file);

  switch (r) {
  case 0:
  case TENON_EEXIT: return tenon_runtime_exit_code(rt);
  case TENON_EEXCEPTION:
    text = tenon_runtime_exception(rt);
    fprintf(stderr, "Uncaught %s\n", text ? text : "error");
    return EXIT_ERROR;
  case TENON_EUNSETTLED:
    fprintf(stderr, "tenon: %s: %s\n", file, tenon_strerror(r));
    return EXIT_UNSETTLED;
  default:
    fprintf(stderr, "tenon: %s: %s\n", file, tenon_strerror(r));
    return EXIT_ERROR;
  }
}

/* process.argv is the command, the file's absolute path, and the rest. */
static int run_with_arguments(int argc, char **argv)
{
  const char **args = calloc((size_t)argc, sizeof *args);
  char *path = realpath(argv[1], NULL),
       *self = realpath("/proc/self/exe", NULL);
  tenon_options options = {.size = sizeof options};
  tenon_runtime *rt;
  int i, r, code = EXIT_ERROR;

  if (!args) {
    fprintf(stderr, "tenon: %s\n", tenon_strerror(TENON_ENOMEM));
  } else {
    args[0] = self ? self : argv[0];
    args[1] = path ? path : argv[1];
    for (i = 2; i < argc; i++)
      args[i] = argv[i];
    options.args = args;
    options.arg_count = (size_t)argc;
    r = tenon_runtime_new(&options, &rt);
    if (r == 0)
      code = run(rt, argv[1]);
    else
      fprintf(stderr, "tenon: %s\n", tenon_strerror(r));
    tenon_runtime_free(rt);
  }
  free(path);
  free(self);
  free(args);
  return code;
}

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

int main(int argc, char **argv)
{
  fill_standard_files();
  if (argc >= 2 && strcmp(argv[1], "--help") == 0) {
    fputs(usage, stdout);
    return 0;
  }
  if (argc >= 2 && strcmp(argv[1], "--version") == 0) {
    printf("tenon %s (QuickJS-ng %s)\n", tenon_version_string(),
           tenon_engine_version());
    return 0;
  }
  if (argc < 2 || argv[1][0] == '-') {
    if (argc >= 2) fprintf(stderr, "tenon: unknown option %s\n", argv[1]);
    fputs(usage, stderr);
    return EXIT_USAGE;
  }
  return run_with_arguments(argc, argv);
}
