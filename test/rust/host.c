/*
 * A host in C for modules of Rust: loads a shared object (or has its module
 * inside, built with -DLINKED), runs a script with it, and ends. What goes
 * wrong is printed.
 *
 *     host [OPTION...] MODULE.so|- [NAME=ENTRY...] SCRIPT.js
 *
 * The module of ENTRY is importable as NAME, 'native' is tenon_module_v1.
 * --no-run frees the runtime with all that is in flight; --times N does
 * everything N times; --then OTHER.js does the same and runs another script in
 * a runtime of its own; --limits N runs it with N limits of memory, from none
 * that suffices to one that does, whatever comes of it.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tenon/runtime.h>

#ifdef LINKED
tenon_module_entry tenon_module_v1;
#endif

static char *read_file(const char *name, size_t *len)
{
  FILE *f = fopen(name, "rb");
  char *text = malloc(1 << 20);

  if (!f || !text) exit(2);
  *len = fread(text, 1, 1 << 20, f);
  fclose(f);
  return text;
}

static tenon_module_entry *find(void *so, const char *name)
{
  tenon_module_entry *entry;

#ifdef LINKED
  if (!so) return tenon_module_v1;
#endif
  *(void **)&entry = dlsym(so, name);
  if (entry) return entry;
  fprintf(stderr, "%s\n", dlerror());
  exit(2);
}

static int add(tenon_runtime *rt, void *so, char *pair)
{
  char *entry = strchr(pair, '=');
  int r;

  *entry = '\0';
  r = tenon_runtime_add_module(rt, pair, find(so, entry + 1));
  *entry = '=';
  return r;
}

static int report(tenon_runtime *rt, int r)
{
  if (r == 0) return tenon_runtime_exit_code(rt);
  printf("%s\n", r == TENON_EEXCEPTION ? tenon_runtime_exception(rt)
                                       : tenon_error_name(r));
  return 1;
}

static int run(void *so, char **names, const char *script, bool runs,
               size_t limit_bytes)
{
  tenon_options options = {.size = sizeof options,
                           .memory_limit_bytes = limit_bytes};
  tenon_runtime *rt = NULL;
  size_t len;
  char *src = read_file(script, &len);
  int r = tenon_runtime_new(&options, &rt);

  if (r == 0)
    r = tenon_runtime_add_module(rt, "native", find(so, "tenon_module_v1"));
  for (; r == 0 && strchr(*names, '='); names++)
    r = add(rt, so, *names);
  if (r == 0) r = tenon_runtime_eval_module(rt, src, len, script);
  if (r == 0 && runs) r = tenon_runtime_run(rt);
  r = report(rt, r);
  tenon_runtime_free(rt);
  free(src);
  return r;
}

/* The first must fail and the last must not. */
static int run_limited(void *so, char **names, const char *script, long count)
{
  enum { LEAST = 100 << 10, MOST = 8 << 20 };
  long i;
  int r = 0;

  for (i = 0; i <= count; i++) {
    double part = (double)i / (double)count;
    size_t more = (size_t)((MOST - LEAST) * part * part * part);
    r = run(so, names, script, true, LEAST + more);
    if (i == 0 && r == 0) return 1;
  }
  return r;
}

int main(int argc, char **argv)
{
  bool runs = true;
  const char *then = NULL;
  long times = 1, limits = 0;
  void *so = NULL;
  int r = 0;

  for (; argc > 1 && strncmp(argv[1], "--", 2) == 0; argc--, argv++) {
    if (strcmp(argv[1], "--no-run") == 0) {
      runs = false;
      continue;
    }
    if (strcmp(argv[1], "--times") == 0) {
      times = atol(argv[2]);
    } else if (strcmp(argv[1], "--limits") == 0) {
      limits = atol(argv[2]);
    } else {
      then = argv[2];
      runs = false;
    }
    argc--, argv++;
  }
  if (argc < 3) return 2;
  if (strcmp(argv[1], "-") != 0) {
    so = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (!so) {
      fprintf(stderr, "%s\n", dlerror());
      return 2;
    }
  }
  if (limits) return run_limited(so, &argv[2], argv[argc - 1], limits);
  while (r == 0 && times-- > 0)
    r = run(so, &argv[2], argv[argc - 1], runs, 0);
  if (r == 0 && then) r = run(so, &argv[2], then, true, 0);
  return r;
}
