/*
 * Who is asked what a specifier means, and what is there.
 *
 * Invariants
 * - A link that was put into the chain stays, and so do the strings of it: a
 *   request may come from inside of one.
 * - What a link says is what its function returns. What it gave before (a URL, a
 *   module, an exception) counts only with that word, and is dropped otherwise.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <tenon/error.h>
#include <tenon/realm.h>

#include "base/alloc.h"
#include "base/path.h"
#include "engine/debug.h"
#include "module/graph.h"

/* One of the host's. */
typedef struct host_link {
  tenon_p_list link;
  tenon_link said;
  void *data;
  char name[];
} host_link;

int tenon_p_links_add(tenon_p_engine *e, const tenon_link *said, void *data,
                      bool is_last)
{
  tenon_p_modules *m = tenon_p_modules_of(e);
  size_t size = strlen(said->name) + 1;
  host_link *l = tenon_p_heap_alloc(&e->heap, sizeof *l + size);

  if (!l) return TENON_ENOMEM;
  l->said = *said;
  l->said.name = l->name;
  l->data = data;
  memcpy(l->name, said->name, size);
  tenon_p_list_append(is_last ? &m->last_links : &m->first_links, &l->link);
  return 0;
}

static void free_links(tenon_p_engine *e, tenon_p_list *links)
{
  while (!tenon_p_list_is_empty(links)) {
    host_link *l = tenon_p_container(links->next, host_link, link);
    tenon_p_list_remove(&l->link);
    if (l->said.release) l->said.release(l->data);
    tenon_p_heap_free(&e->heap, l);
  }
}

void tenon_p_links_free(tenon_p_modules *m)
{
  free_links(m->engine, &m->first_links);
  free_links(m->engine, &m->last_links);
}

/* --- Notes and failures --------------------------------------------------- */

__attribute__((format(printf, 3, 0))) static void note(tenon_p_text *tried,
                                                       const tenon_link *by,
                                                       const char *format,
                                                       va_list ap)
{
  if (!format) return;
  tenon_p_text_printf(tried, "; %s: ", by->name);
  tenon_p_text_vprintf(tried, format, ap);
}

/* "WHAT 'NAME'…: LINK: REASON" */
__attribute__((format(printf, 4, 0))) static void fail(JSContext *ctx,
                                                       const char *code,
                                                       const char *what,
                                                       const char *format,
                                                       va_list ap)
{
  tenon_p_text reason = TENON_P_TEXT_INIT;

  if (JS_HasException(ctx)) JS_FreeValue(ctx, JS_GetException(ctx));
  tenon_p_text_vprintf(&reason, format, ap);
  if (reason.failed || !what)
    JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_modules_throw(ctx, code ? code : "ERR_MODULE_NOT_FOUND", "%s%s",
                          what, reason.data ? reason.data : "");
  tenon_p_text_release(&reason);
}

static void fail_resolving(const tenon_resolve *q, const char *code,
                           const char *format, va_list ap)
{
  tenon_p_text what = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&what, "Cannot find module '%s' imported from %s: %s: ",
                      q->specifier, q->referrer, q->by->name);
  fail(q->ctx, code, what.failed ? NULL : what.data, format, ap);
  tenon_p_text_release(&what);
}

static void fail_loading(const tenon_load *q, const char *code,
                         const char *format, va_list ap)
{
  tenon_p_text what = TENON_P_TEXT_INIT;

  tenon_p_text_printf(&what, "Cannot load %s: %s: ", q->url, q->by->name);
  fail(q->ctx, code, what.failed ? NULL : what.data, format, ap);
  tenon_p_text_release(&what);
}

/* --- What a specifier means ----------------------------------------------- */

const char *tenon_resolve_specifier(const tenon_resolve *q)
{
  return q->specifier;
}

const char *tenon_resolve_referrer(const tenon_resolve *q)
{
  return q->referrer;
}

bool tenon_resolve_is_import(const tenon_resolve *q)
{
  return q->is_loaded;
}

