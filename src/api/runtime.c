/*
 * The public runtime: checks what the caller gave, enters the engine, and sees
 * to it that exactly one exception is pending after TENON_EEXCEPTION.
 */
#include <tenon/runtime.h>

#include <tenon/napi.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "api/internal.h"
#include "base/alloc.h"
#include "engine/engine.h"
#include "engine/exception.h"
#include "engine/extension.h"
#include "loop/loop.h"
#include "module/module.h"
#include "napi/env.h"
#include "napi/persistent.h"
#include "source/source.h"
#include "std/report/report.h"
#include "node/node.h"

/* Those of headers so far, oldest first. */
static const size_t options_sizes[] = {
    offsetof(tenon_options, external_limit_bytes),
    offsetof(tenon_options, loop),
    sizeof(tenon_options),
};
#define OLDEST_USAGE sizeof(tenon_memory_usage)

int tenon_p_runtime_check(const tenon_runtime *rt)
{
  if (!rt) return TENON_EINVAL;
  if (!tenon_p_engine_is_here(rt->engine)) return TENON_ETHREAD;
  return rt->engine->is_telling ? TENON_EBUSY : 0;
}

static void on_thrown(void *host, JSValue error);
static int take_uncaught(void *host);

/* How callbacks of the engine find it. */
static const tenon_p_state_type runtime_type = {.name = "runtime"};

/* --- Life ------------------------------------------------------------------------------ */

static int read_options(const tenon_options *options, tenon_options *out)
{
  size_t i = 0;

  memset(out, 0, sizeof *out);
  if (!options) return 0;
  while (i < tenon_p_countof(options_sizes) &&
         options->size != options_sizes[i])
    i++;
  if (i == tenon_p_countof(options_sizes)) return TENON_EINVAL;
  memcpy(out, options, options->size);
  if (out->arg_count && !out->args) return TENON_EINVAL;
  for (i = 0; i < out->arg_count; i++)
    if (!out->args[i]) return TENON_EINVAL;
  if (out->allocator && !tenon_p_heap_accepts(out->allocator))
    return TENON_EINVAL;
  return 0;
}

static int check_version(int version)
{
  int major = version / 10000, minor = version / 100 % 100;

  if (major != TENON_VERSION_MAJOR || minor > TENON_VERSION_MINOR)
    return TENON_EVERSION;
  if (major == 0 && minor != TENON_VERSION_MINOR) return TENON_EVERSION;
  return 0;
}

int tenon_p_runtime_new(const tenon_options *options, int version,
                        tenon_runtime **out)
{
  tenon_p_std_options std;
  tenon_p_limits limits;
  tenon_options o;
  tenon_runtime *rt;
  int r;

  if (!out) return TENON_EINVAL;
  *out = NULL;
  r = check_version(version);
  if (r == 0) r = read_options(options, &o);
  if (r) return r;
  rt = tenon_p_calloc(sizeof *rt);
  if (!rt) return TENON_ENOMEM;
  rt->pending = JS_UNINITIALIZED;
  rt->main.rt = rt;
  tenon_p_list_init(&rt->unused);
  limits = (tenon_p_limits){.memory_bytes = o.memory_limit_bytes,
                            .stack_bytes = o.stack_limit_bytes,
                            .external_bytes = o.external_limit_bytes,
                            .ends_at_memory_limit = o.ends_at_memory_limit,
                            .allocator = o.allocator};
  r = tenon_p_engine_new(&limits, &rt->engine);
  if (r) {
    free(rt);
    return r;
  }
  rt->main.realm = rt->engine->realm;
  std = (tenon_p_std_options){o.args, o.arg_count};
  r = tenon_p_persistents_attach(rt->engine);
  if (r == 0) r = tenon_p_loop_attach(rt->engine);
  if (r == 0) {
    rt->loop = tenon_p_loop_of(rt->engine);
    rt->loop->on_thrown = on_thrown;
    rt->loop->take_uncaught = take_uncaught;
    rt->loop->host = rt;
    rt->loop->news = tenon_p_runtime_news;
    if (o.loop) r = tenon_p_loop_join(rt->loop, o.loop);
  }
  if (r == 0) r = tenon_p_engine_attach(rt->engine, &runtime_type, rt);
  if (r == 0) r = tenon_p_modules_attach(rt->engine);
  if (r == 0) r = tenon_p_napi_attach(rt->engine);
  if (r == 0) r = tenon_p_std_attach(rt->engine, &std);
  if (r == 0) r = tenon_p_source_attach(rt->engine);
  if (r == 0) r = tenon_p_node_attach(rt->engine);
  if (r) {
    tenon_runtime_free(rt);
    return r;
  }
  *out = rt;
  return 0;
}

