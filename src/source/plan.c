#include "source/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/path.h"
#include "source/headers.h"

/* What compilers and linkers take from the environment. */
static const char *const variables[] = {"CPATH",
                                        "C_INCLUDE_PATH",
                                        "CPLUS_INCLUDE_PATH",
                                        "LIBRARY_PATH",
                                        "COMPILER_PATH",
                                        "GCC_EXEC_PREFIX",
                                        "LD_RUN_PATH",
                                        "CCC_OVERRIDE_OPTIONS",
                                        "SOURCE_DATE_EPOCH",
                                        "PKG_CONFIG",
                                        "PKG_CONFIG_PATH",
                                        "PKG_CONFIG_LIBDIR",
                                        "PKG_CONFIG_SYSROOT_DIR",
                                        "RUSTUP_TOOLCHAIN",
                                        "CARGO_ENCODED_RUSTFLAGS"};

static int refuse(const tenon_p_build_plan *p, tenon_p_build_failure *f,
                  const char *what, const char *name)
{
  return tenon_p_fail_source(f, TENON_P_FAILURE_RECIPE, "%s: %s '%s'", p->shown,
                             what, name);
}

/* --- Sources ------------------------------------------------------------------------ */

static int real_path(const tenon_p_build_plan *p, const char *path, char **out,
                     tenon_p_build_failure *f)
{
  struct stat st;

  *out = realpath(path, NULL);
  if (!*out && errno == ENOMEM) return tenon_p_fail_source_memory(f);
  if (!*out || stat(*out, &st)) {
    tenon_p_fail_source_system(f, path, -errno);
  } else if (!S_ISREG(st.st_mode)) {
    refuse(p, f, "is no file:", path);
  } else {
    return 0;
  }
  free(*out);
  *out = NULL;
  return -1;
}

static int add_source(tenon_p_build_plan *p, char *path, tenon_p_language l)
{
  tenon_p_plan_source *list =
      tenon_p_realloc(p->sources, (p->count + 1) * sizeof *list);

  if (!list) {
    free(path);
    return -1;
  }
  p->sources = list;
  list[p->count++] = (tenon_p_plan_source){path, l};
  return 0;
}

static int add_more(tenon_p_build_plan *p, const char *name,
                    tenon_p_build_failure *f)
{
  tenon_p_language language;
  char *path, *real;
  size_t i;
  int r;

  if (!tenon_p_language_of(name, &language) || language == TENON_P_SHARED ||
      language == TENON_P_RUST)
    return refuse(p, f,
                  language == TENON_P_RUST
                      ? "a crate finds its other files by itself; sources names"
                      : "sources names what is no file of C or C++:",
                  name);
  path = tenon_p_path_resolve(p->folder, name);
  if (!path) return tenon_p_fail_source_memory(f);
  r = real_path(p, path, &real, f);
  free(path);
  if (r) return r;
  for (i = 0; i < p->count; i++) {
    if (strcmp(p->sources[i].path, real) != 0) continue;
    free(real);
    return 0;
  }
  return add_source(p, real, language) ? tenon_p_fail_source_memory(f) : 0;
}

static int find_sources(tenon_p_build_plan *p, tenon_p_build_failure *f)
{
  const tenon_p_recipe *recipe = p->recipe;
  tenon_p_texts names = TENON_P_TEXTS_INIT;
  size_t i;
  int r = 0;

  if (recipe->language != TENON_P_SHARED) {
    char *path = tenon_p_strndup(p->path, strlen(p->path));
    if (!path || add_source(p, path, recipe->language))
      return tenon_p_fail_source_memory(f);
  }
  tenon_p_texts_split_names(&names, recipe->sources);
  if (names.failed) r = tenon_p_fail_source_memory(f);
  for (i = 0; r == 0 && i < names.count; i++)
    r = add_more(p, names.list[i], f);
  tenon_p_texts_release(&names);
  return r;
}

/* --- Words -------------------------------------------------------------------------- */

/* Is it about the machine, or about how values are laid out? */
static bool is_of_target(const char *word)
{
  static const char *const begins[] = {"-m",
                                       "--target=",
                                       "-fshort-",
                                       "-funsigned-char",
                                       "-fsigned-char",
                                       "-fpack-struct",
                                       "-fcf-protection",
                                       "-fsanitize=",
                                       "--sysroot=",
                                       "-fuse-ld=",
                                       "--coverage",
                                       "-B"};
  size_t i;

  for (i = 0; i < tenon_p_countof(begins); i++)
    if (strncmp(word, begins[i], strlen(begins[i])) == 0) return true;
  return false;
}

