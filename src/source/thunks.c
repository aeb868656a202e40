/* From objects to a module: their table, thunks made of it, and one link. */
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "source/steps.h"

#define READER_MS 120000
enum { MOST_ROUNDS = 8, MOST_DROPPED = 4096 };

/* --- The table ----------------------------------------------------------------------------- */

/* What the reader is given: the only object, all of them as one, or the library. */
static int object_to_read(tenon_p_steps *b, char **path)
{
  tenon_p_process run = {0};
  tenon_p_job j = {.words = TENON_P_TEXTS_INIT};
  int r;

  if (!b->plan.count || (b->plan.recipe->language == TENON_P_SHARED)) {
    *path = tenon_p_strndup(b->plan.path, strlen(b->plan.path));
    return *path ? 0 : tenon_p_step_no_memory(b);
  }
  if (b->objects.count == 1) {
    const char *only = b->objects.list[0];
    *path = tenon_p_strndup(only, strlen(only));
    return *path ? 0 : tenon_p_step_no_memory(b);
  }
  *path = tenon_p_step_path(b, "all.o");
  if (!*path) return tenon_p_step_no_memory(b);
  tenon_p_command_merge(&b->plan, &b->objects, *path, &j.words);
  j.made = *path;
  r = tenon_p_step_run_one(b, &j, &run, TENON_P_FAILURE_LINK);
  tenon_p_texts_release(&j.words);
  tenon_p_process_release(&run);
  return r;
}

/* Does the system not run programs without a name? */
static bool is_refusal(int error)
{
  return error == -EACCES || error == -EPERM || error == -ENOSYS ||
         error == -EINVAL || error == -ENOENT;
}

static int run_reader(tenon_p_steps *b, tenon_p_process *p)
{
  const tenon_p_recipe *recipe = b->plan.recipe;
  int fd = tenon_p_program_open(recipe->reader, recipe->reader_size), r;

  p->program = &fd;
  r = fd < 0 ? fd : tenon_p_process_run(p, 1, 1, &b->patience);
  if (is_refusal(r)) {
    if (fd >= 0) {
      close(fd);
      tenon_p_process_release(p);
    }
    fd = tenon_p_program_open_in(b->work.path, recipe->reader,
                                 recipe->reader_size);
    r = fd < 0 ? fd : tenon_p_process_run(p, 1, 1, &b->patience);
  }
  if (fd >= 0) close(fd);
  p->program = NULL;
  if (r && !p->error) p->error = r;
  return r;
}

static bool is_whole_table(const tenon_p_process *p)
{
  static const char end[] = "\nend\n";
  size_t n = strlen(end);

  return !p->is_out_cut && p->out.len >= n &&
         memcmp(p->out.data + p->out.len - n, end, n) == 0;
}

/* The table is moved into `table`. */
static int read_table(tenon_p_steps *b, tenon_p_text *table)
{
  char *object = NULL;
  int r;

  b->step = "reading the debug information of";
  r = object_to_read(b, &object);
  if (r == 0) {
    const char *argv[] = {"tenon-reader", object, NULL};
    tenon_p_process p = {.argv = argv,
                         .env = b->plan.env,
                         .cwd = b->work.path,
                         .out_limit = TENON_P_MOST_TABLE,
                         .err_limit = TENON_P_MOST_SAID,
                         .timeout_ms = READER_MS};
    run_reader(b, &p);
    r = tenon_p_step_check_run(b, &p, "the reader of its debug information");
    if (r && b->f->code == TENON_P_FAILURE_SYSTEM && p.signal)
      b->f->code = TENON_P_FAILURE_READER;
    if (r == 0 && (!tenon_p_process_is_good(&p) || !is_whole_table(&p)))
      r = tenon_p_fail_source(b->f, TENON_P_FAILURE_READER,
                              "%s: its debug information cannot be read%s%.*s",
                              b->plan.shown, p.err.len ? ": " : "",
                              p.err.len < 2000 ? (int)p.err.len : 2000,
                              p.err.len ? p.err.data : "");
    if (r == 0) {
      *table = p.out;
      p.out = (tenon_p_text)TENON_P_TEXT_INIT;
    }
    tenon_p_process_release(&p);
  }
  free(object);
  return r;
}

/* --- Thunks ----------------------------------------------------------------------------------- */

typedef struct dropped {
  uint32_t list[MOST_DROPPED];
  size_t count;
} dropped;