tenon_said tenon_resolve_answer(tenon_resolve *q, const char *url)
{
  JSContext *ctx = q->ctx;

  if (!url || !*url)
    return tenon_resolve_fail(q, NULL, "it has answered without a URL");
  js_free(ctx, q->url);
  q->url = js_strdup(ctx, url);
  return q->url ? TENON_SAID_ANSWER : TENON_SAID_FAIL;
}

tenon_said tenon_resolve_pass(tenon_resolve *q, const char *format, ...)
{
  va_list ap;

  va_start(ap, format);
  note(&q->tried, q->by, format, ap);
  va_end(ap);
  return TENON_SAID_PASS;
}

tenon_said tenon_resolve_fail(tenon_resolve *q, const char *code,
                              const char *format, ...)
{
  va_list ap;

  va_start(ap, format);
  fail_resolving(q, code, format, ap);
  va_end(ap);
  return TENON_SAID_FAIL;
}

/* Has nobody found it, rather than that somebody refused? */
static bool is_not_found(JSContext *ctx, JSValueConst error)
{
  static const char *const codes[] = {
      "ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND", "ERR_UNKNOWN_BUILTIN_MODULE",
      "ERR_UNSUPPORTED_DIR_IMPORT", "ERR_UNSUPPORTED_ESM_URL_SCHEME"};
  JSValue v =
      JS_IsError(error) ? JS_GetPropertyStr(ctx, error, "code") : JS_UNDEFINED;
  const char *code = JS_IsString(v) ? JS_ToCString(ctx, v) : NULL;
  bool is = false;
  size_t i;

  for (i = 0; code && i < tenon_p_countof(codes); i++)
    is = is || strcmp(code, codes[i]) == 0;
  JS_FreeCString(ctx, code);
  JS_FreeValue(ctx, v);
  if (JS_HasException(ctx)) JS_FreeValue(ctx, JS_GetException(ctx));
  return is;
}

/* The first one is the library's own, of who was to find it. */
static void keep_missed(tenon_resolve *q, JSValue error)
{
  if (JS_IsUndefined(q->missed))
    q->missed = error;
  else
    JS_FreeValue(q->ctx, error);
}

tenon_said tenon_p_resolve_say(tenon_resolve *q, char *url)
{
  JSValue error;

  if (url) {
    js_free(q->ctx, q->url);
    q->url = url;
    return TENON_SAID_ANSWER;
  }
  error = JS_GetException(q->ctx);
  if (is_not_found(q->ctx, error)) {
    keep_missed(q, error);
    return TENON_SAID_PASS;
  }
  JS_Throw(q->ctx, error);
  return TENON_SAID_FAIL;
}

/* What a link has said, with its note. */
static void tell_said(const tenon_resolve *q, tenon_p_tracer *t,
                      tenon_said said, size_t tried, bool was_missed)
{
  size_t skipped = tried + strlen("; ") + strlen(q->by->name) + strlen(": ");

  if (JS_HasException(q->ctx))
    tenon_p_trace_said(t, "refuses", NULL);
  else if (said == TENON_SAID_ANSWER && q->url)
    tenon_p_trace_said(t, "answers", NULL);
  else if (!was_missed && !JS_IsUndefined(q->missed))
    tenon_p_trace_said(t, "finds nothing", NULL);
  else
    tenon_p_trace_said(t, "passes",
                       q->tried.len > skipped ? q->tried.data + skipped : NULL);
}

/* True when nobody else is asked: `q->url` is it, or an exception is pending. */
static bool resolve_by(tenon_resolve *q, const tenon_link *by, void *data)
{
  JSContext *ctx = q->ctx;
  tenon_said said;

  tenon_p_tracer *t = tenon_p_tracer_of(ctx);
  bool was_missed = !JS_IsUndefined(q->missed);
  size_t tried = q->tried.len;

  if (!by->resolve) return false;
  q->by = by;
  if (t) tenon_p_trace_link(t, by->name);
  said = by->resolve(q, data);
  if (t) tell_said(q, t, said, tried, was_missed);
  if (said == TENON_SAID_ANSWER && q->url && !JS_HasException(ctx)) return true;
  js_free(ctx, q->url);
  q->url = NULL;
  if (JS_HasException(ctx)) return true;
  if (said == TENON_SAID_PASS) return false;
  return tenon_resolve_fail(q, NULL, "it has said neither yes nor why not") !=
         TENON_SAID_PASS;
}

