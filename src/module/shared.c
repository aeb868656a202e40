/*
 * Shared objects as modules: files that hold the table of <tenon/export.h>, or
 * modules made for QuickJS, with js_init_module.
 *
 * Invariants
 * - A file is looked at (base/elf.h) before the system's loader has it, which maps
 *   what is damaged and is then ended by a signal.
 * - What was loaded is never unloaded: functions of it may be anywhere.
 * - A runtime has one table of a file, by whatever query it is imported; a realm
 *   has a module for each.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <tenon/error.h>
#include <unistd.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/elf.h"
#include "base/path.h"
#include "bind/table.h"
#include "module/internal.h"

#define PREFIX "tenon_module_"
#define TABLE PREFIX "v1"

bool tenon_p_modules_is_shared(const char *path)
{
  const char *name = tenon_p_path_basename(path), *at = strstr(name, ".so");

  /* "x.so" and "x.so.1.2" */
  for (; at; at = strstr(at + 1, ".so"))
    if (at != name && at[3 + strspn(at + 3, ".0123456789")] == '\0' &&
        (!at[3] || (at[3] == '.' && at[4])))
      return true;
  return false;
}

/* --- Refusals ------------------------------------------------------------- */

typedef struct request {
  JSContext *ctx;
  const char *url, *path;
  const char *name; /* of the table, behind '#'; NULL: not said */
} request;

/* Throws; NULL. `what` goes on behind the name of the file. */
__attribute__((format(printf, 3, 4))) static JSModuleDef *refuse(
    const request *q, const char *code, const char *what, ...)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(q->ctx));
  const tenon_p_asking *a = m->asking;
  tenon_p_text t = TENON_P_TEXT_INIT;
  va_list ap;

  if (JS_HasException(q->ctx)) JS_FreeValue(q->ctx, JS_GetException(q->ctx));
  if (a)
    tenon_p_text_printf(&t, "Cannot load '%s' imported from %s: ", a->specifier,
                        a->referrer);
  else
    tenon_p_text_printf(&t, "Cannot load %s: ", q->url);
  tenon_p_text_printf(&t, "%s ", q->path);
  va_start(ap, what);
  tenon_p_text_vprintf(&t, what, ap);
  va_end(ap);
  if (t.failed)
    JS_ThrowOutOfMemory(q->ctx);
  else
    tenon_p_modules_throw(q->ctx, code, "%s", t.data);
  tenon_p_text_release(&t);
  return NULL;
}

#define NOT_LOADED "ERR_DLOPEN_FAILED"
#define WRONG_ABI "TENON_EABI"

/* The first name of a function whose descriptor is not one of this library's;
 * NULL where all are. */
static const char *wrong_function(const tenon_module *d)
{
  const tenon_function *const *f;

  for (f = d->begin; f != d->end; f++)
    if (!tenon_p_is_valid_function(*f))
      return *f && (*f)->size >= sizeof **f && (*f)->name ? (*f)->name : "?";
  return NULL;
}

/* Which word of a table is not as this library knows it. */
static JSModuleDef *refuse_table(const request *q, const tenon_module *d)
{
  const char *name;

  if (!d) return refuse(q, WRONG_ABI, "gives no table: its entry returns NULL");
  if (d->size < sizeof(uint32_t) * 4)
    return refuse(q, WRONG_ABI, "has a table of %u bytes, expected %zu",
                  (unsigned)d->size, sizeof *d);
  if (d->abi != TENON_MODULE_ABI)
    return refuse(q, WRONG_ABI,
                  "has descriptors of version %u, expected version %u",
                  (unsigned)d->abi, (unsigned)TENON_MODULE_ABI);
  if (d->size < sizeof *d)
    return refuse(q, WRONG_ABI, "has a table of %u bytes, expected %zu",
                  (unsigned)d->size, sizeof *d);
  if (d->field_size != sizeof(tenon_field))
    return refuse(q, WRONG_ABI, "has fields of %u bytes, expected %zu",
                  (unsigned)d->field_size, sizeof(tenon_field));
  if (!d->host || !d->begin != !d->end || d->begin > d->end ||
      !d->items_begin != !d->items_end || d->items_begin > d->items_end)
    return refuse(q, WRONG_ABI, "has a malformed table: its bounds are wrong");
  name = wrong_function(d);
  if (name)
    return refuse(q, WRONG_ABI,
                  "has a malformed table: the function '%s' has a descriptor "
                  "or a type that is not valid",
                  name);
  if (*d->host && !tenon_p_modules_give_host(d->host))
    return refuse(q, WRONG_ABI,
                  "is in use by another copy of the library in this process");
  return refuse(q, WRONG_ABI,
                "has a malformed table: an item, a class or a name twice");
}

