#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>
#include <tenon/realm.h>
#include <uv.h>

#include "base/alloc.h"
#include "base/path.h"
#include "bind/closure.h"
#include "engine/extension.h"
#include "loop/loop.h"
#include "module/commonjs.h"
#include "module/graph.h"
#include "module/package.h"

static void modules_close(tenon_p_engine *e, void *state);
static void modules_release(tenon_p_engine *e, void *state);
static void modules_free(tenon_p_engine *e, void *state);
static void modules_close_realm(tenon_p_engine *e, void *state,
                                tenon_p_realm *r);

static const tenon_p_state_type modules_type = {.name = "modules",
                                                .close = modules_close,
                                                .release = modules_release,
                                                .free = modules_free,
                                                .close_realm =
                                                    modules_close_realm};

tenon_p_modules *tenon_p_modules_of(tenon_p_engine *e)
{
  return tenon_p_engine_get(e, &modules_type);
}

char *tenon_p_modules_find_url(JSContext *ctx, const char *referrer,
                               const char *specifier)
{
  const tenon_p_realm *r = tenon_p_realm_of(ctx);

  if (r && (r->without & TENON_REALM_IMPORT)) {
    tenon_p_modules_throw(ctx, "ERR_IMPORT_NOT_ALLOWED",
                          "Cannot import '%s': this realm has no imports",
                          specifier);
    return NULL;
  }
  return tenon_p_modules_resolve(ctx, referrer, specifier, true);
}

/* For the engine, where it loads a graph by itself. */
static char *normalize(JSContext *ctx, const char *referrer,
                       const char *specifier, void *opaque)
{
  (void)opaque;
  return tenon_p_modules_find_url(ctx, referrer, specifier);
}

static const tenon_p_closure_ops closure_ops = {.find =
                                                    tenon_p_modules_find_host};

int tenon_p_modules_attach(tenon_p_engine *e)
{
  tenon_p_modules *m = tenon_p_heap_alloc(&e->heap, sizeof *m);

  if (!m) return TENON_ENOMEM;
  m->engine = e;
  m->script = JS_UNDEFINED;
  tenon_p_list_init(&m->natives);
  tenon_p_list_init(&m->nameless);
  tenon_p_list_init(&m->linked);
  tenon_p_list_init(&m->engine_modules);
  tenon_p_list_init(&m->first_links);
  tenon_p_list_init(&m->last_links);
  tenon_p_list_init(&m->graphs);
  tenon_p_list_init(&m->loadings);
  if (tenon_p_closures_attach(e, &closure_ops) ||
      tenon_p_engine_attach(e, &modules_type, m)) {
    tenon_p_heap_free(&e->heap, m);
    return TENON_ENOMEM;
  }
  if (e->is_guest) return 0;
  JS_SetModuleLoaderFunc2(e->rt, normalize, tenon_p_modules_load,
                          tenon_p_modules_check_attributes, m);
  tenon_p_modules_met_by(e->rt, tenon_p_integrity_match);
  tenon_p_modules_explained_by(e->rt, tenon_p_native_explain);
  tenon_p_runtime_set_import(e->rt, tenon_p_graph_import);
  return 0;
}

static void drop_waiting(tenon_p_awaited *w)
{
  JS_FreeValue(w->ctx, w->promise);
  JS_FreeContext(w->ctx);
}

static void modules_close(tenon_p_engine *e, void *state)
{
  tenon_p_modules *m = state;

  (void)e;
  tenon_p_graphs_drop(m, NULL);
  tenon_p_loadings_drop(m, NULL);
}

static void modules_release(tenon_p_engine *e, void *state)
{
  tenon_p_modules *m = state;

  while (m->waiting_count)
    drop_waiting(&m->waiting[--m->waiting_count]);
  JS_FreeValue(e->ctx, m->script);
  m->script = JS_UNDEFINED;
}

/* Nothing will come of its awaits any more. */
static void modules_close_realm(tenon_p_engine *e, void *state,
                                tenon_p_realm *r)
{
  tenon_p_modules *m = state;
  size_t i = 0;

  (void)e;
  tenon_p_graphs_drop(m, r->ctx);
  tenon_p_loadings_drop(m, r->ctx);
  while (i < m->waiting_count) {
    if (m->waiting[i].ctx != r->ctx) {
      i++;
      continue;
    }
    drop_waiting(&m->waiting[i]);
    m->waiting[i] = m->waiting[--m->waiting_count];
  }
}