bool tenon_p_runtime_is_in_use(const tenon_runtime *rt)
{
  return rt->engine->depth || rt->engine->is_closing ||
         (rt->loop && (rt->loop->is_running || rt->loop->is_dispatching));
}

void tenon_p_runtime_end(tenon_runtime *rt)
{
  tenon_runtime_clear_exception(rt);
  tenon_p_realms_leave_all(rt);
  tenon_p_engine_free(rt->engine);
  tenon_p_realms_release(rt);
  tenon_p_text_release(&rt->text);
  tenon_p_text_release(&rt->explanation);
  tenon_p_text_release(&rt->waiting);
  tenon_p_text_release(&rt->resolved);
  free(rt);
}

void tenon_runtime_free(tenon_runtime *rt)
{
  if (!rt) return;
  if (tenon_p_runtime_check(rt) || tenon_p_runtime_is_in_use(rt)) {
    assert(!"tenon_runtime_free: the runtime is in use");
    return;
  }
  tenon_p_runtime_end(rt);
}

int tenon_runtime_add_module(tenon_runtime *rt, const char *name,
                             tenon_module_entry *entry)
{
  int r = tenon_p_runtime_check(rt);

  return r ? r : tenon_p_modules_add_native(rt->engine, name, entry);
}

/* --- Exceptions --------------------------------------------------------------------------- */

/* Consumes the value. */
static void set_pending(tenon_runtime *rt, JSValue v)
{
  JS_FreeValue(rt->engine->ctx, rt->pending);
  rt->pending = v;
  rt->has_text = rt->pending_is_rejection = rt->pending_is_reported = false;
}

void tenon_p_runtime_set_pending(tenon_runtime *rt, JSValue error)
{
  set_pending(rt, error);
}

/* Of a call of the host's by <tenon/import.h> or a callback. */
static void on_thrown(void *host, JSValue error)
{
  set_pending(host, error);
}

int tenon_p_runtime_take_uncaught(tenon_runtime *rt)
{
  tenon_p_engine *e = rt->engine;
  tenon_p_uncaught first;

  if (e->depth) return 0;
  if (e->has_lost_error) {
    e->has_lost_error = false;
    return TENON_ENOMEM;
  }
  if (!e->uncaught.count) return 0;
  first = e->uncaught.data[0];
  e->uncaught.count--;
  memmove(e->uncaught.data, e->uncaught.data + 1,
          e->uncaught.count * sizeof first);
  set_pending(rt, first.error);
  rt->pending_is_rejection = first.is_rejection;
  rt->pending_is_reported = true;
  return TENON_EEXCEPTION;
}

static int take_uncaught(void *host)
{
  return tenon_p_runtime_take_uncaught(host);
}

void tenon_runtime_clear_exception(tenon_runtime *rt)
{
  if (tenon_p_runtime_check(rt) == 0) set_pending(rt, JS_UNINITIALIZED);
}

const char *tenon_runtime_exception(tenon_runtime *rt)
{
  if (tenon_p_runtime_check(rt) || JS_IsUninitialized(rt->pending)) return NULL;
  if (!rt->has_text && tenon_p_engine_enter(rt->engine) == 0) {
    /* Its getters may come back here by a function of the host. */
    JSValue held = JS_DupValue(rt->engine->ctx, rt->pending);
    tenon_p_text_clear(&rt->text);
    tenon_p_exception_describe(rt->engine->ctx, held, &rt->text);
    rt->has_text = !rt->text.failed;
    JS_FreeValue(rt->engine->ctx, held);
    tenon_p_engine_leave_quietly(rt->engine);
  }
  return rt->has_text ? rt->text.data : "an error that cannot be shown";
}