/* The system's own words, without the path that stands before them. */
static const char *load_error(const char *path)
{
  const char *text = dlerror();
  size_t n = strlen(path);

  if (!text) return "the system's loader does not say why";
  return strncmp(text, path, n) == 0 && strncmp(text + n, ": ", 2) == 0
             ? text + n + 2
             : text;
}

/* --- Modules of QuickJS --------------------------------------------------- */

static void *symbol_in_use(void *handle, const char *name)
{
  void *p = dlsym(RTLD_DEFAULT, name);

  return p ? p : dlsym(handle, name);
}

/* Does what is in the object call this copy of the engine? */
static bool calls_this_engine(void *handle)
{
  void *symbol = symbol_in_use(handle, "js_std_cmd");
  uintptr_t (*mark)(int cmd, ...);

  if (!symbol) return false;
  memcpy(&mark, &symbol, sizeof mark);
  return mark(5000) == (uintptr_t)tenon_p_engine_mark;
}

/* Is it what js_init_module was told to make? -1: no memory. */
static int is_named(JSContext *ctx, JSModuleDef *def, const char *name)
{
  JSAtom atom = JS_GetModuleName(ctx, def);
  const char *text = JS_AtomToCString(ctx, atom);
  int r = text ? strcmp(text, name) == 0 : -1;

  JS_FreeCString(ctx, text);
  JS_FreeAtom(ctx, atom);
  return r;
}

/* What it has made, NULL with an exception; `*problem` where it threw none. */
static JSModuleDef *make(JSContext *ctx, tenon_p_engine_module *init,
                         const char *name, const char **problem)
{
  JSModuleDef *def = init(ctx, name);
  int is = 0;

  *problem = NULL;
  if (JS_HasException(ctx)) {
    if (def && tenon_p_module_find(ctx, name) == def)
      tenon_p_module_drop(ctx, def);
    return NULL;
  }
  if (def) is = is_named(ctx, def, name);
  if (is > 0) return def;
  if (!def)
    *problem = "failed without an error";
  else if (is == 0)
    *problem = "made a module of another name than it was given";
  return NULL;
}

static JSModuleDef *load_engine_module(const request *q, void *handle,
                                       void *symbol)
{
  tenon_p_engine_module *init;
  const char *problem;
  JSModuleDef *def;

  if (!calls_this_engine(handle))
    return refuse(q, "TENON_EENGINE",
                  "is a module of QuickJS that calls another engine than the "
                  "one that has imported it");
  memcpy(&init, &symbol, sizeof init);
  def = make(q->ctx, init, q->url, &problem);
  if (problem)
    return refuse(q, "ERR_MODULE_INIT_FAILED", "has a js_init_module that %s",
                  problem);
  return def;
}

typedef struct named {
  tenon_p_list link;
  tenon_p_engine_module *init;
  char name[];
} named;

static const named *find_named(const tenon_p_modules *m, const char *name)
{
  const tenon_p_list *at;

  for (at = m->engine_modules.next; at != &m->engine_modules; at = at->next) {
    const named *n = tenon_p_container(at, named, link);
    if (strcmp(n->name, name) == 0) return n;
  }
  return NULL;
}

