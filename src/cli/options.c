#include "cli/options.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char options_usage[] =
    "usage: tenon [OPTIONS] FILE [ARGS]\n"
    "       tenon [OPTIONS] - [ARGS]\n"
    "       tenon [OPTIONS] eval [-p | --print] CODE [ARGS]\n"
    "       tenon [OPTIONS] resolve [--from FILE] [--require] SPECIFIER\n"
    "       tenon [--json-errors] types [-o FILE] [--name NAME | --plain]\n"
    "             [--source DIR] [--explain] MODULE...\n"
    "       tenon [--json-errors] cache list | clear\n"
    "       tenon --help | --version\n";

const char options_help[] =
    "\n"
    "Run a JavaScript program, an ES module or CommonJS: FILE, what comes from\n"
    "standard input (-), or CODE. What follows is the program's, in "
    "process.argv.\n"
    "'resolve' tells what SPECIFIER means, and each step of finding it.\n"
    "'types' prints TypeScript's declarations of native modules: shared "
    "objects\n"
    "and native source.\n"
    "'cache' lists, or removes, what was built of native source.\n"
    "\n"
    "options:\n"
    "  --timeout TIME       end the program after TIME: 500ms, 2s, 1.5m, 1h;\n"
    "                       a bare number is seconds\n"
    "  --cpu-limit TIME     end the program when it has used so much CPU time\n"
    "  --memory-limit SIZE  end the program when it needs more: bytes, or with\n"
    "                       K, M or G, as 64M\n"
    "  --json-errors        tell each error as one line of JSON\n"
    "  --trace-open         when a limit or Ctrl-C ends the program, tell what "
    "is\n"
    "                       still open, and where it was begun\n"
    "  --no-crash-report    do not tell which native function a crash was in\n"
    "  --import-map FILE    what specifiers mean: the JSON of an import map\n"
    "  --import-root DIR    files outside of DIR cannot be imported; may be said\n"
    "                       several times\n"
    "  --allow-import WHAT  nothing else can be imported: a URL, a name or a\n"
    "                       specifier; with * at its end all that begin so; may "
    "be\n"
    "                       said several times\n"
    "  --no-native          shared objects cannot be imported\n"
    "  --no-node-modules    packages of node_modules cannot be imported\n"
    "  --from FILE          of resolve: the file that SPECIFIER stands in\n"
    "  --require            of resolve: as require() finds it\n"
    "  -p, --print          of eval: print the value of CODE\n"
    "  -o, --output FILE    of types: write to FILE\n"
    "  --name NAME          of types: what programs import the module by\n"
    "  --plain              of types: declarations of a file of its own, not\n"
    "                       inside of \"declare module\"\n"
    "  --explain            of types: which functions are left out, and why\n"
    "  --source DIR         of types: where relative names of sources begin, "
    "whose\n"
    "                       comments document functions\n"
    "  --                   end of the options\n"
    "  -h, --help           print this\n"
    "  -V, --version        print the versions of the parts\n"
    "\n"
    "exit codes: 0; 1 after an error or a limit; 2 for wrong usage; 13 when a\n"
    "top-level await can never be settled; 128+n after signal n; or what the\n"
    "program says by process.exit and process.exitCode.\n";

__attribute__((format(printf, 2, 3))) static void misuse(options *o,
                                                         const char *format,
                                                         ...)
{
  va_list ap;

  if (o->command == COMMAND_MISUSE && o->problem[0]) return;
  o->command = COMMAND_MISUSE;
  va_start(ap, format);
  vsnprintf(o->problem, sizeof o->problem, format, ap);
  va_end(ap);
}

/* --- Values ------------------------------------------------------------------ */

typedef struct unit {
  const char *name;
  double factor;
} unit;

static const unit times[] = {{"", 1000}, {"ms", 1},   {"s", 1000},
                             {"m", 6e4}, {"h", 36e5}, {NULL, 0}};
static const unit sizes[] = {
    {"", 1}, {"k", 1024}, {"m", 1048576}, {"g", 1073741824}, {NULL, 0}};