static void modules_free(tenon_p_engine *e, void *state)
{
  tenon_p_modules *m = state;

  tenon_p_modules_free_natives(e, &m->natives);
  tenon_p_modules_free_natives(e, &m->nameless);
  tenon_p_packages_free(m);
  tenon_p_modules_free_natives(e, &m->linked);
  tenon_p_engine_modules_free(m);
  tenon_p_rules_free(m->rules);
  tenon_p_import_map_free(m->import_map);
  tenon_p_links_free(m);
  tenon_p_heap_free(&e->heap, m->text_name);
  tenon_p_heap_free(&e->heap, m->last_source);
  tenon_p_heap_free(&e->heap, m->waiting);
  tenon_p_heap_free(&e->heap, m);
}

/* --- Evaluation ----------------------------------------------------------- */

bool tenon_p_modules_is_waiting(tenon_p_engine *e)
{
  tenon_p_modules *m = tenon_p_modules_of(e);
  size_t i = 0;

  while (i < m->waiting_count) {
    if (JS_PromiseState(e->ctx, m->waiting[i].promise) == JS_PROMISE_PENDING) {
      i++;
      continue;
    }
    drop_waiting(&m->waiting[i]);
    m->waiting[i] = m->waiting[--m->waiting_count];
  }
  return m->waiting_count > 0;
}

/* Consumes the promise. */
static int await_later(tenon_p_modules *m, JSContext *ctx, JSValue promise)
{
  tenon_p_engine *e = m->engine;

  if (JS_PromiseState(ctx, promise) != JS_PROMISE_PENDING) {
    JS_FreeValue(ctx, promise);
    return 0;
  }
  if (m->waiting_count == m->waiting_capacity) {
    size_t capacity = m->waiting_capacity * 2 + 4;
    tenon_p_awaited *p =
        tenon_p_heap_grow(&e->heap, m->waiting, capacity * sizeof *p);
    if (!p) {
      JS_FreeValue(ctx, promise);
      return TENON_ENOMEM;
    }
    m->waiting = p;
    m->waiting_capacity = capacity;
  }
  m->waiting[m->waiting_count++] =
      (tenon_p_awaited){promise, JS_DupContext(ctx)};
  return 0;
}

/* The promise of a module that was evaluated, consumed. Nobody but a later
 * import sees it: what it is rejected with is thrown, by a job when that is
 * later, and is no rejection that wants a handler. */
static int await_module(JSContext *ctx, JSValue promise)
{
  tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  int r = 0;

  if (JS_PromiseState(ctx, promise) == JS_PROMISE_REJECTED) {
    JS_PromiseMarkAsHandled(ctx, promise);
    JS_Throw(ctx, JS_PromiseResult(ctx, promise));
    r = -1;
  } else {
    r = tenon_p_promise_then(ctx, promise, JS_UNDEFINED, JS_UNDEFINED);
  }
  if (r == 0) return await_later(m, ctx, promise);
  JS_FreeValue(ctx, promise);
  return TENON_EEXCEPTION;
}

/* As in node, in which a module is evaluated by a job that an event of the loop
 * has brought about. */
static void begin_module(tenon_p_engine *e)
{
  tenon_p_tick_behind_jobs(e);
  if (e->depth == 1) tenon_p_checks_come_first(tenon_p_loop_of(e));
}

/* Consumes the compiled code. */
static int evaluate(JSContext *ctx, JSValue code, bool is_module)
{
  JSValue r;

  if (JS_IsException(code)) return TENON_EEXCEPTION;
  if (is_module) begin_module(tenon_p_engine_of(ctx));
  r = is_module ? tenon_p_graph_evaluate(ctx, code)
                : JS_EvalFunction(ctx, code);
  if (JS_IsException(r)) return TENON_EEXCEPTION;
  if (is_module) return await_module(ctx, r);
  JS_FreeValue(ctx, r);
  return 0;
}

/* The engine wants a NUL behind the text. */
static char *terminated(const char *src, size_t len)
{
  char *p = tenon_p_malloc(len + 1);

  if (p) {
    if (len) memcpy(p, src, len);
    p[len] = '\0';
  }
  return p;
}

/* --- Lines for messages --------------------------------------------------- */

/* Longer sources are not kept. */
#define MOST_KEPT 65536

/* The last source that was no file: its name and text. Of two sources by one
 * name a place in neither can be shown. */