static bool drop(dropped *d, uint32_t record)
{
  size_t i;

  for (i = 0; i < d->count; i++)
    if (d->list[i] == record) return false;
  if (d->count == MOST_DROPPED) return false;
  d->list[d->count++] = record;
  return true;
}

/* Records whose assertions have failed, as the compiler says: are there new ones? */
static bool read_dropped(const tenon_p_text *said, dropped *d)
{
  static const char word[] = "tenon record ";
  const char *at = said->data;
  bool found = false;

  while (at && (at = strstr(at, word))) {
    at += strlen(word);
    if (isdigit((unsigned char)*at))
      found |= drop(d, (uint32_t)strtoul(at, NULL, 10));
  }
  return found;
}

static int fail_generated(tenon_p_steps *b, const tenon_p_text *said)
{
  tenon_p_step_fail_said(b, TENON_P_FAILURE_GENERATE, said);
  if (b->f->code == TENON_P_FAILURE_GENERATE) {
    char *message = b->f->message;
    b->f->message = NULL;
    tenon_p_fail_source(b->f, TENON_P_FAILURE_GENERATE,
                        "%s: the code that was made for it does not compile, "
                        "which is an error of Tenon: %s",
                        b->plan.shown, message);
    free(message);
  }
  return -1;
}

/* What is written for a build, and not by its user. */
typedef struct generated {
  const char *source_name, *object_name;
  const char *text;
  size_t len;
  bool is_guard; /* of C++: what thunks call */
  dropped *d;    /* what may be left out after all; NULL: nothing */
} generated;

static int run_compiler(tenon_p_steps *b, const generated *g, const char *c,
                        const char *o)
{
  tenon_p_process run = {0};
  tenon_p_job j = {.words = TENON_P_TEXTS_INIT, .made = o};
  int r;

  if (g->is_guard)
    tenon_p_command_guard(&b->plan, c, o, &j.words);
  else
    tenon_p_command_generated(&b->plan, b->include.path, c, o, &j.words);
  r = tenon_p_step_run_one(b, &j, &run, TENON_P_FAILURE_GENERATE);
  if (r && b->f->code == TENON_P_FAILURE_GENERATE) {
    if (g->d && read_dropped(&run.err, g->d))
      r = 1;
    else
      fail_generated(b, &run.err);
  }
  tenon_p_texts_release(&j.words);
  tenon_p_process_release(&run);
  return r;
}

/* 1 when records have been dropped, and another round is to be made. */
static int compile_generated(tenon_p_steps *b, const generated *g)
{
  char *c = tenon_p_step_path(b, g->source_name),
       *o = tenon_p_step_path(b, g->object_name);
  int r = c && o ? 0 : tenon_p_step_no_memory(b);

  if (r == 0) {
    unlink(c);
    unlink(o);
    r = tenon_p_folder_write(&b->work, g->source_name, g->text, g->len);
    if (r) r = tenon_p_step_fail_system(b, c, r);
  }
  if (r == 0) r = run_compiler(b, g, c, o);
  if (r == 0) {
    tenon_p_texts_add(&b->objects, o);
    if (b->objects.failed) r = tenon_p_step_no_memory(b);
  }
  free(c);
  free(o);
  return r;
}

static int compile_thunks(tenon_p_steps *b, const tenon_p_text *source,
                          dropped *d)
{
  const generated g = {.source_name = "thunks.c",
                       .object_name = "thunks.o",
                       .text = source->data,
                       .len = source->len,
                       .d = d};

  return compile_generated(b, &g);
}

static int compile_guard(tenon_p_steps *b)
{
  const generated g = {.source_name = "guard.cc",
                       .object_name = "guard.o",
                       .text = tenon_p_command_guard_source,
                       .len = strlen(tenon_p_command_guard_source),
                       .is_guard = true};

  return compile_generated(b, &g);
}

static int call_generate(tenon_p_steps *b, const tenon_p_text *table,
                         const dropped *d, tenon_p_text *source)
{
  int r;

  tenon_p_text_clear(source);
  r = b->calls->generate(b->calls->data, table->data, table->len, d->list,
                         d->count, source, b->f);
  if (r && !b->f->code)
    return tenon_p_fail_source(b->f, TENON_P_FAILURE_GENERATE,
                               "%s: it cannot be bound", b->plan.shown);
  if (r == 0 && source->failed) return tenon_p_step_no_memory(b);
  return r ? -1 : 0;
}