/* A positive decimal number and a unit, rounded up; 0 when it is none. */
static uint64_t read_amount(const char *text, const unit *u)
{
  char *end;
  double n;

  /* strtod knows signs, white space, hexadecimal digits and infinity. */
  if (!isdigit((unsigned char)text[0]) || text[1] == 'x' || text[1] == 'X')
    return 0;
  n = strtod(text, &end);
  for (; u->name; u++)
    if (strcasecmp(end, u->name) == 0) break;
  if (!u->name) return 0;
  n = ceil(n * u->factor);
  /* Far below what a double cannot count any more. */
  return n > 0 && n < 1e15 ? (uint64_t)n : 0;
}

static void read_time(options *o, const char *value)
{
  o->time_limit_ms = read_amount(value, times);
  if (!o->time_limit_ms)
    misuse(o, "--timeout: expected a time such as 500ms, 2s or 1m, got '%s'",
           value);
}

static void read_cpu_time(options *o, const char *value)
{
  o->cpu_limit_ms = read_amount(value, times);
  if (!o->cpu_limit_ms)
    misuse(o, "--cpu-limit: expected a time such as 500ms, 2s or 1m, got '%s'",
           value);
}

static void read_size(options *o, const char *value)
{
  o->memory_limit_bytes = (size_t)read_amount(value, sizes);
  if (!o->memory_limit_bytes)
    misuse(o, "--memory-limit: expected a size such as 64M, got '%s'", value);
}

/* --- Options ----------------------------------------------------------------- */

static void set_json(options *o, const char *value)
{
  (void)value;
  o->has_json_errors = true;
}

static void set_trace_open(options *o, const char *value)
{
  (void)value;
  o->traces_open = true;
}

static void set_no_crash_report(options *o, const char *value)
{
  (void)value;
  o->has_no_crash_report = true;
}

/* A list with one more. */
static void append(options *o, const char ***list, const char *value)
{
  size_t n = 0;
  const char **p;

  while (*list && (*list)[n])
    n++;
  p = realloc(*list, (n + 2) * sizeof *p);
  if (!p) {
    misuse(o, "out of memory");
    return;
  }
  p[n] = value;
  p[n + 1] = NULL;
  *list = p;
}

static void set_import_root(options *o, const char *value)
{
  append(o, &o->import_roots, value);
  if (!value[0])
    misuse(o, "--import-root: expected a folder, got an empty name");
}

static void set_allow_import(options *o, const char *value)
{
  append(o, &o->allowed_imports, value);
}

static void set_import_map(options *o, const char *value)
{
  o->import_map = value;
  if (!value[0]) misuse(o, "--import-map: expected a file, got an empty name");
}

static void set_no_native(options *o, const char *value)
{
  (void)value;
  o->has_no_native = true;
}

static void set_no_packages(options *o, const char *value)
{
  (void)value;
  o->has_no_packages = true;
}

static void set_print(options *o, const char *value)
{
  (void)value;
  o->prints = true;
}

static void set_output(options *o, const char *value)
{
  o->output = value;
  if (!value[0]) misuse(o, "--output: expected a file, got an empty name");
}

static void set_name(options *o, const char *value)
{
  o->name = value;
}

static void set_plain(options *o, const char *value)
{
  (void)value;
  o->is_plain = true;
}

static void set_explain(options *o, const char *value)
{
  (void)value;
  o->explains = true;
}

static void set_source(options *o, const char *value)
{
  o->source = value;
  if (!value[0]) misuse(o, "--source: expected a folder, got an empty name");
}

static void set_from(options *o, const char *value)
{
  o->from = value;
  if (!value[0]) misuse(o, "--from: expected a file, got an empty name");
}

static void set_require(options *o, const char *value)
{
  (void)value;
  o->requires = true;
}

static void set_help(options *o, const char *value)
{
  (void)value;
  o->command = COMMAND_HELP;
}

static void set_version(options *o, const char *value)
{
  (void)value;
  o->command = COMMAND_VERSION;
}

typedef struct option {
  const char *name, *letter; /* letter: NULL for none */
  bool has_value;
  void (*read)(options *o, const char *value);
} option;

