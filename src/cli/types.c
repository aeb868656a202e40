/*
 * Nothing is written before all modules have been read: a file that was there
 * stays as it is when one of them fails. Modules stay loaded; the process ends.
 */
#include "cli/types.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon.h>
#include <unistd.h>

#include "base/elf.h"
#include "cli/program.h"

#define PREFIX "tenon_module_"

typedef struct output {
  const options *options;
  char *text;
  size_t len;
  char **names; /* of the modules so far */
  size_t count;
  bool failed; /* out of memory */
} output;

__attribute__((format(printf, 3, 4))) static int fail(const output *out,
                                                      const char *name,
                                                      const char *format, ...)
{
  char text[512];
  va_list ap;

  va_start(ap, format);
  vsnprintf(text, sizeof text, format, ap);
  va_end(ap);
  program_say(out->options, "failure", name, text);
  return -1;
}

static void append_text(output *out, const char *text, size_t len)
{
  char *p = realloc(out->text, out->len + len);

  if (!p) {
    out->failed = true;
    return;
  }
  memcpy(p + out->len, text, len);
  out->text = p;
  out->len += len;
}

static void append(void *data, const char *text, size_t len)
{
  output *out = data;

  /* An empty line between two modules. */
  if (out->len) append_text(out, "\n", 1);
  append_text(out, text, len);
}

/* --- Names ----------------------------------------------------------------------- */

/* What programs will most likely import it by: `libshapes.so.1` is 'shapes'. */
static char *name_of_file(const char *path)
{
  const char *base = strrchr(path, '/'), *end;

  base = base ? base + 1 : path;
  if (strncmp(base, "lib", 3) == 0 && base[3] && base[3] != '.') base += 3;
  end = strstr(base, ".so");
  if (!end || (end[3] && end[3] != '.')) end = strrchr(base, '.');
  return strndup(base, end && end > base ? (size_t)(end - base) : strlen(base));
}

/* Takes over `name`: 0, or -1 when one is called so already. */
static int add_name(output *out, char *name, const char *module)
{
  char **names = realloc(out->names, (out->count + 1) * sizeof *names);
  size_t i;

  if (!names || !name) {
    if (names) out->names = names;
    free(name);
    return fail(out, module, "out of memory");
  }
  out->names = names;
  names[out->count++] = name;
  for (i = 0; i + 1 < out->count; i++)
    if (strcmp(names[i], name) == 0)
      return fail(out, module, "another module is named '%s', too; see --name",
                  name);
  return 0;
}

/* --- Modules --------------------------------------------------------------------- */

static int declare_source(output *out, const char *path);

static int declare(output *out, const char *module, const char *path,
                   const char *symbol, tenon_module_entry *entry)
{
  const options *o = out->options;
  tenon_declare_options d = {.size = sizeof d,
                             .source_dir = o->source ? o->source : "."};
  const tenon_module *m = entry();
  const char *word = symbol + strlen(PREFIX);
  int r;

  if (m && m->size >= sizeof *m && m->abi != TENON_MODULE_ABI)
    return fail(out, module,
                "has descriptors of version %u, this tenon knows version %u",
                (unsigned)m->abi, (unsigned)TENON_MODULE_ABI);
  if (!o->is_plain) {
    char *name = o->name                   ? strdup(o->name)
                 : strcmp(word, "v1") == 0 ? name_of_file(path)
                                           : strdup(word);
    if (add_name(out, name, module)) return -1;
    d.name = name;
  }
  r = tenon_module_declare(entry, &d, append, out);
  if (r == TENON_EINVAL)
    return fail(out, module, "'%s' is no name of a module; see --name", d.name);
  if (r) return fail(out, module, "%s", tenon_strerror(r));
  return out->failed ? fail(out, module, "out of memory") : 0;
}

/* The loader's own words, without the path that stands before them. */
static const char *load_error(const char *path)
{
  const char *text = dlerror();
  size_t n = strlen(path);

  if (!text) return "cannot be loaded";
  return strncmp(text, path, n) == 0 && strncmp(text + n, ": ", 2) == 0
             ? text + n + 2
             : text;
}