static void remember(tenon_p_engine *e, const char *url,
                     const tenon_p_source *s)
{
  tenon_p_modules *m = tenon_p_modules_of(e);
  size_t name_size = strlen(url) + 1, size = sizeof(tenon_p_last) + name_size;
  bool is_again = m->last_source && strcmp(m->last_source->name, url) == 0;
  size_t len = is_again || s->len > MOST_KEPT ? 0 : s->len;

  tenon_p_heap_free(&e->heap, m->last_source);
  m->last_source = NULL;
  if (!tenon_p_engine_admits(e, size + len)) return;
  m->last_source = tenon_p_heap_alloc(&e->heap, size + len);
  if (!m->last_source) return;
  m->last_source->len = len;
  memcpy(m->last_source->name, url, name_size);
  m->last_source->text = m->last_source->name + name_size;
  if (len) memcpy(m->last_source->name + name_size, s->text, len);
}

/* Line `line` of a text, without its end. */
static bool append_line(const char *text, size_t len, int line,
                        tenon_p_text *out)
{
  const char *end = text + len, *stop;

  for (; line > 1; line--) {
    text = memchr(text, '\n', (size_t)(end - text));
    if (!text) return false;
    text++;
  }
  if (line < 1 || text == end) return false;
  stop = memchr(text, '\n', (size_t)(end - text));
  if (!stop) stop = end;
  if (stop > text && stop[-1] == '\r') stop--;
  tenon_p_text_append(out, text, (size_t)(stop - text));
  return !out->failed;
}

/* A pipe must not be read a second time: it may wait for ever. */
static bool is_regular(const char *path)
{
  uv_fs_t req;
  bool is = uv_fs_stat(NULL, &req, path, NULL) == 0 &&
            (req.statbuf.st_mode & S_IFMT) == S_IFREG;

  uv_fs_req_cleanup(&req);
  return is;
}

bool tenon_p_modules_line(tenon_p_engine *e, const char *url, int line,
                          tenon_p_text *out)
{
  tenon_p_last *last = tenon_p_modules_of(e)->last_source;
  tenon_p_source s;
  char *path = NULL;
  bool is_found = false;

  if (last && strcmp(last->name, url) == 0)
    return append_line(last->text, last->len, line, out);
  if (strncmp(url, "file:", 5) == 0 && !tenon_p_path_from_url(url, &path) &&
      path && is_regular(path) && tenon_p_source_read(path, &s) == 0) {
    is_found = append_line(s.text, s.len, line, out);
    tenon_p_source_release(&s);
  }
  free(path);
  return is_found;
}

/* --- Running -------------------------------------------------------------- */

static JSValue compile(JSContext *ctx, const tenon_p_source *s, const char *url,
                       enum tenon_p_source_kind kind, bool *is_module)
{
  *is_module = kind == TENON_P_SOURCE_MODULE;
  switch (kind) {
  case TENON_P_SOURCE_MODULE:
    return tenon_p_modules_compile(ctx, s->text, s->len, url, true);
  case TENON_P_SOURCE_SCRIPT:
    return tenon_p_compile(ctx, s->text, s->len, url, JS_EVAL_TYPE_GLOBAL);
  case TENON_P_SOURCE_UNKNOWN:
    return tenon_p_source_compile_detected(ctx, s, url, false, true, is_module);
  default: return JS_EXCEPTION;
  }
}

int tenon_p_modules_take(tenon_p_engine *e, const char *src, size_t len,
                         const char *name, tenon_p_source *s, char **url)
{
  char *text = terminated(src, len);
  int r = text ? tenon_p_source_take(text, len, s) : TENON_ENOMEM;

  if (r) return r;
  *url = tenon_p_modules_url_of(name);
  if (!*url) {
    tenon_p_source_release(s);
    return TENON_ENOMEM;
  }
  remember(e, *url, s);
  return 0;
}

int tenon_p_modules_eval(tenon_p_engine *e, enum tenon_p_source_kind kind,
                         const char *src, size_t len, const char *name)
{
  return tenon_p_modules_eval_in(e->ctx, kind, src, len, name);
}

int tenon_p_modules_eval_in(JSContext *ctx, enum tenon_p_source_kind kind,
                            const char *src, size_t len, const char *name)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  tenon_p_source s;
  bool is_module;
  JSValue code;
  char *url;
  int r = tenon_p_modules_take(e, src, len, name, &s, &url);

  if (r) return r;
  code = compile(ctx, &s, url, kind, &is_module);
  r = evaluate(ctx, code, is_module);
  free(url);
  tenon_p_source_release(&s);
  return r;
}

JSValue tenon_p_modules_import(tenon_p_engine *e, const char *specifier)
{
  char *base = tenon_p_modules_url_of("./[host]");
  JSValue promise;

  begin_module(e);
  promise = base ? JS_LoadModule(e->ctx, base, specifier)
                 : JS_ThrowOutOfMemory(e->ctx);

  free(base);
  return promise;
}