bool tenon_p_modules_has_engine_module(const tenon_p_modules *m,
                                       const char *name)
{
  return find_named(m, name) != NULL;
}

int tenon_p_modules_add_engine_module(tenon_p_engine *e, const char *name,
                                      tenon_p_engine_module *init)
{
  tenon_p_modules *m = tenon_p_modules_of(e);
  named *n;

  if (!tenon_p_is_native_name(name) || !init) return TENON_EINVAL;
  if (tenon_p_modules_find_native(m, name) || find_named(m, name))
    return TENON_EEXIST;
  n = tenon_p_heap_alloc(&e->heap, sizeof *n + strlen(name) + 1);
  if (!n) return TENON_ENOMEM;
  n->init = init;
  strcpy(n->name, name);
  tenon_p_list_append(&m->engine_modules, &n->link);
  return 0;
}

void tenon_p_engine_modules_free(tenon_p_modules *m)
{
  while (!tenon_p_list_is_empty(&m->engine_modules)) {
    named *n = tenon_p_container(m->engine_modules.next, named, link);
    tenon_p_list_remove(&n->link);
    tenon_p_heap_free(&m->engine->heap, n);
  }
}

JSModuleDef *tenon_p_modules_load_engine_module(JSContext *ctx,
                                                const char *name)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  const named *n = find_named(m, name);
  const char *problem;
  JSModuleDef *def = make(ctx, n->init, name, &problem);

  if (problem)
    tenon_p_modules_throw(ctx, "ERR_MODULE_INIT_FAILED",
                          "Cannot load '%s': its function %s", name, problem);
  return def;
}

/* --- Modules of Tenon ----------------------------------------------------- */

static JSModuleDef *load_table(const request *q, const char *key, void *symbol)
{
  tenon_module_entry *entry;
  JSModuleDef *def;
  int r;

  memcpy(&entry, &symbol, sizeof entry);
  r = tenon_p_modules_load_linked(q->ctx, key, q->url, entry, NULL, &def);
  if (def || JS_HasException(q->ctx)) return def;
  if (r == TENON_ENOMEM) {
    JS_ThrowOutOfMemory(q->ctx);
    return NULL;
  }
  if (r == TENON_EEXIST)
    return refuse(q, WRONG_ABI, "gives another table than it did before");
  return refuse_table(q, entry());
}

/* The only table that has a name, of `tenon_module_NAME`: its symbol. Or that of
 * the name that was asked for. NULL where there is none; then nothing was
 * thrown unless there are several. */
static void *find_table(const request *q, const tenon_p_elf *elf, void *handle)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  const char *found = NULL;
  size_t i, count = 0;

  for (i = 0; i < elf->count; i++) {
    const char *name = elf->names[i] + strlen(PREFIX);
    if (q->name && strcmp(q->name, name) != 0) continue;
    found = elf->names[i];
    tenon_p_text_printf(&t, "%s'#%s'", count++ ? ", " : "", name);
  }
  if (count > 1)
    refuse(q, NOT_LOADED, "holds several modules; import one, by %s",
           t.data ? t.data : "?");
  tenon_p_text_release(&t);
  return count == 1 ? dlsym(handle, found) : NULL;
}

static JSModuleDef *load_handle(const request *q, const char *key, void *handle,
                                const tenon_p_elf *elf)
{
  void *symbol = q->name ? NULL : dlsym(handle, TABLE);

  if (symbol) return load_table(q, key, symbol);
  symbol = q->name ? NULL : dlsym(handle, "js_init_module");
  if (symbol) return load_engine_module(q, handle, symbol);
  symbol = find_table(q, elf, handle);
  if (symbol) return load_table(q, key, symbol);
  if (JS_HasException(q->ctx)) return NULL;
  if (q->name)
    return refuse(q, NOT_LOADED,
                  "holds no module '%s': it shows no function " PREFIX "%s",
                  q->name, q->name);
  return refuse(q, NOT_LOADED,
                "holds no module: it shows neither " TABLE
                ", as files have that include <tenon/export.h>, nor "
                "js_init_module of QuickJS");
}