/* What would take the build out of its way. */
static const char *forbidden(const char *word)
{
  static const char *const words[] = {
      "-c",     "-E",           "-S",  "-o",  "-M",
      "-MM",    "-MF",          "-MT", "-MQ", "-fsyntax-only",
      "--emit", "--crate-type", "-o"};
  size_t i;

  for (i = 0; i < tenon_p_countof(words); i++)
    if (strcmp(word, words[i]) == 0) return word;
  return NULL;
}

static int split(const tenon_p_build_plan *p, const char *what,
                 const char *line, tenon_p_texts *out, tenon_p_build_failure *f)
{
  size_t i;

  if (!tenon_p_texts_split(out, line))
    return tenon_p_fail_source(f, TENON_P_FAILURE_RECIPE,
                               "%s: a quote is not closed in %s: %s", p->shown,
                               what, line);
  if (out->failed) return tenon_p_fail_source_memory(f);
  for (i = 0; i < out->count; i++)
    if (forbidden(out->list[i]))
      return tenon_p_fail_source(f, TENON_P_FAILURE_RECIPE,
                                 "%s: %s cannot hold '%s'", p->shown, what,
                                 out->list[i]);
  return 0;
}

static int split_words(tenon_p_build_plan *p, tenon_p_build_failure *f)
{
  const tenon_p_recipe *recipe = p->recipe;
  size_t i;

  if (split(p, "cflags", recipe->cflags, &p->cflags, f) ||
      split(p, "link", recipe->link, &p->link, f))
    return -1;
  tenon_p_texts_split_names(&p->packages, recipe->pkg);
  for (i = 0; i < p->packages.count; i++)
    if (p->packages.list[i][0] == '-')
      return refuse(p, f, "pkg names what is no package:", p->packages.list[i]);
  for (i = 0; i < p->cflags.count && recipe->language != TENON_P_RUST; i++)
    if (is_of_target(p->cflags.list[i]))
      tenon_p_texts_add(&p->target, p->cflags.list[i]);
  return p->packages.failed || p->target.failed ? tenon_p_fail_source_memory(f)
                                                : 0;
}

/* --- Compilers ------------------------------------------------------------------------ */

static int need(tenon_p_build_plan *p, tenon_p_language l,
                tenon_p_build_failure *f)
{
  if (p->has[l]) return 0;
  if (tenon_p_compiler_find(l, p->recipe->env, &p->compilers[l], f)) return -1;
  p->has[l] = true;
  return 0;
}

static int find_compilers(tenon_p_build_plan *p, tenon_p_build_failure *f)
{
  size_t i;

  for (i = 0; i < p->count; i++)
    if (need(p, p->sources[i].language, f)) return -1;
  /* A driver of C++ compiles C, too. */
  return p->has[TENON_P_CXX] ? 0 : need(p, TENON_P_C, f);
}

const tenon_p_compiler *tenon_p_build_plan_linker(const tenon_p_build_plan *p)
{
  return &p->compilers[p->has[TENON_P_CXX] ? TENON_P_CXX : TENON_P_C];
}

/* --- The key ---------------------------------------------------------------------------- */

static void add_words(tenon_p_hash *h, const tenon_p_texts *t)
{
  size_t i;

  tenon_p_hash_add(h, &t->count, sizeof t->count);
  for (i = 0; i < t->count; i++)
    tenon_p_hash_add_text(h, t->list[i]);
}

static void make_key(tenon_p_build_plan *p)
{
  const tenon_p_recipe *recipe = p->recipe;
  uint32_t language = recipe->language;
  const char *const *at;
  tenon_p_hash h;
  size_t i;

  tenon_p_hash_init(&h);
  tenon_p_hash_add_text(&h, tenon_p_generator_hash);
  tenon_p_hash_add(&h, &recipe->reader_size, sizeof recipe->reader_size);
  tenon_p_hash_add_text(&h, recipe->salt);
  tenon_p_hash_add_text(&h, p->path);
  tenon_p_hash_add(&h, &language, sizeof language);
  tenon_p_hash_add_text(&h, recipe->std);
  for (i = 0; i < p->count; i++)
    tenon_p_hash_add_text(&h, p->sources[i].path);
  add_words(&h, &p->cflags);
  add_words(&h, &p->link);
  add_words(&h, &p->packages);
  for (at = recipe->depends; at && *at; at++)
    tenon_p_hash_add_text(&h, *at);
  for (i = 0; i < TENON_P_COMPILERS; i++)
    tenon_p_hash_add_text(&h, p->has[i] ? p->compilers[i].identity : NULL);
  for (i = 0; i < tenon_p_countof(variables); i++)
    tenon_p_hash_add_text(&h, tenon_p_env_get(recipe->env, variables[i]));
  tenon_p_hash_end(&h, p->key);
}

