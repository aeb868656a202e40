/*
 * tenon — run a JavaScript program: a file, standard input, or code that is
 * given with the command.
 *
 * A host like any other: it includes nothing but the public headers.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>
#include <unistd.h>

enum { EXIT_ERROR = 1, EXIT_USAGE = 2, EXIT_UNSETTLED = 13 };

static const char usage[] =
    "usage: tenon FILE [ARGS]\n"
    "       tenon - [ARGS]\n"
    "       tenon eval CODE [ARGS]\n"
    "       tenon --help | --version\n"
    "\n"
    "Run a JavaScript program, an ES module or a script: FILE, what comes from\n"
    "standard input (-), or CODE. What follows is the program's, in "
    "process.argv.\n";

/* What is run, and how it is called in messages. */
typedef struct program {
  const char *name, *file; /* file: NULL for source */
  char *source;            /* free(3) when it came from standard input */
  size_t len;
} program;

/* --- Signals ------------------------------------------------------------------- */

static tenon_runtime *volatile running;
static volatile sig_atomic_t interrupted;

/* The first one ends the program in good order; the second one ends it. */
static void on_interrupt(int number)
{
  if (interrupted || !running) {
    signal(number, SIG_DFL);
    raise(number);
    return;
  }
  interrupted = number;
  tenon_runtime_terminate(running);
}

static void watch_interrupt(void)
{
  struct sigaction action = {.sa_handler = on_interrupt}, before;

  /* Whoever started the command with it ignored wants it so. */
  if (sigaction(SIGINT, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
    sigaction(SIGINT, &action, NULL);
}

/* As if the signal had not been caught: the shell sees what ended us. */
static void die_of_interrupt(void)
{
  sigset_t set;

  signal(interrupted, SIG_DFL);
  raise(interrupted);
  sigemptyset(&set);
  sigaddset(&set, interrupted);
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* --- Running --------------------------------------------------------------------- */

static int report(const program *p, int r)
{
  fprintf(stderr, "tenon: %s: %s\n", p->name, tenon_strerror(r));
  return r == TENON_EUNSETTLED ? EXIT_UNSETTLED : EXIT_ERROR;
}

static int run(tenon_runtime *rt, const program *p)
{
  const char *text;
  int r;

  if (p->file) {
    r = tenon_runtime_run_file(rt, p->file);
  } else {
    r = tenon_runtime_eval(rt, p->source, p->len, p->name);
    if (r == TENON_EEXCEPTION) r = tenon_runtime_report(rt);
    if (r == 0) r = tenon_runtime_run(rt);
  }
  if (r == 0 || r == TENON_EEXIT) return tenon_runtime_exit_code(rt);
  if (r != TENON_EEXCEPTION) return interrupted ? EXIT_ERROR : report(p, r);
  text = tenon_runtime_exception(rt);
  fprintf(stderr, "Uncaught %s\n", text ? text : "error");
  return EXIT_ERROR;
}

/* process.argv is the command's path, `second` unless NULL, and the rest. */
static int run_with(const program *p, const char *second, int rest_count,
                    char **rest)
{
  const char **args = calloc((size_t)rest_count + 2, sizeof *args);
  char *self = realpath("/proc/self/exe", NULL);
  tenon_options options = {.size = sizeof options};
  tenon_runtime *rt = NULL;
  int i, r = TENON_ENOMEM, code = EXIT_ERROR;

  if (args) {
    args[options.arg_count++] = self ? self : "tenon";
    if (second) args[options.arg_count++] = second;
    for (i = 0; i < rest_count; i++)
      args[options.arg_count++] = rest[i];
    options.args = args;
    r = tenon_runtime_new(&options, &rt);
  }
  if (r == 0) {
    running = rt;
    watch_interrupt();
    code = run(rt, p);
    running = NULL;
    tenon_runtime_free(rt);
    if (interrupted) die_of_interrupt();
  } else {
    report(p, r);
  }
  free(self);
  free(args);
  return code;
}

static int run_file(int argc, char **argv)
{
  program p = {.name = argv[0], .file = argv[0]};
  char *path = realpath(argv[0], NULL);
  int code = run_with(&p, path ? path : argv[0], argc - 1, argv + 1);

  free(path);
  return code;
}

static int run_code(int argc, char **argv)
{
  program p = {.name = "[eval]"};

  if (argc < 1) {
    fputs("tenon: eval: expected CODE\n", stderr);
    return EXIT_USAGE;
  }
  p.source = argv[0];
  p.len = strlen(argv[0]);
  return run_with(&p, NULL, argc - 1, argv + 1);
}

/* All of standard input: 0, or -1 with errno set. */
static int read_input(program *p)
{
  size_t capacity = 0;
  ssize_t n;

  for (;;) {
    if (p->len == capacity) {
      char *more = realloc(p->source, capacity = capacity * 2 + 65536);
      if (!more) return -1;
      p->source = more;
    }
    n = read(0, p->source + p->len, capacity - p->len);
    if (n == 0) return 0;
    if (n > 0) p->len += (size_t)n;
    if (n < 0 && errno != EINTR) return -1;
  }
}

static int run_input(int argc, char **argv)
{
  program p = {.name = "[stdin]"};
  int code = EXIT_ERROR;

  if (read_input(&p))
    fprintf(stderr, "tenon: %s: %s\n", p.name, strerror(errno));
  else
    code = run_with(&p, "-", argc - 1, argv + 1);
  free(p.source);
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
  const char *first = argc > 1 ? argv[1] : NULL;

  fill_standard_files();
  if (first && strcmp(first, "--help") == 0) {
    fputs(usage, stdout);
    return 0;
  }
  if (first && strcmp(first, "--version") == 0) {
    printf("tenon %s (QuickJS-ng %s)\n", tenon_version_string(),
           tenon_engine_version());
    return 0;
  }
  if (first && strcmp(first, "-") == 0) return run_input(argc - 1, argv + 1);
  if (first && strcmp(first, "eval") == 0) return run_code(argc - 2, argv + 2);
  if (first && first[0] != '-' && first[0]) return run_file(argc - 1, argv + 1);
  if (first) fprintf(stderr, "tenon: unknown option '%s'\n", first);
  fputs(usage, stderr);
  return EXIT_USAGE;
}