/* The script that awaits is kept to say where. */
static void keep_script(tenon_p_engine *e, JSValueConst code)
{
  tenon_p_modules *m = tenon_p_modules_of(e);

  JS_FreeValue(e->ctx, m->script);
  m->script = JS_DupValue(e->ctx, code);
}

int tenon_p_modules_places(tenon_p_engine *e, tenon_p_waiting *found, void *p)
{
  tenon_p_modules *m = tenon_p_modules_of(e);
  tenon_p_list *at;

  for (at = e->realms.next; at != &e->realms; at = at->next) {
    const tenon_p_realm *r = tenon_p_container(at, tenon_p_realm, link);
    if (!r->is_closed && tenon_p_waiting_modules(r->ctx, found, p)) return -1;
  }
  if (!JS_IsUndefined(m->script) &&
      tenon_p_waiting_script(e->ctx, m->script, found, p) < 0)
    return -1;
  return 0;
}

int tenon_p_modules_eval_value(tenon_p_engine *e, const char *src, size_t len,
                               const char *name, bool *is_async, JSValue *value)
{
  tenon_p_source s;
  JSValue code;
  char *url;
  int r = tenon_p_modules_take(e, src, len, name, &s, &url);

  *value = JS_UNDEFINED;
  if (r) return r;
  code = tenon_p_source_compile_value(e->ctx, &s, url, is_async);
  if (!JS_IsException(code) && *is_async) keep_script(e, code);
  *value = JS_IsException(code) ? code : JS_EvalFunction(e->ctx, code);
  if (JS_IsException(*value)) r = TENON_EEXCEPTION;
  free(url);
  tenon_p_source_release(&s);
  if (r == 0 && *is_async)
    r = await_module(e->ctx, JS_DupValue(e->ctx, *value));
  if (r) {
    JS_FreeValue(e->ctx, *value);
    *value = JS_UNDEFINED;
  }
  return r;
}

/* The code of a program's file: the function of its body, or a module. */
static JSValue compile_file(JSContext *ctx, const char *path, const char *url,
                            const tenon_p_source *s, bool *is_module)
{
  enum tenon_p_source_kind kind = tenon_p_source_kind_of(ctx, path);

  *is_module = kind == TENON_P_SOURCE_MODULE;
  switch (kind) {
  case TENON_P_SOURCE_MODULE:
    return tenon_p_modules_compile(ctx, s->text, s->len, url, true);
  case TENON_P_SOURCE_COMMONJS: return tenon_p_commonjs_compile(ctx, s, url);
  case TENON_P_SOURCE_FAILED: return JS_EXCEPTION;
  default:
    return tenon_p_source_compile_detected(ctx, s, url, true, true, is_module);
  }
}

static int run_source(tenon_p_engine *e, const char *path,
                      const tenon_p_source *s)
{
  char *url = tenon_p_path_to_url(path);
  bool is_module;
  JSValue code;

  if (!url) return TENON_ENOMEM;
  if (!is_regular(path)) remember(e, url, s);
  code = compile_file(e->ctx, path, url, s, &is_module);
  free(url);
  if (JS_IsException(code)) return TENON_EEXCEPTION;
  return is_module ? evaluate(e->ctx, code, true)
                   : tenon_p_commonjs_run(e->ctx, path, code);
}

/* A pipe (/dev/stdin) can be read by the name it was given and has no other. */
static int real_path_of(const char *path, char **out)
{
  uv_fs_t req;
  int r = uv_fs_realpath(NULL, &req, path, NULL);

  *out = r == 0 ? tenon_p_strndup(req.ptr, strlen(req.ptr))
                : tenon_p_path_resolve(NULL, path);
  uv_fs_req_cleanup(&req);
  return *out ? 0 : TENON_ENOMEM;
}

int tenon_p_modules_run_file(tenon_p_engine *e, const char *path)
{
  tenon_p_source s = {NULL, NULL, 0};
  char *real;
  int r;

  r = real_path_of(path, &real);
  if (r == 0) r = tenon_p_source_read(path, &s);
  if (r == 0) {
    r = run_source(e, real, &s);
  } else if (r != TENON_ENOMEM && r != UV_ENOMEM) {
    tenon_p_modules_throw(e->ctx, uv_err_name(r), "Cannot read %s: %s", path,
                          uv_strerror(r));
    r = TENON_EEXCEPTION;
  }
  tenon_p_source_release(&s);
  free(real);
  return r == UV_ENOMEM ? TENON_ENOMEM : r;
}