int tenon_p_step_generate(tenon_p_steps *b)
{
  tenon_p_text table = TENON_P_TEXT_INIT, source = TENON_P_TEXT_INIT;
  dropped *d = tenon_p_calloc(sizeof *d);
  int r = d ? read_table(b, &table) : tenon_p_step_no_memory(b), round;

  b->step = "binding";
  for (round = 0; r == 0 && round < MOST_ROUNDS; round++) {
    r = call_generate(b, &table, d, &source);
    if (r == 0 && !source.len) break;
    if (r == 0) r = compile_thunks(b, &source, d);
    if (r <= 0) break;
    tenon_p_failure_release(b->f);
    r = 0;
  }
  if (r == 0 && source.len && b->plan.has[TENON_P_CXX] && round < MOST_ROUNDS)
    r = compile_guard(b);
  if (r == 0 && round == MOST_ROUNDS)
    r = tenon_p_fail_source(b->f, TENON_P_FAILURE_GENERATE,
                            "%s: its records cannot be declared again",
                            b->plan.shown);
  tenon_p_text_release(&table);
  tenon_p_text_release(&source);
  free(d);
  return r;
}

/* --- Linking ------------------------------------------------------------------------------------ */

/* The name in "undefined reference to `name'", and with other quotes. */
static char *undefined_name(const char *line, size_t len)
{
  static const char word[] = "undefined reference to ";
  static const char other[] = "undefined symbol: ";
  const char *end = line + len, *at = memmem(line, len, word, strlen(word));
  size_t n = 0;

  if (at) {
    at += strlen(word);
  } else {
    at = memmem(line, len, other, strlen(other));
    if (!at) return NULL;
    at += strlen(other);
  }
  while (at < end && !isalnum((unsigned char)*at) && *at != '_')
    at++;
  while (at + n < end &&
         (isalnum((unsigned char)at[n]) || strchr("_.$@", at[n])))
    n++;
  return tenon_p_strndup(at, n);
}

/*
 * Symbols that the linker has not found may be this program's: a host's own
 * functions, Node-API. Whatever else is missing would fail when it is loaded, in
 * words that know no line.
 */
static int check_symbols(tenon_p_steps *b, const tenon_p_text *said,
                         bool *has_some)
{
  static const char word[] = "warning: undefined ";
  const char *s = said->len ? said->data : "";
  tenon_p_text t = TENON_P_TEXT_INIT;
  bool is_missing = false;
  int r = 0;

  *has_some = false;
  while (*s) {
    size_t n = strcspn(s, "\n"), end = n + (s[n] == '\n');
    const char *at = memmem(s, n, word, strlen(word));
    if (at) {
      char *name = undefined_name(s, n);
      *has_some = true;
      is_missing |= name && *name && !dlsym(RTLD_DEFAULT, name);
      free(name);
      /* It is an error by now. */
      tenon_p_text_append(&t, s, (size_t)(at - s));
      tenon_p_text_puts(&t, "error");
      tenon_p_text_append(&t, at + 7, end - (size_t)(at + 7 - s));
    } else {
      tenon_p_text_append(&t, s, end);
    }
    s += end;
  }
  if (t.failed)
    r = tenon_p_step_no_memory(b);
  else if (is_missing)
    r = tenon_p_step_fail_said(b, TENON_P_FAILURE_LINK, &t);
  tenon_p_text_release(&t);
  return r;
}

int tenon_p_step_link(tenon_p_steps *b, char **object)
{
  char *map = tenon_p_step_path(b, "export.map");
  tenon_p_process run = {0};
  tenon_p_job j = {.words = TENON_P_TEXTS_INIT};
  bool has_some = false;
  int r;

  b->step = "linking";
  *object = tenon_p_step_path(b, "module.so");
  r = map && *object ? 0 : tenon_p_step_no_memory(b);
  if (r == 0) {
    unlink(map);
    r = tenon_p_folder_write(&b->work, "export.map", tenon_p_command_map,
                             strlen(tenon_p_command_map));
    if (r) r = tenon_p_step_fail_system(b, map, r);
  }
  if (r == 0) {
    tenon_p_command_link(&b->plan, &b->packages, &b->objects, &b->libraries,
                         map, *object, &j.words);
    j.made = *object;
    r = tenon_p_step_run_one(b, &j, &run, TENON_P_FAILURE_LINK);
  }
  if (r == 0) r = check_symbols(b, &run.err, &has_some);
  /* Of symbols that the host has nobody needs to be warned. */
  if (r == 0 && !has_some) r = tenon_p_step_keep_warnings(b, &run.err);
  tenon_p_texts_release(&j.words);
  tenon_p_process_release(&run);
  free(map);
  return r;
}
