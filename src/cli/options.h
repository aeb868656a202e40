/* What the command was told to do. */
#ifndef TENON_CLI_OPTIONS_H
#define TENON_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum command {
  COMMAND_HELP,
  COMMAND_VERSION,
  COMMAND_FILE,    /* argument: its path */
  COMMAND_INPUT,   /* argument: "-" */
  COMMAND_CODE,    /* argument: the code */
  COMMAND_TYPES,   /* rest: modules */
  COMMAND_RESOLVE, /* argument: the specifier */
  COMMAND_CACHE,   /* argument: "list" or "clear" */
  COMMAND_MISUSE   /* problem says why; "" for no arguments at all */
} command;

typedef struct options {
  command command;
  const char *argument;
  char **rest; /* the program's own, borrowed */
  int rest_count;
  uint64_t time_limit_ms;    /* 0: none */
  uint64_t cpu_limit_ms;     /* 0: none */
  size_t memory_limit_bytes; /* 0: none */
  bool has_json_errors, prints, traces_open, has_no_crash_report;
  /* What may be imported; lists end with NULL, and are NULL where not said. */
  const char **import_roots, **allowed_imports;
  bool has_no_native, has_no_packages;
  const char *import_map; /* NULL: none */
  /* Of `resolve`. */
  const char *from; /* NULL: the working directory */
  bool requires;
  /* Of `types`; NULL where not said. */
  const char *output, *name, *source;
  bool is_plain;
  bool explains;
  char problem[256];
} options;

void options_read(options *o, int argc, char **argv);
void options_release(options *o);

extern const char options_usage[];
extern const char options_help[];

#endif