static bool resolve_by_host(tenon_resolve *q, const tenon_p_list *links)
{
  const tenon_p_list *at;

  for (at = links->next; at != links; at = at->next) {
    const host_link *l = tenon_p_container(at, const host_link, link);
    if (resolve_by(q, &l->said, l->data)) return true;
  }
  return false;
}

static bool resolve_by_own(tenon_resolve *q, const tenon_link *l)
{
  while (l->name && !resolve_by(q, l, NULL))
    l++;
  return l->name;
}

/* Throws the error, consumed, with what links have tried. */
static void throw_with_notes(JSContext *ctx, JSValue error,
                             const tenon_p_text *tried)
{
  JSValue message = JS_GetPropertyStr(ctx, error, "message");
  const char *text = JS_IsString(message) ? JS_ToCString(ctx, message) : NULL;
  tenon_p_text t = TENON_P_TEXT_INIT;

  if (text) {
    tenon_p_text_puts(&t, text);
    tenon_p_text_append(&t, tried->data, tried->len);
    if (!t.failed)
      (void)JS_DefinePropertyValueStr(ctx, error, "message",
                                      JS_NewStringLen(ctx, t.data, t.len),
                                      JS_PROP_CONFIGURABLE | JS_PROP_WRITABLE);
  }
  tenon_p_text_release(&t);
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, message);
  if (JS_HasException(ctx)) {
    JS_FreeValue(ctx, error);
    return;
  }
  JS_Throw(ctx, error);
}

static void throw_missed(tenon_resolve *q)
{
  JSValue error = q->missed;

  q->missed = JS_UNDEFINED;
  if (JS_IsUndefined(error))
    tenon_p_modules_throw(q->ctx, "ERR_MODULE_NOT_FOUND",
                          "Cannot find module '%s' imported from %s%s",
                          q->specifier, q->referrer,
                          q->tried.data ? q->tried.data : "");
  else if (q->tried.len && !q->tried.failed)
    throw_with_notes(q->ctx, error, &q->tried);
  else
    JS_Throw(q->ctx, error);
}

static bool resolve_here(tenon_resolve *q)
{
  if (q->dir) return resolve_by_own(q, tenon_p_require_links);
  return resolve_by_own(q, tenon_p_name_links) ||
         resolve_by_own(q, tenon_p_file_links);
}

static void resolve(tenon_resolve *q)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(q->ctx));

  if (!resolve_by_host(q, &m->first_links) && !resolve_here(q) &&
      !resolve_by_host(q, &m->last_links))
    throw_missed(q);
  JS_FreeValue(q->ctx, q->missed);
}

/* What a relative specifier means in a module of a host's own URL: 0, or -1 with
 * an exception. */
static int join(tenon_resolve *q, char **joined)
{
  *joined = NULL;
  if (!tenon_p_modules_is_relative(q->specifier) ||
      !tenon_p_path_is_url(q->referrer) ||
      strncasecmp(q->referrer, "file:", 5) == 0 ||
      tenon_p_modules_is_data_url(q->referrer))
    return 0;
  *joined = tenon_p_path_join_url(q->referrer, q->specifier);
  if (!*joined) {
    JS_ThrowOutOfMemory(q->ctx);
    return -1;
  }
  q->specifier = *joined;
  return 0;
}

