#include "source/compiler.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/path.h"

extern char **environ;

/* --- Languages ------------------------------------------------------------------- */

static bool is_shared(const char *path)
{
  const char *at = strstr(tenon_p_path_basename(path), ".so");

  for (; at; at = strstr(at + 1, ".so"))
    if (!at[3 + strspn(at + 3, ".0123456789")] && (!at[3] || at[3] == '.'))
      return true;
  return false;
}

bool tenon_p_language_of(const char *path, tenon_p_language *out)
{
  static const struct {
    const char *extension;
    tenon_p_language language;
  } known[] = {{".c", TENON_P_C},     {".cc", TENON_P_CXX},
               {".cpp", TENON_P_CXX}, {".cxx", TENON_P_CXX},
               {".C", TENON_P_CXX},   {".rs", TENON_P_RUST}};
  size_t i;

  for (i = 0; i < tenon_p_countof(known); i++) {
    if (!tenon_p_path_has_extension(path, known[i].extension)) continue;
    *out = known[i].language;
    return true;
  }
  *out = TENON_P_SHARED;
  return is_shared(path);
}

/* --- The environment ---------------------------------------------------------------- */

const char *tenon_p_env_get(const char *const *env, const char *name)
{
  size_t n = strlen(name);

  if (!env) {
    const char *value = secure_getenv(name);
    return value && *value ? value : NULL;
  }
  for (; *env; env++)
    if (strncmp(*env, name, n) == 0 && (*env)[n] == '=')
      return (*env)[n + 1] ? *env + n + 1 : NULL;
  return NULL;
}

static bool is_of_language(const char *s)
{
  return strncmp(s, "LC_ALL=", 7) == 0 || strncmp(s, "LANGUAGE=", 9) == 0;
}

const char **tenon_p_env_of_compilers(const char *const *env)
{
  const char *const *from = env ? env : (const char *const *)environ;
  const char **list;
  size_t n = 0, i;

  for (i = 0; from && from[i]; i++)
    ;
  list = tenon_p_malloc((i + 2) * sizeof *list);
  if (!list) return NULL;
  while (i--)
    if (!is_of_language(from[i])) list[n++] = from[i];
  list[n++] = "LC_ALL=C";
  list[n] = NULL;
  return list;
}

/* --- Programs --------------------------------------------------------------------- */