/* Appends to rt->explanation; false when scripts cannot run. */
static bool explain_exception(tenon_runtime *rt, tenon_form form)
{
  tenon_p_engine *e = rt->engine;
  JSValue held;

  if (tenon_p_engine_enter(e)) return false;
  held = JS_DupValue(e->ctx, rt->pending);
  tenon_p_report_error(e, held, rt->pending_is_rejection, form,
                       &rt->explanation);
  JS_FreeValue(e->ctx, held);
  tenon_p_engine_leave_quietly(e);
  return !rt->explanation.failed;
}

static const char *explain_by_name(tenon_runtime *rt, int result,
                                   tenon_form form)
{
  const char *text = result == TENON_EEXCEPTION ? tenon_runtime_exception(rt)
                                                : tenon_strerror(result);

  if (form != TENON_FORM_JSON) return text;
  tenon_p_text_clear(&rt->explanation);
  tenon_p_report_failure(text, &rt->explanation);
  return rt->explanation.failed ? "{\"kind\":\"failure\"}"
                                : rt->explanation.data;
}

const char *tenon_runtime_explain(tenon_runtime *rt, int result,
                                  tenon_form form)
{
  bool is_told = false;

  if (tenon_p_runtime_check(rt)) return NULL;
  tenon_p_text_clear(&rt->explanation);
  switch (result) {
  case TENON_EEXCEPTION:
    if (JS_IsUninitialized(rt->pending)) return NULL;
    is_told = explain_exception(rt, form);
    break;
  case TENON_ETERMINATED:
    if (tenon_runtime_limit(rt) == TENON_LIMIT_NONE) break;
    tenon_p_report_limit(rt->engine, form, &rt->explanation);
    is_told = true;
    break;
  case TENON_EUNSETTLED:
    tenon_p_report_waiting(rt->engine, tenon_runtime_waiting(rt), form,
                           &rt->explanation);
    is_told = true;
    break;
  default: break;
  }
  if (is_told && !rt->explanation.failed) return rt->explanation.data;
  return explain_by_name(rt, result, form);
}

/* --- Running --------------------------------------------------------------------------------- */

static int leave(tenon_runtime *rt, int r)
{
  tenon_p_engine *e = rt->engine;
  int status = tenon_p_engine_status(e);
  JSValue thrown = JS_UNINITIALIZED;

  if (r == TENON_EEXCEPTION) thrown = JS_GetException(e->ctx);
  tenon_p_engine_leave(e);
  if (status == 0) status = tenon_p_engine_status(e);
  if (status || r != TENON_EEXCEPTION) {
    JS_FreeValue(e->ctx, thrown);
    return status ? status : r ? r : tenon_p_runtime_take_uncaught(rt);
  }
  set_pending(rt, thrown);
  return r;
}

int tenon_p_runtime_leave(tenon_runtime *rt, int r)
{
  r = leave(rt, r);
  /* What was uncaught may be pending now. */
  if (!rt->engine->depth) tenon_p_loop_touch(rt->loop);
  return r;
}

static int eval(tenon_runtime *rt, enum tenon_p_source_kind kind,
                const char *src, size_t len, const char *name)
{
  int r = tenon_p_runtime_check(rt);

  if (r == 0 && !src && len) r = TENON_EINVAL;
  if (r == 0) r = tenon_p_engine_enter(rt->engine);
  if (r) return r;
  tenon_p_loop_begin(rt->loop);
  if (!name) name = kind == TENON_P_SOURCE_MODULE ? "<module>" : "<script>";
  return tenon_p_runtime_leave(
      rt, tenon_p_modules_eval(rt->engine, kind, src, len, name));
}

int tenon_runtime_eval(tenon_runtime *rt, const char *src, size_t len,
                       const char *name)
{
  return eval(rt, TENON_P_SOURCE_UNKNOWN, src, len, name);
}