static char *resolve_for(JSContext *ctx, const char *referrer, const char *dir,
                         const char *specifier, bool is_loaded)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  tenon_resolve q = {.ctx = ctx,
                     .specifier = specifier,
                     .referrer = referrer,
                     .dir = dir,
                     .is_loaded = is_loaded,
                     .tried = TENON_P_TEXT_INIT,
                     .missed = JS_UNDEFINED};
  const tenon_p_modules *m = tenon_p_modules_of(e);
  char *joined = NULL, *mapped = NULL;

  if (dir ||
      tenon_p_import_map_resolve(ctx, referrer, specifier, &mapped) == 0) {
    if (mapped) q.specifier = mapped;
    if (!dir && m->import_map)
      TENON_P_TRACE(ctx, "import map: %s", mapped ? mapped : "says nothing");
    if (join(&q, &joined) == 0) resolve(&q);
  }
  if (q.url && tenon_p_import_check(ctx, q.url, specifier, referrer)) {
    js_free(ctx, q.url);
    q.url = NULL;
  }
  free(mapped);
  free(joined);
  tenon_p_text_release(&q.tried);
  if (tenon_p_engine_traces_modules(e)) {
    const char *const words[] = {"resolve: '", specifier,
                                 "' from ",    referrer,
                                 ": ",         q.url ? q.url : "(refused)",
                                 NULL};
    tenon_p_engine_trace_module(e, words);
  }
  return q.url;
}

char *tenon_p_modules_resolve(JSContext *ctx, const char *referrer,
                              const char *specifier, bool is_loaded)
{
  return resolve_for(ctx, referrer, NULL, specifier, is_loaded);
}

/* Links see URLs; without them a referrer is what a person reads. */
static char *require_by_links(JSContext *ctx, const char *referrer,
                              const char *dir, const char *specifier)
{
  char *from = tenon_p_modules_url_of(referrer), *path = NULL;
  char *url = NULL, *result = NULL;

  if (from)
    url = resolve_for(ctx, from, dir, specifier, true);
  else
    JS_ThrowOutOfMemory(ctx);
  free(from);
  if (!url || strncasecmp(url, "file:", 5) != 0) return url;
  if (tenon_p_path_from_url(url, &path)) return url;
  if (path)
    result = js_strdup(ctx, path);
  else
    JS_ThrowOutOfMemory(ctx);
  free(path);
  js_free(ctx, url);
  return result;
}

char *tenon_p_modules_require(JSContext *ctx, const char *referrer,
                              const char *dir, const char *specifier)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  const tenon_p_realm *r = tenon_p_realm_of(ctx);

  if (r && (r->without & TENON_REALM_IMPORT)) {
    tenon_p_modules_throw(ctx, "ERR_IMPORT_NOT_ALLOWED",
                          "Cannot require '%s': this realm has no imports",
                          specifier);
    return NULL;
  }
  if (tenon_p_list_is_empty(&m->first_links) &&
      tenon_p_list_is_empty(&m->last_links))
    return resolve_for(ctx, referrer, dir, specifier, true);
  return require_by_links(ctx, referrer, dir, specifier);
}

/* --- What is there -------------------------------------------------------- */

const char *tenon_load_url(const tenon_load *q)
{
  return q->url;
}

const char *tenon_load_type(const tenon_load *q)
{
  return tenon_p_modules_type_name(q->type);
}

/* The module of an earlier answer, which is the realm's already, is dropped. */
static void drop_def(tenon_load *q)
{
  if (q->def) tenon_p_module_drop(q->ctx, q->def);
  q->def = NULL;
}

bool tenon_load_can_wait(const tenon_load *q)
{
  return q->can_wait;
}

tenon_said tenon_load_answer(tenon_load *q, const void *data, size_t len)
{
  char *copy;

  drop_def(q);
  copy = len < SIZE_MAX && (data || !len)
             ? tenon_p_strndup(data ? data : "", len)
             : NULL;
  if (!copy)
    JS_ThrowOutOfMemory(q->ctx);
  else
    q->def = tenon_p_modules_load_source(q->ctx, q->url, q->type, copy, len);
  return q->def ? TENON_SAID_ANSWER : TENON_SAID_FAIL;
}

tenon_said tenon_load_answer_native(tenon_load *q, tenon_module_entry *entry)
{
  int r;

  drop_def(q);
  if (q->type)
    return tenon_load_fail(q, "ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE",
                           "native functions are not of type '%s'",
                           tenon_load_type(q));
  r = tenon_p_modules_load_linked(q->ctx, q->url, q->url, entry, NULL, &q->def);
  if (q->def) return TENON_SAID_ANSWER;
  if (r == TENON_ENOMEM || JS_HasException(q->ctx)) {
    if (!JS_HasException(q->ctx)) JS_ThrowOutOfMemory(q->ctx);
    return TENON_SAID_FAIL;
  }
  return tenon_load_fail(q, tenon_error_name(r), "%s", tenon_strerror(r));
}