static bool is_program(const char *path)
{
  struct stat st;

  return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* The next folder of PATH's value, with the name behind it; false at its end.
 * An empty folder would be the working one, which is nobody's choice. */
static bool next_candidate(const char **at, const char *name, tenon_p_text *t)
{
  while (**at) {
    size_t n = strcspn(*at, ":");
    const char *folder = *at;
    *at += n;
    if (**at == ':') ++*at;
    if (folder[0] != '/') continue;
    tenon_p_text_clear(t);
    tenon_p_text_append(t, folder, n);
    tenon_p_text_puts(t, "/");
    tenon_p_text_puts(t, name);
    return true;
  }
  return false;
}

static const char *path_of(const char *const *env)
{
  const char *path = tenon_p_env_get(env, "PATH");

  return path ? path : "/usr/local/bin:/usr/bin:/bin";
}

char *tenon_p_program_find(const char *name, const char *const *env,
                           bool *failed)
{
  const char *at = path_of(env);
  tenon_p_text t = TENON_P_TEXT_INIT;

  *failed = false;
  if (strchr(name, '/')) {
    char *path = is_program(name) ? tenon_p_path_resolve(NULL, name) : NULL;
    *failed = is_program(name) && !path;
    return path;
  }
  while (next_candidate(&at, name, &t)) {
    if (t.failed) break;
    if (is_program(t.data)) return tenon_p_text_take(&t);
  }
  *failed = t.failed;
  tenon_p_text_release(&t);
  return NULL;
}

/* --- What a compiler is ------------------------------------------------------------- */

/* Links are followed: it is the file that counts, not its names. */
static void identify_file(tenon_p_text *t, const char *path)
{
  struct stat st;

  if (stat(path, &st)) return;
  tenon_p_text_printf(t, "%llu %llu %lld %lld.%09ld\n",
                      (unsigned long long)st.st_dev,
                      (unsigned long long)st.st_ino, (long long)st.st_size,
                      (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

/* All of the name: the first may be a wrapper (ccache) that runs a later one. */
static void identify_word(tenon_p_text *t, const char *word,
                          const char *const *env)
{
  const char *at = path_of(env);
  tenon_p_text candidate = TENON_P_TEXT_INIT;

  tenon_p_text_printf(t, "%s\n", word);
  if (strchr(word, '/')) {
    identify_file(t, word);
    word = tenon_p_path_basename(word);
  } else if (word[0] == '-') {
    return;
  }
  while (next_candidate(&at, word, &candidate)) {
    if (candidate.failed) break;
    identify_file(t, candidate.data);
  }
  if (candidate.failed) t->failed = true;
  tenon_p_text_release(&candidate);
}

/* rustup's program runs that of a toolchain, which is written down here. */
static void identify_toolchain(tenon_p_text *t, const char *const *env)
{
  static const char *const files[] = {"settings.toml", "toolchains",
                                      "update-hashes"};
  const char *root = tenon_p_env_get(env, "RUSTUP_HOME");
  const char *home = tenon_p_env_get(env, "HOME");
  tenon_p_text path = TENON_P_TEXT_INIT;
  size_t i;

  if (!root && !home) return;
  for (i = 0; i < tenon_p_countof(files); i++) {
    tenon_p_text_clear(&path);
    tenon_p_text_printf(&path, "%s%s/%s", root ? root : home,
                        root ? "" : "/.rustup", files[i]);
    if (!path.failed) identify_file(t, path.data);
  }
  if (path.failed) t->failed = true;
  tenon_p_text_release(&path);
}

static int identify(tenon_p_compiler *c, const char *const *env,
                    tenon_p_build_failure *f)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  size_t i;

  for (i = 0; i < c->words.count; i++)
    identify_word(&t, c->words.list[i], env);
  if (c->language == TENON_P_RUST) identify_toolchain(&t, env);
  c->identity = tenon_p_text_take(&t);
  return c->identity ? 0 : tenon_p_fail_source_memory(f);
}

/* --- Which one -------------------------------------------------------------------- */

typedef struct choice {
  const char *variable, *language;
  const char *names[4];
  const char *install;
} choice;

static const choice choices[] = {
    [TENON_P_C] = {"CC",
                   "C",
                   {"cc", "gcc", "clang"},
                   "install one (Debian, Ubuntu: 'apt install gcc libc6-dev', "
                   "Fedora: 'dnf install gcc', Alpine: 'apk add gcc "
                   "musl-dev')"},
    [TENON_P_CXX] = {"CXX",
                     "C++",
                     {"c++", "g++", "clang++"},
                     "install one (Debian, Ubuntu: 'apt install g++', Fedora: "
                     "'dnf install gcc-c++', Alpine: 'apk add g++')"},
    [TENON_P_RUST] = {"RUSTC",
                      "Rust",
                      {"rustc"},
                      "install one (Debian, Ubuntu: 'apt install rustc', "
                      "Fedora: 'dnf install rust', or see "
                      "https://rustup.rs)"}};

static int find_chosen(const choice *k, const char *value,
                       const char *const *env, tenon_p_compiler *out,
                       tenon_p_build_failure *f)
{
  bool failed;
  char *path;

  if (!tenon_p_texts_split(&out->words, value) || !out->words.count) {
    if (out->words.failed) return tenon_p_fail_source_memory(f);
    return tenon_p_fail_source(f, TENON_P_FAILURE_NO_TOOL,
                               "no compiler for %s: $%s is \"%s\", which is no "
                               "command",
                               k->language, k->variable, value);
  }
  path = tenon_p_program_find(out->words.list[0], env, &failed);
  if (!path && failed) return tenon_p_fail_source_memory(f);
  if (!path)
    return tenon_p_fail_source(
        f, TENON_P_FAILURE_NO_TOOL,
        "no compiler for %s: $%s is \"%s\", and there is "
        "no program '%s'",
        k->language, k->variable, value, out->words.list[0]);
  free(out->words.list[0]);
  out->words.list[0] = path;
  return 0;
}

static int find_usual(const choice *k, const char *const *env,
                      tenon_p_compiler *out, tenon_p_build_failure *f)
{
  bool failed;
  size_t i;

  for (i = 0; k->names[i]; i++) {
    char *path = tenon_p_program_find(k->names[i], env, &failed);
    if (failed) return tenon_p_fail_source_memory(f);
    if (!path) continue;
    tenon_p_texts_take(&out->words, path);
    return out->words.failed ? tenon_p_fail_source_memory(f) : 0;
  }
  return tenon_p_fail_source(
      f, TENON_P_FAILURE_NO_TOOL,
      "no compiler for %s: there is no %s%s%s%s%s in PATH; %s, or say which by "
      "$%s",
      k->language, k->names[0], k->names[1] ? ", " : "",
      k->names[1] ? k->names[1] : "", k->names[1] ? " or " : "",
      k->names[1] ? k->names[2] : "", k->install, k->variable);
}

int tenon_p_compiler_find(tenon_p_language language, const char *const *env,
                          tenon_p_compiler *out, tenon_p_build_failure *f)
{
  const choice *k = &choices[language == TENON_P_SHARED ? TENON_P_C : language];
  const char *value = tenon_p_env_get(env, k->variable);
  int r;

  *out = (tenon_p_compiler){.language = language, .words = TENON_P_TEXTS_INIT};
  r = value && value[strspn(value, " \t")] ? find_chosen(k, value, env, out, f)
                                           : find_usual(k, env, out, f);
  if (r == 0) r = identify(out, env, f);
  if (r) tenon_p_compiler_release(out);
  return r;
}

void tenon_p_compiler_release(tenon_p_compiler *c)
{
  tenon_p_texts_release(&c->words);
  free(c->identity);
  c->identity = NULL;
}