static const option before_command[] = {
    {"--timeout", NULL, true, read_time},
    {"--cpu-limit", NULL, true, read_cpu_time},
    {"--memory-limit", NULL, true, read_size},
    {"--json-errors", NULL, false, set_json},
    {"--trace-open", NULL, false, set_trace_open},
    {"--no-crash-report", NULL, false, set_no_crash_report},
    {"--import-root", NULL, true, set_import_root},
    {"--allow-import", NULL, true, set_allow_import},
    {"--import-map", NULL, true, set_import_map},
    {"--no-native", NULL, false, set_no_native},
    {"--no-node-modules", NULL, false, set_no_packages},
    {"--help", "-h", false, set_help},
    {"--version", "-V", false, set_version},
    {NULL, NULL, false, NULL}};
static const option of_eval[] = {{"--print", "-p", false, set_print},
                                 {"--help", "-h", false, set_help},
                                 {NULL, NULL, false, NULL}};
static const option of_types[] = {{"--output", "-o", true, set_output},
                                  {"--name", NULL, true, set_name},
                                  {"--explain", NULL, false, set_explain},
                                  {"--plain", NULL, false, set_plain},
                                  {"--source", NULL, true, set_source},
                                  {"--help", "-h", false, set_help},
                                  {NULL, NULL, false, NULL}};

static const option of_cache[] = {{"--help", "-h", false, set_help},
                                  {NULL, NULL, false, NULL}};

static const option of_resolve[] = {{"--from", NULL, true, set_from},
                                    {"--require", NULL, false, set_require},
                                    {"--help", "-h", false, set_help},
                                    {NULL, NULL, false, NULL}};

/* Does `argument` name the option, and has it a value behind `=`? */
static bool is_named(const option *known, const char *argument,
                     const char **value)
{
  size_t n = strlen(known->name);

  *value = NULL;
  if (known->letter && strcmp(argument, known->letter) == 0) return true;
  if (strncmp(argument, known->name, n) != 0) return false;
  if (argument[n] == '=') *value = argument + n + 1;
  return argument[n] == '\0' || argument[n] == '=';
}

/* Reads one option and its value: how many arguments that were. */
static int read_option(options *o, const option *known, int argc, char **argv)
{
  const char *value = NULL;
  int count = 1;

  while (known->name && !is_named(known, argv[0], &value))
    known++;
  if (!known->name) {
    misuse(o, "unknown option '%s'", argv[0]);
  } else if (!known->has_value && value) {
    misuse(o, "%s: takes no value", known->name);
  } else if (known->has_value && !value && argc < 2) {
    misuse(o, "%s: expected a value", known->name);
  } else {
    if (known->has_value && !value) value = argv[count++];
    known->read(o, value);
  }
  return count;
}

/* Reads options up to the first argument that is none: its index. */
static int read_options(options *o, const option *known, int argc, char **argv)
{
  int i = 0;

  while (i < argc && argv[i][0] == '-' && argv[i][1] && !o->problem[0]) {
    if (strcmp(argv[i], "--") == 0) return i + 1;
    i += read_option(o, known, argc - i, argv + i);
    if (o->command != COMMAND_FILE) break; /* --help does not go on */
  }
  return i;
}

static void read_eval(options *o, int argc, char **argv)
{
  int i = read_options(o, of_eval, argc, argv);

  if (o->command != COMMAND_FILE) return;
  o->command = COMMAND_CODE;
  if (i == argc) {
    misuse(o, "eval: expected CODE");
    return;
  }
  o->argument = argv[i];
  o->rest = argv + i + 1;
  o->rest_count = argc - i - 1;
}

/* Options may stand behind the specifier, too. */
static void read_resolve(options *o, int argc, char **argv)
{
  bool has_ended = false;
  int i = 0;

  o->argument = NULL;
  while (i < argc && o->command == COMMAND_FILE) {
    if (has_ended || argv[i][0] != '-' || !argv[i][1]) {
      if (o->argument) misuse(o, "resolve: expected one SPECIFIER");
      o->argument = argv[i++];
    } else if (strcmp(argv[i], "--") == 0) {
      has_ended = ++i;
    } else {
      i += read_option(o, of_resolve, argc - i, argv + i);
    }
  }
  o->rest_count = 0;
  if (o->command != COMMAND_FILE) return;
  o->command = COMMAND_RESOLVE;
  if (o->time_limit_ms || o->cpu_limit_ms || o->memory_limit_bytes ||
      o->traces_open)
    misuse(o, "resolve: %s is for programs",
           o->time_limit_ms        ? "--timeout"
           : o->cpu_limit_ms       ? "--cpu-limit"
           : o->memory_limit_bytes ? "--memory-limit"
                                   : "--trace-open");
  else if (!o->argument || !o->argument[0])
    misuse(o, "resolve: expected SPECIFIER");
}