tenon_said tenon_p_load_refuse(tenon_load *q, const char *code,
                               const char *text)
{
  tenon_p_modules_throw(q->ctx, code, "%s", text);
  return TENON_SAID_FAIL;
}

tenon_said tenon_p_load_compiled(tenon_load *q, const tenon_p_compiled *c)
{
  int r;

  drop_def(q);
  r = tenon_p_modules_load_linked(q->ctx, c->key, q->url, c->entry, c->refused,
                                  &q->def);
  if (q->def) return TENON_SAID_ANSWER;
  if (r == TENON_ENOMEM) JS_ThrowOutOfMemory(q->ctx);
  if (JS_HasException(q->ctx)) return TENON_SAID_FAIL;
  return tenon_load_fail(q, tenon_error_name(r), "%s", tenon_strerror(r));
}

tenon_said tenon_load_pass(tenon_load *q, const char *format, ...)
{
  va_list ap;

  va_start(ap, format);
  note(&q->tried, q->by, format, ap);
  va_end(ap);
  return TENON_SAID_PASS;
}

tenon_said tenon_load_fail(tenon_load *q, const char *code, const char *format,
                           ...)
{
  va_list ap;

  va_start(ap, format);
  fail_loading(q, code, format, ap);
  va_end(ap);
  return TENON_SAID_FAIL;
}

tenon_said tenon_p_load_say(tenon_load *q, JSModuleDef *def)
{
  q->def = def;
  return def ? TENON_SAID_ANSWER : TENON_SAID_FAIL;
}

/* What it gave counts only with the word that it has said. */
static void drop_given(tenon_load *q)
{
  drop_def(q);
  if (q->later) tenon_p_loading_drop(q->later);
  q->later = NULL;
}

/* True when nobody else is asked: `q->def` or `q->later` is it, or an exception is
 * pending. */
static bool load_by(tenon_load *q, const tenon_link *by, void *data)
{
  tenon_said said;

  if (q->after) {
    if (q->after == by) q->after = NULL;
    return false;
  }
  if (!by->load) return false;
  q->by = by;
  said = by->load(q, data);
  if (!JS_HasException(q->ctx) &&
      ((said == TENON_SAID_ANSWER && q->def && !q->later) ||
       (said == TENON_SAID_LATER && q->later && !q->def)))
    return true;
  drop_given(q);
  if (JS_HasException(q->ctx)) return true;
  if (said == TENON_SAID_PASS) return false;
  return tenon_load_fail(q, NULL, "it has said neither yes nor why not") !=
         TENON_SAID_PASS;
}

static bool load_by_host(tenon_load *q, const tenon_p_list *links)
{
  const tenon_p_list *at;

  for (at = links->next; at != links; at = at->next) {
    const host_link *l = tenon_p_container(at, const host_link, link);
    if (load_by(q, &l->said, l->data)) return true;
  }
  return false;
}

bool tenon_p_modules_load_by_host(JSContext *ctx, const char *url,
                                  JSModuleDef **def)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(ctx));
  tenon_load q = {.ctx = ctx, .url = url, .tried = TENON_P_TEXT_INIT};
  bool is_over =
      load_by_host(&q, &m->first_links) || load_by_host(&q, &m->last_links);

  *def = q.def;
  tenon_p_text_release(&q.tried);
  return is_over;
}

static bool load_by_own(tenon_load *q, const tenon_link *l)
{
  while (l->name && !load_by(q, l, NULL))
    l++;
  return l->name;
}

