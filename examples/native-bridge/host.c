/*
 * A host whose programs have some native functions as globals, and others that
 * only their glue can reach. Each script has a runtime of its own.
 *
 * usage: native-bridge [-d MICROSECONDS] GLUE SCRIPT...
 *
 * -d is how long each answer of the directory takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>

#include "bridge.h"
#include "directory.h"

const tenon_module *tenon_module_values(void);

/* The whole file, to be freed; NULL where it cannot be read. */
static char *read_file(const char *path, size_t *len)
{
  FILE *f = fopen(path, "rb");
  char *text = NULL;
  long size;

  *len = 0;
  if (!f) return NULL;
  if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 &&
      fseek(f, 0, SEEK_SET) == 0 && (text = malloc((size_t)size + 1)) != NULL)
    *len = fread(text, 1, (size_t)size, f);
  if (ferror(f)) {
    free(text);
    text = NULL;
  }
  fclose(f);
  return text;
}

/* What was made and what is gone. */
static void tell(const char *when)
{
  directory_counts d = directory_count();
  bridge_counts b = bridge_count();

  printf("%s: bridges %u of %u freed, directories %u of %u closed, "
         "questions %u of %u ended\n",
         when, b.freed, b.made, d.closed, d.opened, d.ended, d.asked);
  fflush(stdout);
}

static int run(tenon_runtime *rt, const char *glue_path, const char *path)
{
  tenon_realm *realm = tenon_runtime_realm(rt);
  const char *open;
  char *glue;
  size_t len;
  int r;

  glue = read_file(glue_path, &len);
  if (!glue) {
    perror(glue_path);
    return TENON_EINVAL;
  }
  r = tenon_realm_run_glue(realm, tenon_module_bridge, glue, len, glue_path);
  free(glue);
  if (r == 0) r = tenon_realm_add_globals(realm, tenon_module_values);
  if (r == 0) r = tenon_runtime_run_file(rt, path);
  if (r == TENON_EEXIT) {
    open = tenon_runtime_open(rt, TENON_FORM_TEXT);
    printf("exit with %d; open: %s\n", tenon_runtime_exit_code(rt),
           open ? open : "nothing");
    r = 0;
  } else if (r) {
    open = tenon_runtime_explain(rt, r, TENON_FORM_TEXT);
    fprintf(stderr, "%s\n", open ? open : tenon_strerror(r));
  }
  return r;
}

int main(int argc, char **argv)
{
  tenon_runtime *rt;
  int at = 1, r = 0;

  if (argc > 2 && strcmp(argv[1], "-d") == 0) {
    directory_set_delay_us((unsigned)strtoul(argv[2], NULL, 10));
    at = 3;
  }
  if (argc - at < 2) {
    fprintf(stderr, "usage: %s [-d MICROSECONDS] GLUE SCRIPT...\n", argv[0]);
    return 2;
  }
  for (int i = at + 1; i < argc && r == 0; i++) {
    printf("--- %s\n", argv[i]);
    fflush(stdout);
    r = tenon_runtime_new(NULL, &rt);
    if (r) {
      fprintf(stderr, "%s\n", tenon_strerror(r));
      break;
    }
    r = run(rt, argv[at], argv[i]);
    tell("ended");
    tenon_runtime_free(rt);
    tell("closed");
  }
  return r != 0;
}