int tenon_runtime_eval_script(tenon_runtime *rt, const char *src, size_t len,
                              const char *name)
{
  return eval(rt, TENON_P_SOURCE_SCRIPT, src, len, name);
}

int tenon_runtime_eval_module(tenon_runtime *rt, const char *src, size_t len,
                              const char *name)
{
  return eval(rt, TENON_P_SOURCE_MODULE, src, len, name);
}

static int show(tenon_runtime *rt, const tenon_p_audience *a,
                JSValueConst value)
{
  tenon_p_text text = TENON_P_TEXT_INIT;
  int r = TENON_ENOMEM;

  tenon_p_text_puts(&text, "");
  tenon_p_report_value(rt->engine, value, a->form, &text);
  if (!text.failed) {
    a->shown(a->data, text.data, text.len);
    r = 0;
  }
  tenon_p_text_release(&text);
  return r;
}

static JSValue on_value(JSContext *ctx, JSValueConst this_value, int argc,
                        JSValueConst *argv)
{
  tenon_runtime *rt = tenon_p_engine_get(tenon_p_engine_of(ctx), &runtime_type);
  tenon_p_audience a = rt->audience;
  JSValue value = JS_GetPropertyStr(ctx, argv[0], "value");

  (void)this_value;
  (void)argc;
  rt->audience.shown = NULL;
  if (JS_IsException(value))
    tenon_p_engine_take_exception(rt->engine);
  else if (show(rt, &a, value))
    rt->engine->has_lost_error = true;
  JS_FreeValue(ctx, value);
  return JS_UNDEFINED;
}

static JSValue on_no_value(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  tenon_runtime *rt = tenon_p_engine_get(tenon_p_engine_of(ctx), &runtime_type);

  (void)this_value;
  (void)argc;
  (void)argv;
  /* The error is told of by the layer that evaluates. */
  rt->audience.shown = NULL;
  return JS_UNDEFINED;
}

/* Consumes the promise. 0 or TENON_EEXCEPTION. */
static int show_later(tenon_runtime *rt, JSValue promise)
{
  JSContext *ctx = rt->engine->ctx;
  JSValue fulfilled = JS_NewCFunction(ctx, on_value, "", 1);
  JSValue rejected = JS_NewCFunction(ctx, on_no_value, "", 1);
  int r = -1;

  if (!JS_IsException(fulfilled) && !JS_IsException(rejected))
    r = tenon_p_promise_then(ctx, promise, fulfilled, rejected);
  JS_FreeValue(ctx, fulfilled);
  JS_FreeValue(ctx, rejected);
  JS_FreeValue(ctx, promise);
  if (r) rt->audience.shown = NULL;
  return r ? TENON_EEXCEPTION : 0;
}

int tenon_runtime_eval_shown(tenon_runtime *rt, const char *src, size_t len,
                             const char *name, tenon_form form,
                             void (*shown)(void *data, const char *text,
                                           size_t len),
                             void *data)
{
  tenon_p_audience a = {shown, data, form};
  int r = tenon_p_runtime_check(rt);
  JSValue value;
  bool is_async;

  if (r) return r;
  if ((!src && len) || !shown || form == TENON_FORM_JSON) return TENON_EINVAL;
  if (rt->audience.shown) return TENON_EBUSY;
  r = tenon_p_engine_enter(rt->engine);
  if (r) return r;
  tenon_p_loop_begin(rt->loop);
  r = tenon_p_modules_eval_value(rt->engine, src, len, name ? name : "<script>",
                                 &is_async, &value);
  if (r == 0 && is_async) {
    rt->audience = a;
    r = show_later(rt, value);
  } else if (r == 0) {
    r = show(rt, &a, value);
    JS_FreeValue(rt->engine->ctx, value);
  }
  return tenon_p_runtime_leave(rt, r);
}

