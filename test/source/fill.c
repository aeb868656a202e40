/* Builds FILE into the cache as an import does, with a reader that takes the place
 * of the real one: fill READER FILE [CFLAGS]. Prints what the object answers. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/path.h"
#include "source/build.h"

static int generate(void *data, const char *table, size_t len,
                    const uint32_t *dropped, size_t count, tenon_p_text *out,
                    tenon_p_build_failure *f)
{
  tenon_p_text_puts(out, "extern int answer(void);"
                         "int tenon_module_v1(void) { return answer(); }");
  return 0;
}

static void *read_all(const char *path, size_t *size)
{
  FILE *f = fopen(path, "rb");
  size_t most = (size_t)16 << 20;
  void *data = f ? malloc(most) : NULL;

  *size = data ? fread(data, 1, most, f) : 0;
  if (f) fclose(f);
  return data;
}

int main(int argc, char **argv)
{
  static const tenon_p_build_calls calls = {generate, NULL, NULL};
  tenon_p_recipe recipe = {.cflags = argc > 3 ? argv[3] : NULL};
  char *path = argc > 2 ? tenon_p_path_resolve(NULL, argv[2]) : NULL, *reader;
  tenon_p_built built;
  tenon_p_build_failure f;
  int (*entry)(void);
  void *handle;
  int r;

  if (!path || !tenon_p_language_of(path, &recipe.language)) return 2;
  recipe.path = path;
  recipe.shown = argv[2];
  recipe.reader = reader = read_all(argv[1], &recipe.reader_size);
  r = tenon_p_build(&recipe, &calls, NULL, &built, &f);
  if (r) {
    fprintf(stderr, "%s\n", tenon_p_failure_text(&f));
  } else {
    handle = dlopen(built.path, RTLD_NOW);
    *(void **)&entry = handle ? dlsym(handle, "tenon_module_v1") : NULL;
    printf("%d %s\n", entry ? entry() : -1,
           built.is_cached ? "found" : "built");
    if (built.note) fprintf(stderr, "%s\n", built.note);
    tenon_p_built_release(&built);
  }
  tenon_p_failure_release(&f);
  free(path);
  free(reader);
  return r ? 1 : 0;
}