/* All modules in a file, or the one of this name. */
static int declare_file(output *out, const char *module, const char *path,
                        const char *name)
{
  char problem[256], *real;
  tenon_p_elf e;
  void *handle, *symbol;
  size_t i, count = 0;
  int r = 0;

  if (tenon_p_elf_read(path, &e, problem, sizeof problem))
    return fail(out, path, "%s", problem);
  real = realpath(path, NULL);
  handle = real ? dlopen(real, RTLD_LAZY | RTLD_LOCAL) : NULL;
  if (!handle)
    r = fail(out, path, "%s", real ? load_error(real) : tenon_strerror(-errno));
  free(real);
  for (i = 0; r == 0 && i < e.count; i++) {
    tenon_module_entry *entry;
    if (name && strcmp(e.names[i] + strlen(PREFIX), name) != 0) continue;
    if (count++ && (out->options->name || out->options->is_plain)) {
      r = fail(out, path, "holds several modules; name one, as in %s#%s", path,
               e.names[i] + strlen(PREFIX));
      break;
    }
    symbol = dlsym(handle, e.names[i]);
    if (!symbol) {
      r = fail(out, module, "%s", load_error(""));
      break;
    }
    memcpy(&entry, &symbol, sizeof entry);
    r = declare(out, module, path, e.names[i], entry);
  }
  if (r == 0 && !count && name)
    r = fail(out, path, "holds no module '%s' (no function " PREFIX "%s)", name,
             name);
  else if (r == 0 && !count)
    r = declare_source(out, path);
  tenon_p_elf_release(&e);
  return r;
}

/* --- Native source --------------------------------------------------------------- */

static void tell_source(void *data, tenon_build_event event, const char *text)
{
  output *out = data;

  switch (event) {
  case TENON_BUILD_LEFT_OUT:
    if (!out->options->explains) return;
    append_text(out, text, strlen(text));
    append_text(out, "\n", 1);
    return;
  case TENON_BUILD_WARNING:
    program_say(out->options, "warning", NULL, text);
    return;
  case TENON_BUILD_FAILURE:
    program_say(out->options, "failure", NULL, text);
    return;
  default: return;
  }
}

static bool is_source(const char *path)
{
  static const char *const ends[] = {".c", ".cc", ".cpp", ".cxx", ".C", ".rs"};
  const char *dot = strrchr(path, '.');
  size_t i;

  for (i = 0; dot && i < sizeof ends / sizeof *ends; i++)
    if (strcmp(dot, ends[i]) == 0) return true;
  return false;
}

/* A file that is no module of itself. */
static int declare_source(output *out, const char *path)
{
  tenon_source source = {
      .size = sizeof source, .tell = tell_source, .data = out};
  const options *o = out->options;
  tenon_declare_options d = {.size = sizeof d,
                             .name = o->name,
                             .source_dir = o->source ? o->source : "."};
  char *real = realpath(path, NULL);
  tenon_module_entry *entry;
  struct stat st;
  int r;

  if (!real) return fail(out, path, "%s", tenon_strerror(-errno));
  if (stat(real, &st) == 0 && !S_ISREG(st.st_mode)) {
    free(real);
    return fail(out, path,
                S_ISDIR(st.st_mode) ? "is a directory" : "is not a file");
  }
  source.path = real;
  r = tenon_source_load(&source, &entry);
  free(real);
  if (r == TENON_ESOURCE) return -1;
  if (r == 0 && !o->explains) r = tenon_module_declare(entry, &d, append, out);
  if (r == TENON_EINVAL && o->name)
    return fail(out, path, "'%s' is no name of a module; see --name", o->name);
  if (r) return fail(out, path, "%s", tenon_strerror(r));
  return out->failed ? fail(out, path, "out of memory") : 0;
}

/* FILE or FILE#NAME; a file may well have such a name. */
static int declare_module(output *out, const char *module)
{
  const char *mark = strrchr(module, '#');
  char *path;
  int r;

  if (is_source(module)) return declare_source(out, module);
  if (!mark || access(module, F_OK) == 0)
    return declare_file(out, module, module, NULL);
  path = strndup(module, (size_t)(mark - module));
  if (!path) return fail(out, module, "out of memory");
  r = declare_file(out, module, path, mark + 1);
  free(path);
  return r;
}

/* --- Writing --------------------------------------------------------------------- */

static int write_all(const output *out)
{
  const char *name = out->options->output ? out->options->output : "[stdout]";
  FILE *to = out->options->output ? fopen(name, "we") : stdout;
  int error = 0;

  if (!to) return fail(out, name, "%s", tenon_strerror(-errno));
  errno = 0;
  if ((out->len && fwrite(out->text, 1, out->len, to) != out->len) ||
      fflush(to))
    error = errno ? errno : EIO;
  if (to != stdout && fclose(to) && !error) error = errno ? errno : EIO;
  return error ? fail(out, name, "%s", tenon_strerror(-error)) : 0;
}

int types_run(const options *o)
{
  output out = {.options = o};
  int i, r = 0;
  size_t k;

  for (i = 0; r == 0 && i < o->rest_count; i++)
    r = declare_module(&out, o->rest[i]);
  if (r == 0) r = write_all(&out);
  for (k = 0; k < out.count; k++)
    free(out.names[k]);
  free(out.names);
  free(out.text);
  return r ? EXIT_ERROR : 0;
}