static int run(tenon_runtime *rt)
{
  int r = tenon_p_runtime_begin_run(rt);

  do {
    if (r == 0) r = tenon_p_loop_run(rt->loop);
    if (r == 0) r = tenon_p_runtime_end_run(rt, true);
    if (r) return r;
    tenon_p_process_end(rt->engine, false);
  } while (tenon_p_loop_is_alive(rt->loop) || tenon_p_loop_must_stop(rt->loop));
  tenon_p_process_end(rt->engine, true);
  r = tenon_p_engine_status(rt->engine);
  return r ? r : tenon_p_runtime_end_run(rt, true);
}

int tenon_runtime_run(tenon_runtime *rt)
{
  int r = tenon_p_runtime_check(rt);

  return r ? r : tenon_p_loop_tell(rt->loop, run(rt));
}

/* Errors from before, and jobs that a termination held back, come first. */
int tenon_p_runtime_begin_run(tenon_runtime *rt)
{
  int r = TENON_EBUSY;

  if (!rt->loop->is_running && !rt->loop->is_dispatching)
    r = rt->engine->depth ? r : tenon_p_engine_enter(rt->engine);
  return r ? r : tenon_p_runtime_leave(rt, 0);
}

int tenon_p_runtime_end_run(tenon_runtime *rt, bool has_ended)
{
  int r = tenon_p_runtime_take_uncaught(rt);

  if (r || !has_ended) return r;
  return tenon_p_modules_is_waiting(rt->engine) ? TENON_EUNSETTLED : 0;
}

struct waiting {
  JSContext *ctx;
  tenon_p_text *text;
};

static void append_waiting(void *p, JSValueConst name, int line, int column)
{
  struct waiting *w = p;
  size_t len;
  char *url;

  if (tenon_p_string_utf8_size(w->ctx, name, &len)) return;
  if (w->text->len) tenon_p_text_puts(w->text, "\n");
  url = tenon_p_text_extend(w->text, len);
  if (url) tenon_p_string_utf8_write(name, url);
  tenon_p_text_printf(w->text, ":%d:%d", line, column);
}

const char *tenon_runtime_waiting(tenon_runtime *rt)
{
  struct waiting w;

  if (tenon_p_runtime_check(rt)) return NULL;
  w = (struct waiting){rt->engine->ctx, &rt->waiting};
  tenon_p_text_clear(w.text);
  if (tenon_p_modules_places(rt->engine, append_waiting, &w)) {
    JS_FreeValue(w.ctx, JS_GetException(w.ctx));
    return NULL;
  }
  return w.text->len && !w.text->failed ? w.text->data : NULL;
}

/* The context's exception is put to the program, which is still entered: the
 * code is 0 when that took care of it. */
static int report_thrown(tenon_runtime *rt, int r)
{
  JSContext *ctx = rt->engine->ctx;
  JSValue thrown;

  if (r != TENON_EEXCEPTION) return r;
  thrown = JS_GetException(ctx);
  if (tenon_p_engine_report(rt->engine, thrown)) {
    JS_FreeValue(ctx, thrown);
    return 0;
  }
  JS_Throw(ctx, thrown);
  return r;
}

int tenon_runtime_run_file(tenon_runtime *rt, const char *path)
{
  int r = tenon_p_runtime_check(rt);

  if (r == 0 && !path) r = TENON_EINVAL;
  if (r == 0 && (rt->loop->is_running || rt->engine->depth)) r = TENON_EBUSY;
  if (r == 0) r = tenon_p_engine_enter(rt->engine);
  if (r) return r;
  r = tenon_p_runtime_leave(
      rt, report_thrown(rt, tenon_p_modules_run_file(rt->engine, path)));
  if (r == TENON_EEXCEPTION) rt->pending_is_reported = true;
  return r ? r : tenon_runtime_run(rt);
}

/* Scripts run meanwhile, which may come back here by a function of the host:
 * they find nothing pending, and what they leave pending is dropped. */