/* Why the system's loader did not take it. */
static JSModuleDef *refuse_load(const request *q)
{
  const char *text = load_error(q->path), *hint = "";

  if (strstr(text, "undefined symbol: JS_") ||
      strstr(text, "undefined symbol: js_"))
    hint = "; this program keeps its engine to itself: modules of QuickJS need "
           "one that is linked with tenon-quickjs and shows its symbols";
  return refuse(q, NOT_LOADED, "cannot be loaded: %s%s", text, hint);
}

/* --- What the process has loaded ------------------------------------------ */

/* A file that was loaded; it stays. `has` are the hashes of the bytes, NULL where
 * they are not known. */
typedef struct loaded {
  struct loaded *next;
  dev_t device;
  ino_t inode;
  void *handle;
  char *has;
} loaded;

/* Recursive, since what runs when an object is loaded may import another. */
static pthread_mutex_t lock;
static pthread_once_t lock_once = PTHREAD_ONCE_INIT;
static loaded *all;

static void make_lock(void)
{
  pthread_mutexattr_t a;

  pthread_mutexattr_init(&a);
  pthread_mutexattr_settype(&a, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&lock, &a);
  pthread_mutexattr_destroy(&a);
}

static void *no_memory(const request *q)
{
  JS_ThrowOutOfMemory(q->ctx);
  return NULL;
}

static const loaded *find_loaded(const struct stat *st)
{
  const loaded *l = all;

  while (l && (l->device != st->st_dev || l->inode != st->st_ino))
    l = l->next;
  return l;
}

/*
 * The bytes that were checked, where nobody changes them, by a name that no other
 * object has. Both files stay open: the inode of the one and the name of the other
 * must not come to mean something else.
 */
static void *load_bytes(const request *q, const void *data, size_t len)
{
  const char *p = data;
  char name[64];
  void *handle = NULL;
  int file = memfd_create("tenon", MFD_CLOEXEC | MFD_ALLOW_SEALING);

  while (file >= 0 && len) {
    ssize_t n = write(file, p, len);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    p += n;
    len -= (size_t)n;
  }
  if (file >= 0 && !len &&
      fcntl(file, F_ADD_SEALS,
            F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) == 0) {
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    handle = dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!handle) refuse_load(q);
  } else {
    refuse(q, NOT_LOADED, "cannot be checked: %s", strerror(errno));
  }
  if (!handle && file >= 0) close(file);
  return handle;
}

/* Of a file that has not been loaded: its hashes in `*has`. */
static void *load_checked(const request *q, int file, char **has)
{
  size_t len;
  char *data;
  void *handle = NULL;
  int r = tenon_p_file_read_open(file, &data, &len);

  *has = NULL;
  if (r == TENON_ENOMEM || r == UV_ENOMEM) return no_memory(q);
  if (r) {
    refuse(q, NOT_LOADED, "cannot be read: %s", tenon_strerror(r));
    return NULL;
  }
  *has = tenon_p_integrity_of(data, len);
  if (!*has)
    no_memory(q);
  else if (tenon_p_integrity_hold(q->ctx, q->url, *has) == 0)
    handle = load_bytes(q, data, len);
  free(data);
  return handle;
}

/* The handle of an open file, `*is_kept` when that has to stay open. */
static void *load_new(const request *q, int file, const struct stat *st,
                      bool *is_kept)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(q->ctx));
  loaded *l = tenon_p_calloc(sizeof *l);

  if (!l) return no_memory(q);
  *l = (loaded){.next = all, .device = st->st_dev, .inode = st->st_ino};
  if (tenon_p_integrity_asked(m)) {
    l->handle = load_checked(q, file, &l->has);
  } else {
    l->handle = dlopen(q->path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!l->handle) refuse_load(q);
  }
  if (!l->handle) {
    free(l->has);
    free(l);
    return NULL;
  }
  *is_kept = l->has;
  return (all = l)->handle;
}

