#include "cli/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon.h>
#include <tenon/loader.h>
#include <unistd.h>

#include "cli/signals.h"

/* --- Telling ------------------------------------------------------------------- */

static bool is_set(const char *variable)
{
  const char *value = getenv(variable);

  return value && *value;
}

/* Colours on standard error? As https://no-color.org and node have it. */
static bool has_color(int file)
{
  const char *term = getenv("TERM"), *force = getenv("FORCE_COLOR");

  if (force && *force)
    return strcmp(force, "0") != 0 && strcmp(force, "false") != 0;
  if (is_set("NO_COLOR")) return false;
  return isatty(file) && term && *term && strcmp(term, "dumb") != 0;
}

/* How many bytes the UTF-8 sequence at `p` has; 0: it is none. */
static int sequence_length(const unsigned char *p)
{
  int n = *p < 0x80 ? 1 : *p < 0xc2 ? 0 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
  int i;

  if (*p > 0xf4) return 0;
  for (i = 1; i < n; i++)
    if ((p[i] & 0xc0) != 0x80) return 0;
  if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
      (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
    return 0;
  return n;
}

/* Names of files and arguments may hold any bytes; JSON holds UTF-8. */
static void put_json(const char *s, FILE *to)
{
  const unsigned char *p = (const unsigned char *)s;
  int n;

  putc('"', to);
  for (; *p; p += n ? n : 1) {
    n = sequence_length(p);
    if (!n)
      fputs("\\ufffd", to);
    else if (*p == '"' || *p == '\\')
      fprintf(to, "\\%c", *p);
    else if (*p < 0x20)
      fprintf(to, "\\u%04x", *p);
    else
      fwrite(p, 1, (size_t)n, to);
  }
  putc('"', to);
}

void program_say(const options *o, const char *kind, const char *name,
                 const char *text)
{
  if (o->has_json_errors) {
    fprintf(stderr, "{\"kind\":\"%s\",\"message\":", kind);
    put_json(text, stderr);
    if (name) {
      fputs(",\"program\":", stderr);
      put_json(name, stderr);
    }
    fputs("}\n", stderr);
  } else {
    fprintf(stderr, "tenon: %s%s%s\n", name ? name : "", name ? ": " : "",
            text);
  }
}

/* --- Running ------------------------------------------------------------------- */

typedef struct program {
  const options *options;
  const char *name, *file; /* file: NULL for source */
  const char *source;
  size_t len;
} program;

/* How the program is called in messages. */
static const char *name_of(const options *o)
{
  return o->command == COMMAND_CODE    ? "[eval]"
         : o->command == COMMAND_INPUT ? "[stdin]"
                                       : o->argument;
}

/* What the library says of a result; the exit code. */
static int tell(tenon_runtime *rt, const program *p, int r)
{
  tenon_form form = p->options->has_json_errors ? TENON_FORM_JSON
                    : has_color(2)              ? TENON_FORM_COLOR
                                                : TENON_FORM_TEXT;
  const char *text = tenon_runtime_explain(rt, r, form);

  /* What an error says of itself may never end. */
  if (r == TENON_EEXCEPTION && tenon_runtime_limit(rt) != TENON_LIMIT_NONE)
    text = tenon_runtime_explain(rt, r = TENON_ETERMINATED, form);
  if (!text) text = tenon_strerror(r);
  if (r == TENON_EEXCEPTION || form == TENON_FORM_JSON)
    fprintf(stderr, "%s\n", text);
  else
    fprintf(stderr, "tenon: %s: %s\n", p->name, text);
  return r == TENON_EUNSETTLED ? EXIT_UNSETTLED : EXIT_ERROR;
}

static void print(void *data, const char *text, size_t len)
{
  (void)data;
  fwrite(text, 1, len, stdout);
  putchar('\n');
  fflush(stdout);
}

static int evaluate(tenon_runtime *rt, const program *p)
{
  if (p->options->prints)
    return tenon_runtime_eval_shown(
        rt, p->source, p->len, p->name,
        has_color(1) ? TENON_FORM_COLOR : TENON_FORM_TEXT, print, NULL);
  return tenon_runtime_eval(rt, p->source, p->len, p->name);
}

/* What keeps a program going that something has ended. */
static void tell_open(tenon_runtime *rt, const program *p)
{
  bool is_json = p->options->has_json_errors;
  const char *text;

  if (!p->options->traces_open || !tenon_runtime_open_count(rt)) return;
  text = tenon_runtime_open(rt, is_json ? TENON_FORM_JSON : TENON_FORM_TEXT);
  if (!text) return;
  if (is_json)
    fprintf(stderr,
            "{\"kind\":\"open\",\"message\":\"still open\",\"open\":%s}\n",
            text);
  else
    fprintf(stderr, "tenon: %s: still open: %s\n", p->name, text);
}

/* C that still runs is not waited for by a program that was ended: exit would,
 * for libuv's threads. */
static void close_runtime(tenon_runtime *rt, int code)
{
  tenon_close_options o = {.size = sizeof o};
  size_t count = 0;

  o.abandons =
      signals_was_interrupted() || tenon_runtime_limit(rt) != TENON_LIMIT_NONE;
  if (tenon_runtime_close(rt, &o, &count)) return;
  if (count && !signals_was_interrupted()) {
    fflush(stdout);
    _exit(code);
  }
}

static int run(tenon_runtime *rt, const program *p)
{
  int r, code;

  if (p->file) {
    r = tenon_runtime_run_file(rt, p->file);
  } else {
    r = tenon_runtime_add_require(rt, p->name);
    if (r == 0) r = evaluate(rt, p);
    if (r == TENON_EEXCEPTION) r = tenon_runtime_report(rt);
    if (r == 0) r = tenon_runtime_run(rt);
  }
  if (r == 0 || r == TENON_EEXIT) return tenon_runtime_exit_code(rt);
  if (r == TENON_ETERMINATED && signals_was_interrupted()) {
    tell_open(rt, p);
    return EXIT_ERROR;
  }
  code = tell(rt, p, r);
  if (r == TENON_ETERMINATED) tell_open(rt, p);
  return code;
}

/* What the options say of imports; what is wrong with it is told. */
static int set_rules(tenon_runtime *rt, const options *o)
{
  const char *one[] = {NULL, NULL};
  tenon_import_rules rules = {.size = sizeof rules,
                              .roots = o->import_roots,
                              .allowed = o->allowed_imports,
                              .no_native = o->has_no_native,
                              .no_packages = o->has_no_packages};
  size_t i;
  int r;

  if (!rules.roots && !rules.allowed && !rules.no_native && !rules.no_packages)
    return 0;
  r = tenon_runtime_set_import_rules(rt, &rules);
  /* Which folder it is that is none. */
  for (i = 0; r && rules.roots && o->import_roots[i]; i++) {
    one[0] = o->import_roots[i];
    rules.roots = one;
    if (tenon_runtime_set_import_rules(rt, &rules) == r) break;
  }
  if (r)
    program_say(o, "failure", one[0] ? one[0] : name_of(o), tenon_strerror(r));
  return r;
}

/* All that an open file holds, free(3); NULL with errno set. */
static char *read_all(int file, size_t *len)
{
  size_t capacity = 0;
  char *all = NULL, *more;
  ssize_t n;

  *len = 0;
  for (;;) {
    if (*len == capacity) {
      more = realloc(all, capacity = capacity * 2 + 65536);
      if (!more) break;
      all = more;
    }
    n = read(file, all + *len, capacity - *len);
    if (n == 0) return all;
    if (n > 0) *len += (size_t)n;
    if (n < 0 && errno != EINTR) break;
  }
  free(all);
  return NULL;
}

/* The import map of the options, of which what is wrong is told. */
static int set_map(tenon_runtime *rt, const options *o)
{
  const char *path = o->import_map;
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1, r;
  char *real, *json = NULL;
  size_t len;

  if (!path) return 0;
  if (file >= 0) {
    json = read_all(file, &len);
    r = errno;
    close(file);
    errno = r;
  }
  if (!json) {
    program_say(o, "failure", path, tenon_strerror(-errno));
    return EXIT_ERROR;
  }
  real = realpath(path, NULL);
  r = tenon_runtime_set_import_map(rt, json, len, real ? real : path);
  free(real);
  free(json);
  return r ? program_tell(rt, o, r) : 0;
}

/* Of threads that compile; each line is one write. */
static void tell_build(void *data, tenon_build_event event, const char *text)
{
  if (event != TENON_BUILD_PROGRESS)
    program_say(data, event == TENON_BUILD_WARNING ? "warning" : "note", NULL,
                text);
  else if (isatty(2))
    program_say(data, "progress", NULL, text);
}

int program_prepare(tenon_runtime *rt, const options *o)
{
  int r = tenon_runtime_on_build(rt, tell_build, (void *)o);

  if (r) {
    program_say(o, "failure", NULL, tenon_strerror(r));
    return EXIT_ERROR;
  }
  return set_rules(rt, o) ? EXIT_ERROR : set_map(rt, o);
}

int program_tell(tenon_runtime *rt, const options *o, int r)
{
  program p = {.options = o, .name = name_of(o)};

  return tell(rt, &p, r);
}

/* process.argv is the command's path, `second` unless NULL, and the rest. */
static int run_with(const program *p, const char *second)
{
  const options *o = p->options;
  const char **args = calloc((size_t)o->rest_count + 2, sizeof *args);
  char *self = realpath("/proc/self/exe", NULL);
  tenon_options settings = {.size = sizeof settings,
                            .memory_limit_bytes = o->memory_limit_bytes,
                            .ends_at_memory_limit = true};
  tenon_runtime *rt = NULL;
  int i, r = TENON_ENOMEM, code = EXIT_ERROR;

  if (args) {
    args[settings.arg_count++] = self ? self : "tenon";
    if (second) args[settings.arg_count++] = second;
    for (i = 0; i < o->rest_count; i++)
      args[settings.arg_count++] = o->rest[i];
    settings.args = args;
    r = tenon_runtime_new(&settings, &rt);
  }
  if (r == 0) {
    signals_watch(rt);
    r = tenon_runtime_set_time_limit(rt, o->time_limit_ms);
    if (r == 0)
      r = tenon_runtime_set_limit(rt, TENON_LIMIT_CPU, o->cpu_limit_ms);
    if (r == 0 && o->traces_open) r = tenon_runtime_trace_open(rt, true);
    code = r ? tell(rt, p, r) : program_prepare(rt, o);
    if (!code) code = run(rt, p);
    signals_forget();
    close_runtime(rt, code);
    if (signals_was_interrupted()) signals_die();
  } else if (r == TENON_ENOMEM && o->memory_limit_bytes) {
    program_say(o, "limit", p->name, "the memory limit is too low to start");
  } else {
    program_say(o, "failure", p->name, tenon_strerror(r));
  }
  free(self);
  free(args);
  return code;
}

/* --- Files, input and code ------------------------------------------------------- */

/* A file without its ending, which is there. */
static bool is_file_with(const char *path, const char *ending, char *out,
                         size_t size)
{
  struct stat s;
  int n = snprintf(out, size, "%s%s", path, ending);

  return n > 0 && (size_t)n < size && stat(out, &s) == 0 && S_ISREG(s.st_mode);
}

/* 0, or why the file cannot be run; the library would say it as an exception
 * of the program, which there is none of yet. */
static int check_file(const options *o)
{
  static const char *const endings[] = {".js", ".mjs", "/index.js",
                                        "/index.mjs"};
  const char *path = o->argument, *why;
  char other[4096], text[4352];
  struct stat s;
  size_t i;
  int error = 0;

  if (stat(path, &s))
    error = errno;
  else if (S_ISDIR(s.st_mode))
    error = EISDIR;
  else if (access(path, R_OK))
    error = errno;
  if (!error) return 0;
  why = error == EISDIR ? "is a directory" : tenon_strerror(-error);
  snprintf(text, sizeof text, "%s", why);
  for (i = 0; i < sizeof endings / sizeof *endings; i++) {
    if (error != ENOENT && error != EISDIR) break;
    if (!is_file_with(path, endings[i], other, sizeof other)) continue;
    snprintf(text, sizeof text, "%s; did you mean '%s'?", why, other);
    break;
  }
  program_say(o, "failure", path, text);
  return EXIT_ERROR;
}

static int run_file(const options *o)
{
  program p = {.options = o, .name = name_of(o), .file = o->argument};
  int code = check_file(o);
  char *path;

  if (code) return code;
  path = realpath(o->argument, NULL);
  code = run_with(&p, path ? path : o->argument);
  free(path);
  return code;
}

static int run_input(const options *o)
{
  program p = {.options = o, .name = name_of(o)};
  char *source = read_all(0, &p.len);
  int code = EXIT_ERROR;

  p.source = source;
  if (source)
    code = run_with(&p, "-");
  else
    program_say(o, "failure", p.name, tenon_strerror(-errno));
  free(source);
  return code;
}

static int run_code(const options *o)
{
  program p = {.options = o,
               .name = name_of(o),
               .source = o->argument,
               .len = strlen(o->argument)};

  return run_with(&p, NULL);
}

/* What is said where the library does not come to a word, as in a builtin that
 * does not end, or before it is asked. */
static void watch_time(const options *o)
{
  static char *text; /* for as long as the process lives */
  unsigned long long ms = o->time_limit_ms;
  bool is_whole = ms % 1000 == 0;
  const char *name = name_of(o);
  char limit[64];
  size_t size;

  if (!ms) return;
  snprintf(limit, sizeof limit, "time limit of %llu %s reached",
           is_whole ? ms / 1000 : ms, is_whole ? "s" : "ms");
  size = strlen(name) + sizeof limit + 128;
  text = malloc(size);
  if (text && o->has_json_errors)
    snprintf(text, size,
             "{\"kind\":\"limit\",\"message\":\"%s\",\"limit\":\"time\","
             "\"limitMs\":%llu}\n",
             limit, ms);
  else if (text)
    snprintf(text, size, "tenon: %s: %s\n", name, limit);
  signals_watch_time(ms, text ? text : "tenon: time limit reached\n",
                     EXIT_ERROR);
}

int program_run(const options *o)
{
  watch_time(o);
  switch (o->command) {
  case COMMAND_FILE: return run_file(o);
  case COMMAND_INPUT: return run_input(o);
  default: return run_code(o);
  }
}