int tenon_runtime_report(tenon_runtime *rt)
{
  int r = tenon_p_runtime_check(rt);
  JSValue error;

  if (r || JS_IsUninitialized(rt->pending)) return r;
  if (rt->pending_is_reported) return TENON_EEXCEPTION;
  r = tenon_p_engine_enter(rt->engine);
  if (r) return r;
  error = rt->pending;
  rt->pending = JS_UNINITIALIZED;
  JS_Throw(rt->engine->ctx, error);
  r = report_thrown(rt, TENON_EEXCEPTION);
  set_pending(rt, JS_UNINITIALIZED);
  r = tenon_p_runtime_leave(rt, r);
  if (r == TENON_EEXCEPTION) rt->pending_is_reported = true;
  return r;
}

/* --- Ending ------------------------------------------------------------------------------------ */

void tenon_runtime_terminate(tenon_runtime *rt)
{
  if (rt) tenon_p_engine_terminate(rt->engine, TENON_P_TERMINATED);
}

tenon_limit tenon_runtime_limit(tenon_runtime *rt)
{
  if (tenon_p_runtime_check(rt)) return TENON_LIMIT_NONE;
  return tenon_p_limit_of(tenon_p_engine_termination(rt->engine));
}

void tenon_runtime_resume(tenon_runtime *rt)
{
  if (tenon_p_runtime_check(rt) == 0 && rt->engine->depth == 0)
    tenon_p_loop_resume(rt->loop);
}

int tenon_runtime_exit_code(tenon_runtime *rt)
{
  return tenon_p_runtime_check(rt) ? 0 : rt->engine->exit_code;
}

/* --- Memory -------------------------------------------------------------------------------------- */

tenon_memory tenon_runtime_memory(tenon_runtime *rt)
{
  if (tenon_p_runtime_check(rt)) return (tenon_memory){0, 0};
  return (tenon_memory){tenon_p_engine_used(rt->engine),
                        rt->engine->own.amounts.memory_bytes};
}

int tenon_runtime_memory_usage(tenon_runtime *rt, tenon_memory_usage *out)
{
  int r = tenon_p_runtime_check(rt);
  const tenon_p_engine *e;
  tenon_memory_usage usage;

  if (r == 0 && (!out || out->size < OLDEST_USAGE)) r = TENON_EINVAL;
  if (r) return r;
  e = rt->engine;
  usage = (tenon_memory_usage){
      .size = out->size < sizeof usage ? out->size : sizeof usage,
      .used_bytes = tenon_p_engine_used(e),
      .limit_bytes = e->own.amounts.memory_bytes,
      .engine_bytes = tenon_p_runtime_used(e->rt),
      .own_bytes = e->heap.own_bytes,
      .external_bytes = e->heap.external_bytes,
      .external_limit_bytes = e->heap.external_limit_bytes,
      .collections = e->collections,
  };
  memcpy(out, &usage, usage.size);
  return 0;
}

void tenon_runtime_collect(tenon_runtime *rt)
{
  if (tenon_p_runtime_check(rt) == 0) JS_RunGC(rt->engine->rt);
}

/* --- Values -------------------------------------------------------------------------------------- */

napi_env tenon_runtime_env(tenon_runtime *rt)
{
  return tenon_p_runtime_check(rt) ? NULL : tenon_p_napi_env(rt->engine);
}

int tenon_runtime_get_exception(tenon_runtime *rt, napi_value *out)
{
  int r = tenon_p_runtime_check(rt);
  napi_env env;

  if (out) *out = NULL;
  if (r || !out) return r ? r : TENON_EINVAL;
  if (JS_IsUninitialized(rt->pending)) return 0;
  env = tenon_p_napi_env(rt->engine);
  if (env)
    *out = tenon_p_handles_push(env, JS_DupValue(rt->engine->ctx, rt->pending));
  return *out ? 0 : TENON_ENOMEM;
}

int tenon_runtime_set_exception(tenon_runtime *rt, napi_value error)
{
  int r = tenon_p_runtime_check(rt);
  JSValueConst v;

  if (r || !error) return r ? r : TENON_EINVAL;
  v = tenon_p_napi_value(error);
  if (JS_IsUninitialized(rt->pending) ||
      !JS_IsStrictEqual(rt->engine->ctx, rt->pending, v))
    set_pending(rt, JS_DupValue(rt->engine->ctx, v));
  return 0;
}