static void *load_file(const request *q, int file, bool *is_kept)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(q->ctx));
  const loaded *l;
  struct stat st;
  void *handle = NULL;

  if (fstat(file, &st)) {
    refuse(q, NOT_LOADED, "cannot be read: %s", strerror(errno));
    return NULL;
  }
  pthread_once(&lock_once, make_lock);
  pthread_mutex_lock(&lock);
  l = find_loaded(&st);
  if (!l)
    handle = load_new(q, file, &st, is_kept);
  else if (!tenon_p_integrity_asked(m))
    handle = l->handle;
  else if (!l->has)
    refuse(q, "ERR_INTEGRITY_MISMATCH",
           "was loaded without integrity before, and stays loaded");
  else if (tenon_p_integrity_hold(q->ctx, q->url, l->has) == 0)
    handle = l->handle;
  pthread_mutex_unlock(&lock);
  return handle;
}

static JSModuleDef *load_open(const request *q, const char *key, int file)
{
  char problem[256];
  tenon_p_elf elf;
  JSModuleDef *def = NULL;
  bool is_kept = false;
  uv_fs_t req;
  void *handle;
  int r = tenon_p_elf_read_file(file, &elf, problem, sizeof problem);

  if (r == TENON_ENOMEM) {
    no_memory(q);
  } else if (r) {
    refuse(q, NOT_LOADED, "%s", problem);
  } else {
    handle = load_file(q, file, &is_kept);
    if (handle) def = load_handle(q, key, handle, &elf);
    tenon_p_elf_release(&elf);
  }
  if (!is_kept) {
    uv_fs_close(NULL, &req, file, NULL);
    uv_fs_req_cleanup(&req);
  }
  return def;
}

/* A descriptor, or an error. */
static int open_file(const tenon_p_modules *m, const char *path)
{
  uv_fs_t req;
  int file;

  if (tenon_p_rules_have_roots(m)) return tenon_p_rules_open(m, path);
  file = uv_fs_open(NULL, &req, path, O_RDONLY | O_NONBLOCK, 0, NULL);
  uv_fs_req_cleanup(&req);
  return file;
}

bool tenon_p_shared_is_plain(const tenon_p_modules *m, const char *path)
{
  int file = open_file(m, path);
  bool is_plain = false;
  char problem[256];
  tenon_p_elf elf;

  if (file < 0) return false;
  if (tenon_p_elf_read_file(file, &elf, problem, sizeof problem) == 0) {
    is_plain = !elf.count && !elf.has_init;
    tenon_p_elf_release(&elf);
  }
  close(file);
  return is_plain;
}

static JSModuleDef *load(const request *q, const char *key)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(q->ctx));
  int file = open_file(m, q->path);

  if (file == TENON_ENOMEM || file == UV_ENOMEM) return no_memory(q);
  if (file < 0) return refuse(q, NOT_LOADED, "%s", tenon_strerror(file));
  return load_open(q, key, file);
}

char *tenon_p_shared_key(const char *url)
{
  size_t n = strcspn(url, "?#");
  const char *name = strchr(url + n, '#');
  tenon_p_text t = TENON_P_TEXT_INIT;

  tenon_p_text_append(&t, url, n);
  if (name && name[1]) tenon_p_text_puts(&t, name);
  return tenon_p_text_take(&t);
}

JSModuleDef *tenon_p_modules_load_shared(JSContext *ctx, const char *url,
                                         const char *path)
{
  const char *name = strchr(url, '#');
  request q = {.ctx = ctx, .url = url, .path = path};
  char *key = tenon_p_shared_key(url);
  JSModuleDef *def = NULL;

  if (name && name[1]) q.name = name + 1;
  if (!key)
    JS_ThrowOutOfMemory(ctx);
  else
    def = load(&q, key);
  free(key);
  return def;
}