/* Modules have no arguments of their own: options may stand behind them. */
static void read_types(options *o, int argc, char **argv)
{
  bool has_ended = false;
  int i = 0;

  o->rest = argv;
  o->rest_count = 0;
  while (i < argc && o->command == COMMAND_FILE) {
    if (has_ended || argv[i][0] != '-' || !argv[i][1])
      argv[o->rest_count++] = argv[i++];
    else if (strcmp(argv[i], "--") == 0)
      has_ended = ++i;
    else
      i += read_option(o, of_types, argc - i, argv + i);
  }
  if (o->command != COMMAND_FILE) return;
  o->command = COMMAND_TYPES;
  if (o->import_roots || o->allowed_imports || o->has_no_native ||
      o->has_no_packages || o->import_map)
    misuse(o, "types: %s is for programs",
           o->import_roots      ? "--import-root"
           : o->allowed_imports ? "--allow-import"
           : o->has_no_native   ? "--no-native"
           : o->import_map      ? "--import-map"
                                : "--no-node-modules");
  else if (o->time_limit_ms || o->cpu_limit_ms || o->memory_limit_bytes)
    misuse(o, "types: %s is for programs",
           o->time_limit_ms  ? "--timeout"
           : o->cpu_limit_ms ? "--cpu-limit"
                             : "--memory-limit");
  else if (!o->rest_count)
    misuse(o, "types: expected MODULE");
  else if (o->name && o->is_plain)
    misuse(o, "types: --name and --plain exclude each other");
  else if (o->rest_count > 1 && (o->name || o->is_plain))
    misuse(o, "types: %s is for one MODULE", o->name ? "--name" : "--plain");
}

static void read_cache(options *o, int argc, char **argv)
{
  int i = read_options(o, of_cache, argc, argv);

  if (o->command != COMMAND_FILE) return;
  o->command = COMMAND_CACHE;
  o->argument = i < argc ? argv[i] : "";
  o->rest_count = 0;
  if (o->import_roots || o->allowed_imports || o->has_no_native ||
      o->has_no_packages || o->import_map || o->time_limit_ms ||
      o->cpu_limit_ms || o->memory_limit_bytes || o->traces_open)
    misuse(o, "cache: only --json-errors may stand before it");
  else if (i + 1 != argc || (strcmp(o->argument, "list") != 0 &&
                             strcmp(o->argument, "clear") != 0))
    misuse(o, "cache: expected 'list' or 'clear'");
}

void options_read(options *o, int argc, char **argv)
{
  bool is_file;
  int i;

  *o = (options){.command = COMMAND_FILE};
  i = argc ? 1 : 0;
  i += read_options(o, before_command, argc - i, argv + i);
  if (o->command != COMMAND_FILE) return;
  if (i >= argc) {
    o->command = COMMAND_MISUSE;
    if (argc > 1) misuse(o, "expected FILE, -, eval, resolve, types or cache");
    return;
  }
  is_file = strcmp(argv[i - 1], "--") == 0;
  o->argument = argv[i];
  o->rest = argv + i + 1;
  o->rest_count = argc - i - 1;
  if (is_file) return;
  if (strcmp(argv[i], "-") == 0)
    o->command = COMMAND_INPUT;
  else if (strcmp(argv[i], "eval") == 0)
    read_eval(o, argc - i - 1, argv + i + 1);
  else if (strcmp(argv[i], "resolve") == 0)
    read_resolve(o, argc - i - 1, argv + i + 1);
  else if (strcmp(argv[i], "types") == 0)
    read_types(o, argc - i - 1, argv + i + 1);
  else if (strcmp(argv[i], "cache") == 0)
    read_cache(o, argc - i - 1, argv + i + 1);
  else if (!argv[i][0])
    misuse(o, "expected FILE, got an empty name");
}

void options_release(options *o)
{
  free(o->import_roots);
  free(o->allowed_imports);
}