static void load(tenon_load *q)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(q->ctx));

  if (!tenon_p_modules_is_native_source(m, q->url) &&
      tenon_p_modules_check_build(q->ctx, q->url, q->attributes))
    return;
  if (load_by_own(q, tenon_p_name_links) || load_by_host(q, &m->first_links) ||
      load_by_host(q, &m->last_links) || load_by_own(q, tenon_p_file_links))
    return;
  tenon_p_modules_throw(q->ctx, "ERR_MODULE_NOT_FOUND",
                        "Cannot load %s: nobody has it%s", q->url,
                        q->tried.data ? q->tried.data : "");
}

/* Whose it is. */
static const char *kind_of(const tenon_load *q)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(q->ctx));

  return tenon_p_modules_find_native((tenon_p_modules *)m, q->url)
             ? "load: native "
         : tenon_p_modules_find_builtin(q->ctx, q->url) ? "load: builtin "
                                                        : "load: ";
}

/* By the import, or by the import map. */
static int begin_integrity(const tenon_load *q, tenon_p_held *held)
{
  const tenon_p_modules *m = tenon_p_modules_of(tenon_p_engine_of(q->ctx));

  return tenon_p_integrity_begin(q->ctx, q->attributes,
                                 tenon_p_import_map_integrity(m, q->url), held);
}

/* What it has come to; releases it. */
static JSModuleDef *conclude(tenon_load *q, tenon_p_held *held,
                             tenon_loading **later)
{
  JSModuleDef *def;

  if (q->later) {
    tenon_p_loading_keep_notes(q->later, &q->tried);
    *later = q->later;
  }
  tenon_p_text_release(&q->tried);
  def = tenon_p_integrity_end(q->ctx, q->url, q->attributes, held, q->def);
  if (def) tenon_p_module_ask_by(q->ctx, def, q->attributes);
  return def;
}

JSModuleDef *tenon_p_modules_load_here(JSContext *ctx, const char *url,
                                       JSValueConst attributes,
                                       enum tenon_p_data type,
                                       tenon_loading **later)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  tenon_load q = {.ctx = ctx,
                  .url = url,
                  .attributes = attributes,
                  .type = type,
                  .can_wait = later != NULL,
                  .tried = TENON_P_TEXT_INIT};
  tenon_p_held held;

  if (tenon_p_engine_traces_modules(e)) {
    const char *const words[] = {kind_of(&q), url, NULL};
    tenon_p_engine_trace_module(e, words);
  }
  if (begin_integrity(&q, &held)) return NULL;
  load(&q);
  return conclude(&q, &held, later);
}

JSModuleDef *tenon_p_modules_load_answered(JSContext *ctx, const char *url,
                                           JSValueConst attributes,
                                           enum tenon_p_data type,
                                           const tenon_p_later_answer *a,
                                           tenon_loading **later)
{
  tenon_load q = {.ctx = ctx,
                  .url = url,
                  .attributes = attributes,
                  .type = type,
                  .can_wait = true,
                  .after = a->by,
                  .by = a->by,
                  .tried = *a->tried};

  tenon_p_held held;
  tenon_said said;

  if (begin_integrity(&q, &held)) {
    free(a->data);
    return NULL;
  }
  *a->tried = (tenon_p_text)TENON_P_TEXT_INIT;
  if (a->data)
    said = tenon_p_load_say(
        &q, tenon_p_modules_load_source(ctx, url, type, a->data, a->len));
  else if (a->compiled)
    said = tenon_p_load_compiled(&q, a->compiled);
  else if (a->entry)
    said = tenon_load_answer_native(&q, a->entry);
  else if (a->is_pass)
    said = tenon_load_pass(&q, a->note ? "%s" : NULL, a->note);
  else if (a->is_whole)
    said = tenon_p_load_refuse(&q, a->code, a->failure);
  else
    said = tenon_load_fail(&q, a->code, "%s", a->failure);
  if (said == TENON_SAID_PASS) load(&q);
  return conclude(&q, &held, later);
}

JSModuleDef *tenon_p_modules_load(JSContext *ctx, const char *url, void *opaque,
                                  JSValueConst attributes)
{
  enum tenon_p_data type;

  (void)opaque;
  if (tenon_p_modules_type_of(ctx, attributes, &type)) return NULL;
  return tenon_p_modules_load_here(ctx, url, attributes, type, NULL);
}