static void add_flag(tenon_p_text *t, const char *name, const char *value)
{
  if (!value || !*value) return;
  if (t->len) tenon_p_text_puts(t, " ");
  tenon_p_text_printf(t, "%s='%s'", name, value);
}

static char *flags_of(const tenon_p_recipe *r)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  add_flag(&t, "std", r->std);
  add_flag(&t, "sources", r->sources);
  add_flag(&t, "cflags", r->cflags);
  add_flag(&t, "link", r->link);
  add_flag(&t, "pkg", r->pkg);
  return tenon_p_text_take(&t);
}

/* --- All of it ----------------------------------------------------------------------------- */

static int find_names(tenon_p_build_plan *p, tenon_p_build_failure *f)
{
  const char *slash;

  p->shown = p->recipe->shown ? p->recipe->shown : p->recipe->path;
  if (real_path(p, p->recipe->path, &p->path, f)) return -1;
  p->folder = tenon_p_path_dirname(p->path);
  slash = strrchr(p->shown, '/');
  p->shown_folder =
      tenon_p_strndup(p->shown, slash ? (size_t)(slash + 1 - p->shown) : 0);
  if (!p->folder || !p->shown_folder) return tenon_p_fail_source_memory(f);
  return 0;
}

int tenon_p_build_plan_make(const tenon_p_recipe *recipe,
                            tenon_p_build_plan *out, tenon_p_build_failure *f)
{
  *out = (tenon_p_build_plan){.recipe = recipe};
  if (find_names(out, f) || find_sources(out, f) || split_words(out, f) ||
      find_compilers(out, f))
    goto failed;
  out->env = tenon_p_env_of_compilers(recipe->env);
  out->flags = flags_of(recipe);
  if (!out->env || !out->flags) {
    tenon_p_fail_source_memory(f);
    goto failed;
  }
  make_key(out);
  return 0;
failed:
  tenon_p_build_plan_release(out);
  return -1;
}

void tenon_p_build_plan_release(tenon_p_build_plan *p)
{
  size_t i;

  for (i = 0; i < p->count; i++)
    free(p->sources[i].path);
  for (i = 0; i < TENON_P_COMPILERS; i++)
    if (p->has[i]) tenon_p_compiler_release(&p->compilers[i]);
  free(p->sources);
  free(p->path);
  free(p->folder);
  free(p->shown_folder);
  tenon_p_texts_release(&p->cflags);
  tenon_p_texts_release(&p->link);
  tenon_p_texts_release(&p->packages);
  tenon_p_texts_release(&p->target);
  free(p->env);
  free(p->flags);
  *p = (tenon_p_build_plan){0};
}

/* Libraries of a folder that is named; those of the system are as they are. */
static void add_libraries(const tenon_p_build_plan *p, const char *folder,
                          tenon_p_texts *out)
{
  char *path = tenon_p_path_resolve(p->folder, folder);
  size_t i;

  if (!path) out->failed = true;
  for (i = 0; path && i < p->link.count; i++) {
    const char *word = p->link.list[i];
    if (strncmp(word, "-l", 2) != 0 || !word[2]) continue;
    tenon_p_texts_printf(out, "%s/lib%s.so", path, word + 2);
    tenon_p_texts_printf(out, "%s/lib%s.a", path, word + 2);
  }
  free(path);
}

void tenon_p_build_plan_files(const tenon_p_build_plan *p, tenon_p_texts *out)
{
  size_t i;

  tenon_p_texts_add(out, p->path);
  for (i = 0; i < p->count; i++)
    tenon_p_texts_add(out, p->sources[i].path);
  tenon_p_texts_add_list(out, p->recipe->depends);
  for (i = 0; i < p->link.count; i++) {
    const char *word = p->link.list[i];
    if (word[0] != '-') {
      char *path = tenon_p_path_resolve(p->folder, word);
      tenon_p_texts_take(out, path);
    } else if (strncmp(word, "-L", 2) == 0) {
      if (word[2])
        add_libraries(p, word + 2, out);
      else if (i + 1 < p->link.count)
        add_libraries(p, p->link.list[i + 1], out);
    }
  }
}
