/* Tenon in the runtime of a host that embeds the engine by itself. */
#define TENON_MODULE attached
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <quickjs-libc.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/persistent.h>
#include <tenon/quickjs.h>
#include <unistd.h>
#include <uv.h>

#include "engine/engine.h"
#include "harness.h"

TENON_MODULE_THREADS(any);

/* --- What is imported ----------------------------------------------------------- */

TENON_FUNCTION(i32, twice, (i32, n))
{
  return 2 * n;
}

TENON_FUNCTION(none, refuse, (str, why))
{
  tenon_fail(TENON_RANGE_ERROR, "%s", why.data);
}

TENON_FUNCTION(bytes, taken, (u32, size))
{
  tenon_bytes r = {tenon_defer(free, calloc(size, 1)), size};

  return r;
}

TENON_CONSTANT(i32, answer, 42)

TENON_CALLBACK(none, meanwhile)

/* All bytes, read behind a call. */
TENON_FUNCTION(i64, sum_behind, (bytes, b), (meanwhile, f))
{
  int64_t total = 0;
  size_t i;

  if (meanwhile_call(f)) return -1;
  for (i = 0; i < b.len; i++)
    total += b.data[i];
  return total;
}

/* Is Node-API there, also in a function whose types do not want it? */
TENON_FUNCTION(bool, has_env, (i32, n))
{
  return n > 0 && tenon_env() != NULL;
}

TENON_FUNCTION(any, itself, (any, v))
{
  return tenon_env() ? v : NULL;
}

static tenon_persistent *held;
static char kept_text[128];

static bool tell_kept(const tenon_kept *kept, void *data)
{
  snprintf(kept_text, sizeof kept_text, "%s, line %d", kept->text, kept->line);
  return true;
}

TENON_FUNCTION(i32, hold, (any, v))
{
  if (tenon_persistent_new_at(tenon_env(), v, "held.c", 7, &held)) return -1;
  return tenon_kept_report(tenon_env(), tell_kept, NULL);
}

TENON_FUNCTION(any, get_held)
{
  napi_value v;

  return tenon_persistent_get(tenon_env(), held, &v) ? NULL : v;
}

static int closed_count;

static void free_timer(uv_handle_t *timer)
{
  free(timer);
}

static void on_time(uv_timer_t *timer);

static void on_close(tenon_deferred *d, void *timer)
{
  closed_count++;
  tenon_deferred_reject(d, TENON_ERROR, "closed");
  uv_close(timer, free_timer);
}

TENON_ASYNC(none, sleep_ms, (u32, ms))
{
  uv_timer_t *timer = malloc(sizeof *timer);

  uv_timer_init(tenon_deferred_loop(deferred), timer);
  timer->data = deferred;
  tenon_deferred_on_close(deferred, on_close, timer);
  uv_timer_start(timer, on_time, ms, 0);
}

static void on_time(uv_timer_t *timer)
{
  TENON_RESOLVE(sleep_ms, (tenon_deferred *)timer->data);
  uv_close((uv_handle_t *)timer, free_timer);
}

TENON_ASYNC(i32, at_once, (i32, n))
{
  TENON_RESOLVE(at_once, deferred, n);
}

static void *resolve_later(void *deferred);

TENON_ASYNC(i32, by_thread)
{
  pthread_t thread;

  pthread_create(&thread, NULL, resolve_later, deferred);
  pthread_detach(thread);
}

static void *resolve_later(void *deferred)
{
  usleep(20000);
  TENON_RESOLVE(by_thread, deferred, 7);
  return NULL;
}

TENON_BLOCKING(i32, nap, (u32, ms))
{
  usleep(ms * 1000);
  return (int32_t)ms;
}

/* A read end that is written to 20 ms after the call: that it is watched begins
 * in a callback of libuv's poll, which so knows it at the next one only. */
typedef struct watcher {
  uv_async_t async;
  uv_poll_t poll;
  int pipe[2];
  tenon_deferred *deferred;
} watcher;

static void begin_to_watch(uv_async_t *async);

TENON_ASYNC(none, watched)
{
  watcher *w = calloc(1, sizeof *w);

  if (pipe(w->pipe)) abort();
  w->deferred = deferred;
  uv_async_init(tenon_deferred_loop(deferred), &w->async, begin_to_watch);
  w->async.data = w;
  uv_async_send(&w->async);
}

static void free_watcher(uv_handle_t *handle)
{
  watcher *w = handle->data;

  close(w->pipe[0]);
  close(w->pipe[1]);
  free(w);
}

static void close_poll(uv_handle_t *handle)
{
  watcher *w = handle->data;

  uv_close((uv_handle_t *)&w->poll, free_watcher);
}

static void on_readable(uv_poll_t *handle, int status, int events)
{
  watcher *w = handle->data;

  (void)status;
  (void)events;
  uv_poll_stop(handle);
  TENON_RESOLVE(watched, w->deferred);
  uv_close((uv_handle_t *)&w->async, close_poll);
}

static void *write_later(void *fd)
{
  usleep(20000);
  if (write((int)(intptr_t)fd, "x", 1) != 1) abort();
  return NULL;
}

static void begin_to_watch(uv_async_t *async)
{
  watcher *w = async->data;
  pthread_t thread;

  uv_poll_init(async->loop, &w->poll, w->pipe[0]);
  w->poll.data = w;
  uv_poll_start(&w->poll, UV_READABLE, on_readable);
  pthread_create(&thread, NULL, write_later, (void *)(intptr_t)w->pipe[1]);
  pthread_detach(thread);
}

/* --- Hosts ------------------------------------------------------------------------- */

static JSValue host_log(JSContext *ctx, JSValueConst this_value, int argc,
                        JSValueConst *argv);

typedef struct host {
  JSRuntime *rt;
  JSContext *ctx;
  bool has_libc, has_libc_left;
  char log[4096];
} host;

static JSValue host_log(JSContext *ctx, JSValueConst this_value, int argc,
                        JSValueConst *argv)
{
  host *h = JS_GetContextOpaque(ctx);
  const char *s = JS_ToCString(ctx, argv[0]);

  (void)this_value;
  (void)argc;
  if (!s) return JS_EXCEPTION;
  strncat(h->log, s, sizeof h->log - strlen(h->log) - 2);
  strcat(h->log, "\n");
  JS_FreeCString(ctx, s);
  return JS_UNDEFINED;
}

static void add_log(JSContext *ctx)
{
  JSValue global = JS_GetGlobalObject(ctx);

  JS_SetPropertyStr(ctx, global, "log",
                    JS_NewCFunction(ctx, host_log, "log", 1));
  JS_FreeValue(ctx, global);
}

/* With the loop of quickjs-libc, or none. */
static void host_start(host *h, bool has_libc)
{
  memset(h, 0, sizeof *h);
  h->rt = JS_NewRuntime();
  h->ctx = JS_NewContext(h->rt);
  h->has_libc = h->has_libc_left = has_libc;
  JS_SetContextOpaque(h->ctx, h);
  JS_SetRuntimeOpaque(h->rt, h);
  if (has_libc) {
    js_std_init_handlers(h->rt);
    js_init_module_std(h->ctx, "qjs:std");
    js_init_module_os(h->ctx, "qjs:os");
    JS_SetModuleLoaderFunc2(h->rt, NULL, js_module_loader,
                            js_module_check_attributes, NULL);
  }
  add_log(h->ctx);
}

static void host_end(host *h)
{
  if (h->has_libc) js_std_free_handlers(h->rt);
  JS_FreeContext(h->ctx);
  JS_FreeRuntime(h->rt);
}

static void host_attach(host *h)
{
  CHECK_INT(0, tenon_attach(h->ctx, "native", tenon_module_attached));
}

/* Evaluates a module that imports it all, up to its first await. */
static JSValue host_eval(JSContext *ctx, const char *source)
{
  char text[4096] = "import * as native from 'native';\n"
                    "import { twice, refuse, taken, answer, sleep_ms, at_once, "
                    "by_thread, nap, watched } from 'native';\n";

  strcat(text, source);
  return JS_Eval(ctx, text, strlen(text), "host.js", JS_EVAL_TYPE_MODULE);
}

static void host_run(host *h, const char *source)
{
  JSValue v = host_eval(h->ctx, source);

  if (JS_IsException(v)) {
    JSValue e = JS_GetException(h->ctx);
    const char *s = JS_ToCString(h->ctx, e);
    print_error("%s\n", s);
    JS_FreeCString(h->ctx, s);
    JS_FreeValue(h->ctx, e);
    fail();
  }
  JS_FreeValue(h->ctx, v);
}

/* The jobs of a host that knows no loop; how many. */
static int host_jobs(host *h)
{
  JSContext *ctx;
  int count = 0, r;

  while ((r = JS_ExecutePendingJob(h->rt, &ctx)) > 0)
    count++;
  CHECK_INT(0, r);
  return count;
}

/* The same with a loop around its descriptor, until nothing is open. */
static void host_poll(host *h)
{
  struct pollfd p = {.fd = tenon_attach_fd(h->ctx), .events = POLLIN};

  CHECK(p.fd >= 0);
  for (;;) {
    host_jobs(h);
    if (!tenon_attach_is_waiting(h->ctx)) return;
    CHECK_INT(1, poll(&p, 1, 5000));
  }
}

#define CHECK_HOST_LOG(expected, h) \
  do {                              \
    CHECK_TEXT(expected, (h)->log); \
    (h)->log[0] = '\0';             \
  } while (0)

/* What a host has of its own. */
static JSValue host_detach(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  JS_DetachArrayBuffer(ctx, argv[0]);
  return JS_HasException(ctx) ? JS_EXCEPTION : JS_UNDEFINED;
}

/* --- Calls --------------------------------------------------------------------------- */

TEST(a_host_imports_functions_and_constants)
{
  host h;

  host_start(&h, false);
  host_attach(&h);
  host_run(&h, "log(Object.keys(native)); log(twice(answer));");
  CHECK_HOST_LOG(
      "answer,at_once,by_thread,get_held,has_env,hold,itself,nap,own,refuse,sleep_ms,"
      "sum_behind,taken,twice,watched\n84\n",
      &h);
  host_end(&h);
}

TEST(memory_that_a_function_uses_is_not_taken_by_a_host_either)
{
  host h;
  JSValue global;

  host_start(&h, false);
  host_attach(&h);
  global = JS_GetGlobalObject(h.ctx);
  CHECK_INT(
      1, JS_SetPropertyStr(h.ctx, global, "detach",
                           JS_NewCFunction(h.ctx, host_detach, "detach", 1)));
  JS_FreeValue(h.ctx, global);
  host_run(&h, "const b = new Uint8Array(4096).fill(1);\n"
               "const t = (f) => { try { f(); log('taken'); }\n"
               "  catch (e) { log(`${e}`); } };\n"
               "log(`${native.sum_behind(b, () => {\n"
               "  t(() => detach(b.buffer)); t(() => b.buffer.transfer());\n"
               "})}`);\n"
               "t(() => detach(b.buffer)); log(`${b.buffer.detached}`);");
  CHECK_HOST_LOG("TypeError: ArrayBuffer is in use by native code\n"
                 "TypeError: ArrayBuffer is in use by native code\n"
                 "4096\ntaken\ntrue\n",
                 &h);
  host_end(&h);
}

TEST(errors_are_those_of_any_runtime)
{
  host h;

  host_start(&h, false);
  host_attach(&h);
  host_run(&h, "for (const f of [() => twice(), () => twice('*'), "
               "() => refuse('no')])\n"
               "  try { f() } catch (e) { log(e) }");
  CHECK_HOST_LOG("TypeError: twice: expected 1 argument, got 0\n"
                 "TypeError: twice: argument 1 'n': expected integer, got "
                 "string\n"
                 "RangeError: no\n",
                 &h);
  host_end(&h);
}

TEST(a_runtime_is_freed_with_memory_that_a_function_gave)
{
  host h;

  host_start(&h, false);
  host_attach(&h);
  host_run(&h, "globalThis.held = taken(100000); log(held.length);");
  CHECK_HOST_LOG("100000\n", &h);
  host_end(&h);
}

static size_t external_of(const host *h)
{
  return tenon_p_engine_of(h->ctx)->heap.external_bytes;
}

TEST(memory_that_functions_gave_makes_the_hosts_engine_collect)
{
  static const char source[] = "for (let i = 0; i < 500; i++) {"
                               "  const b = taken(2 ** 20); b.self = b; }";
  host h;

  host_start(&h, false);
  host_attach(&h);
  host_run(&h, source);
  CHECK(external_of(&h) < (size_t)70 << 20);
  /* A host that wants no collections gets none. */
  JS_SetGCThreshold(h.rt, (size_t)-1);
  host_run(&h, source);
  CHECK(external_of(&h) > (size_t)500 << 20);
  CHECK(JS_GetGCThreshold(h.rt) == (size_t)-1);
  JS_RunGC(h.rt);
  CHECK(external_of(&h) < (size_t)2 << 20);
  host_end(&h);
}

TEST(nothing_but_the_attachment_is_freed_too)
{
  host h;

  host_start(&h, false);
  host_attach(&h);
  host_end(&h);
}

/* --- Attaching ----------------------------------------------------------------------- */

TEST(a_name_can_be_attached_once_in_a_context)
{
  host h;

  host_start(&h, false);
  host_attach(&h);
  CHECK_INT(TENON_EEXIST, tenon_attach(h.ctx, "native", tenon_module_attached));
  CHECK_INT(0, tenon_attach(h.ctx, "again", tenon_module_attached));
  host_run(&h, "import { twice as other } from 'again';\n"
               "log(other === twice); log(other(4));");
  CHECK_HOST_LOG("false\n8\n", &h);
  host_end(&h);
}

static int init_nothing(JSContext *ctx, JSModuleDef *m)
{
  (void)ctx;
  (void)m;
  return 0;
}

TEST(a_module_of_the_host_is_not_replaced)
{
  host h;

  host_start(&h, false);
  CHECK(JS_NewCModule(h.ctx, "native", init_nothing) != NULL);
  CHECK_INT(TENON_EEXIST, tenon_attach(h.ctx, "native", tenon_module_attached));
  host_end(&h);
}

static const tenon_module *other_module(void)
{
  static tenon_module copy;

  copy = *tenon_module_attached();
  return &copy;
}

TEST(contexts_of_a_runtime_attach_each_for_itself)
{
  JSContext *second;
  host h;
  JSValue v;

  host_start(&h, false);
  host_attach(&h);
  second = JS_NewContext(h.rt);
  JS_SetContextOpaque(second, &h);
  add_log(second);
  v = host_eval(second, "log('never');");
  CHECK(JS_IsException(v));
  JS_FreeValue(second, JS_GetException(second));
  CHECK_INT(TENON_EEXIST, tenon_attach(second, "native", other_module));
  CHECK_INT(0, tenon_attach(second, "native", tenon_module_attached));
  v = host_eval(second, "log(twice(2)); try { refuse('x') } catch (e) {\n"
                        "log(e instanceof RangeError) }\n"
                        "sleep_ms(1).then(() => log('slept'));");
  CHECK(!JS_IsException(v));
  JS_FreeValue(second, v);
  host_jobs(&h);
  CHECK_HOST_LOG("4\ntrue\nslept\n", &h);
  JS_FreeContext(second);
  host_end(&h);
}

TEST(the_first_context_may_be_freed_before_the_others)
{
  JSContext *second;
  host h;
  JSValue v;

  host_start(&h, false);
  host_attach(&h);
  second = JS_NewContext(h.rt);
  JS_SetContextOpaque(second, &h);
  add_log(second);
  CHECK_INT(0, tenon_attach(second, "native", tenon_module_attached));
  JS_FreeContext(h.ctx);
  h.ctx = second;
  v = host_eval(second, "sleep_ms(1).then(() => log('slept'));");
  JS_FreeValue(second, v);
  host_jobs(&h);
  CHECK_HOST_LOG("slept\n", &h);
  host_end(&h);
}

TEST(wrong_arguments_are_refused_and_leave_no_exception)
{
  static const char *const names[] = {NULL, "", "./x", "/x", "a:b"};
  host h;
  size_t i;

  host_start(&h, false);
  for (i = 0; i < sizeof names / sizeof *names; i++)
    CHECK_INT(TENON_EINVAL,
              tenon_attach(h.ctx, names[i], tenon_module_attached));
  CHECK_INT(TENON_EINVAL, tenon_attach(NULL, "x", tenon_module_attached));
  CHECK_INT(TENON_EINVAL, tenon_attach(h.ctx, "x", NULL));
  CHECK_INT(TENON_EINVAL,
            tenon_p_attach(h.ctx, "x", tenon_module_attached, NULL));
  CHECK(!JS_HasException(h.ctx));
  host_attach(&h);
  host_run(&h, "log(twice(1));");
  CHECK_HOST_LOG("2\n", &h);
  host_end(&h);
}

static tenon_p_caller right_caller(void)
{
  return (tenon_p_caller){sizeof(tenon_p_caller), TENON_VERSION,
                          TENON_QUICKJS_VERSION, sizeof(JSValue),
                          js_std_cmd(5000)};
}

TEST(a_host_of_another_engine_is_told_so)
{
  tenon_p_caller c = right_caller();
  JSContext *foreign = (JSContext *)"is not looked at";

  c.engine =
      (uintptr_t)-1; /* what the engine as fetched says to this command */
  CHECK_INT(TENON_EENGINE,
            tenon_p_attach(foreign, "x", tenon_module_attached, &c));
  c = right_caller();
  c.engine_version++;
  CHECK_INT(TENON_EENGINE,
            tenon_p_attach(foreign, "x", tenon_module_attached, &c));
  c = right_caller();
  c.value_size = 8;
  CHECK_INT(TENON_EENGINE,
            tenon_p_attach(foreign, "x", tenon_module_attached, &c));
  CHECK(strstr(tenon_strerror(TENON_EENGINE), "tenon-quickjs") != NULL);
}

TEST(a_host_of_another_tenon_is_told_so)
{
  tenon_p_caller c = right_caller();
  JSContext *foreign = (JSContext *)"is not looked at";

  c.version += 100;
  CHECK_INT(TENON_EVERSION,
            tenon_p_attach(foreign, "x", tenon_module_attached, &c));
  c = right_caller();
  c.size = 8;
  CHECK_INT(TENON_EVERSION,
            tenon_p_attach(foreign, "x", tenon_module_attached, &c));
}

static void *attach_again(void *p)
{
  host *h = p;

  return (void *)(intptr_t)tenon_attach(h->ctx, "x", tenon_module_attached);
}

TEST(another_thread_is_refused)
{
  pthread_t thread;
  void *r;
  host h;

  host_start(&h, false);
  host_attach(&h);
  pthread_create(&thread, NULL, attach_again, &h);
  pthread_join(thread, &r);
  CHECK_INT(TENON_ETHREAD, (intptr_t)r);
  host_end(&h);
}

TEST(an_exception_of_the_host_stays_pending)
{
  JSValue e;
  host h;

  host_start(&h, false);
  JS_ThrowTypeError(h.ctx, "the host's");
  host_attach(&h);
  CHECK(JS_HasException(h.ctx));
  e = JS_GetException(h.ctx);
  CHECK(JS_IsError(e));
  JS_FreeValue(h.ctx, e);
  host_run(&h, "sleep_ms(1).then(() => log('slept'));");
  JS_ThrowTypeError(h.ctx, "the host's");
  host_jobs(&h);
  CHECK(JS_HasException(h.ctx));
  JS_FreeValue(h.ctx, JS_GetException(h.ctx));
  CHECK_HOST_LOG("slept\n", &h);
  host_end(&h);
}

/* --- What stays the host's --------------------------------------------------------- */

static char *host_normalize(JSContext *ctx, const char *base, const char *name,
                            void *opaque)
{
  (void)base;
  strcat(((host *)opaque)->log, name);
  strcat(((host *)opaque)->log, "?\n");
  return js_strdup(ctx, name);
}

static JSModuleDef *host_load(JSContext *ctx, const char *name, void *opaque)
{
  JSModuleDef *m;
  JSValue v;

  (void)opaque;
  if (strcmp(name, "mine") != 0) {
    JS_ThrowReferenceError(ctx, "host: no %s", name);
    return NULL;
  }
  v = JS_Eval(ctx, "export default 'of the host';", 29, "mine",
              JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
  m = JS_VALUE_GET_PTR(v);
  JS_FreeValue(ctx, v);
  return m;
}

TEST(the_module_loader_stays_the_hosts)
{
  JSValue v;
  host h;

  host_start(&h, false);
  JS_SetModuleLoaderFunc(h.rt, host_normalize, host_load, &h);
  host_attach(&h);
  v = JS_Eval(h.ctx,
              "import mine from 'mine'; import { twice } from 'native';\n"
              "log(mine); log(twice(3));",
              73, "host.js", JS_EVAL_TYPE_MODULE);
  CHECK(!JS_IsException(v));
  JS_FreeValue(h.ctx, v);
  CHECK_HOST_LOG("mine?\nnative?\nof the host\n6\n", &h);
  v = JS_Eval(h.ctx, "import 'other';", 15, "host.js", JS_EVAL_TYPE_MODULE);
  CHECK(JS_IsException(v));
  JS_FreeValue(h.ctx, JS_GetException(h.ctx));
  host_end(&h);
}

TEST(opaque_pointers_and_limits_stay_the_hosts)
{
  JSMemoryUsage usage;
  JSValue v;
  host h;

  host_start(&h, false);
  JS_SetMemoryLimit(h.rt, 3 << 20);
  host_attach(&h);
  CHECK(JS_GetRuntimeOpaque(h.rt) == &h);
  CHECK(JS_GetContextOpaque(h.ctx) == &h);
  JS_ComputeMemoryUsage(h.rt, &usage);
  CHECK_INT(3 << 20, usage.malloc_limit);
  v = host_eval(h.ctx, "globalThis.held = taken(4 << 20);");
  JS_FreeValue(h.ctx, v);
  JS_ComputeMemoryUsage(h.rt, &usage);
  CHECK_INT(3 << 20, usage.malloc_limit);
  host_end(&h);
}

static void count_rejections(JSContext *ctx, JSValueConst promise,
                             JSValueConst reason, bool is_handled, void *p)
{
  (void)ctx;
  (void)promise;
  (void)reason;
  *(int *)p += is_handled ? -1 : 1;
}

TEST(rejections_are_told_to_the_host)
{
  int count = 0;
  host h;

  host_start(&h, false);
  JS_SetHostPromiseRejectionTracker(h.rt, count_rejections, &count);
  host_attach(&h);
  host_run(&h, "nap('x'); nap('y').catch(log);");
  host_jobs(&h);
  CHECK_INT(1, count);
  CHECK_HOST_LOG("TypeError: nap: argument 1 'ms': expected integer, got "
                 "string\n",
                 &h);
  host_end(&h);
}

/* --- A host without a loop --------------------------------------------------------- */

TEST(executing_jobs_waits_for_operations)
{
  uint64_t start = t_now_ms(), cpu = t_cpu_ms();
  host h;

  host_start(&h, false);
  host_attach(&h);
  host_run(&h,
           "sleep_ms(200).then(() => log('slept'));\n"
           "nap(50).then(log); by_thread().then(log); at_once(1).then(log);\n"
           "watched().then(() => log('watched'));");
  CHECK(tenon_attach_is_waiting(h.ctx));
  host_jobs(&h);
  CHECK(!tenon_attach_is_waiting(h.ctx));
  CHECK(t_now_ms() - start >= 199);
  CHECK(t_cpu_ms() - cpu < 150);
  CHECK(strstr(h.log, "slept\n") != NULL && strstr(h.log, "50\n") != NULL);
  CHECK(strstr(h.log, "7\n") != NULL && strstr(h.log, "1\n") == h.log);
  CHECK(strstr(h.log, "watched\n") != NULL);
  host_end(&h);
}

TEST(without_operations_nothing_waits)
{
  JSContext *ctx;
  host h;

  host_start(&h, false);
  host_attach(&h);
  CHECK(!tenon_attach_is_waiting(h.ctx));
  CHECK(!JS_IsJobPending(h.rt));
  CHECK(JS_GetPendingJobContext(h.rt) == NULL);
  CHECK_INT(0, JS_ExecutePendingJob(h.rt, &ctx));
  host_run(&h, "Promise.resolve().then(() => log('job'));");
  CHECK(JS_IsJobPending(h.rt));
  CHECK_INT(1, host_jobs(&h));
  CHECK_HOST_LOG("job\n", &h);
  host_end(&h);
}

TEST(a_job_counts_as_pending_while_an_operation_is_open)
{
  JSContext *ctx;
  host h;

  host_start(&h, false);
  host_attach(&h);
  host_run(&h, "sleep_ms(5).then(() => log('slept'));");
  CHECK(JS_GetPendingJobContext(h.rt) == NULL);
  while (JS_IsJobPending(h.rt))
    CHECK(JS_ExecutePendingJob(h.rt, &ctx) >= 0);
  CHECK_HOST_LOG("slept\n", &h);
  host_end(&h);
}

TEST(operations_follow_on_each_other)
{
  host h;

  host_start(&h, false);
  host_attach(&h);
  host_run(&h,
           "let n = 0;\n"
           "for (; n < 500; n++) await (n % 2 ? sleep_ms(0) : at_once(n));\n"
           "log(n);");
  host_jobs(&h);
  CHECK_HOST_LOG("500\n", &h);
  host_end(&h);
}

TEST(what_settles_within_a_call_runs_no_job_there)
{
  host h;

  host_start(&h, false);
  host_attach(&h);
  host_run(&h, "at_once(5).then(() => log('job')); log('script');\n"
               "for (let i = 0; i < 200; i++) at_once(i); log('end');");
  CHECK_HOST_LOG("script\nend\n", &h);
  host_jobs(&h);
  CHECK_HOST_LOG("job\n", &h);
  host_end(&h);
}

static JSValue host_pump(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  (void)argv;
  return JS_NewInt32(ctx, host_jobs(JS_GetContextOpaque(ctx)));
}

TEST(a_function_of_the_host_may_wait_within_a_script)
{
  JSValue global;
  host h;

  host_start(&h, false);
  host_attach(&h);
  global = JS_GetGlobalObject(h.ctx);
  JS_SetPropertyStr(h.ctx, global, "pump",
                    JS_NewCFunction(h.ctx, host_pump, "pump", 0));
  JS_FreeValue(h.ctx, global);
  host_run(&h, "sleep_ms(10).then(() => log('slept'));\n"
               "log(pump() > 0); log('script');");
  CHECK_HOST_LOG("slept\ntrue\nscript\n", &h);
  host_end(&h);
}

/* --- A host with a loop of its own ---------------------------------------------------- */

TEST(a_loop_waits_by_the_descriptor)
{
  uint64_t start, cpu;
  host h;

  host_start(&h, false);
  CHECK_INT(TENON_EINVAL, tenon_attach_fd(h.ctx));
  host_attach(&h);
  start = t_now_ms();
  cpu = t_cpu_ms();
  host_run(&h, "sleep_ms(200).then(() => log('slept'));\n"
               "nap(50).then(log); by_thread().then(log);\n"
               "watched().then(() => log('watched'));");
  host_poll(&h);
  CHECK(t_now_ms() - start >= 199 && t_now_ms() - start < 4000);
  CHECK(t_cpu_ms() - cpu < 100);
  CHECK(strstr(h.log, "slept\n") != NULL && strstr(h.log, "50\n") != NULL);
  CHECK(strstr(h.log, "watched\n") != NULL && strstr(h.log, "7\n") != NULL);
  host_end(&h);
}

TEST(what_libuv_begins_to_watch_in_its_poll_is_waited_for)
{
  host h;

  host_start(&h, false);
  host_attach(&h);
  host_run(&h, "watched().then(() => log('watched'));");
  host_poll(&h);
  CHECK_HOST_LOG("watched\n", &h);
  host_end(&h);
}

TEST(executing_jobs_never_waits_once_the_descriptor_is_asked_for)
{
  struct pollfd p = {.events = POLLIN};
  uint64_t start;
  host h;

  host_start(&h, false);
  host_attach(&h);
  p.fd = tenon_attach_fd(h.ctx);
  CHECK_INT(0, poll(&p, 1, 0));
  host_run(&h, "sleep_ms(500).then(() => log('slept'));");
  start = t_now_ms();
  CHECK_INT(0, host_jobs(&h));
  CHECK(t_now_ms() - start < 400);
  CHECK(!JS_IsJobPending(h.rt));
  CHECK_INT(0, poll(&p, 1, 10));
  CHECK_INT(1, poll(&p, 1, 5000));
  CHECK(JS_IsJobPending(h.rt));
  host_jobs(&h);
  CHECK_HOST_LOG("slept\n", &h);
  CHECK(!tenon_attach_is_waiting(h.ctx));
  CHECK_INT(0, poll(&p, 1, 0));
  host_end(&h);
}

/* --- quickjs-libc's loop ------------------------------------------------------------------ */

/* None before its time, and none so late that it had waited for another one. */
TEST(timers_of_the_host_fire_in_time_beside_operations)
{
  uint64_t cpu;
  host h;

  host_start(&h, true);
  host_attach(&h);
  cpu = t_cpu_ms();
  host_run(&h,
           "import { setTimeout } from 'qjs:os';\n"
           "const start = Date.now(), came = [];\n"
           "const at = (ms) => () => {\n"
           "  const late = Date.now() - start - ms;\n"
           "  came.push(late >= -1 && late < 1500 ? ms : `${ms}: ${late}`);\n"
           "  if (came.length === 6) log(came.sort());\n"
           "};\n"
           "setTimeout(at(120), 120); sleep_ms(160).then(at(160));\n"
           "setTimeout(at(200), 200); nap(240).then(at(240));\n"
           "setTimeout(() => sleep_ms(140).then(at(420)), 280);\n"
           "sleep_ms(3000).then(() => setTimeout(at(3100), 100));");
  CHECK_INT(0, js_std_loop(h.ctx));
  CHECK_HOST_LOG("120,160,200,240,3100,420\n", &h);
  CHECK(t_cpu_ms() - cpu < 150);
  host_end(&h);
}

TEST(the_loop_goes_on_while_an_operation_is_open_and_no_longer)
{
  uint64_t start;
  host h;

  host_start(&h, true);
  host_attach(&h);
  host_run(&h,
           "sleep_ms(30).then(() => sleep_ms(30)).then(() => log('done'));");
  CHECK_INT(0, js_std_loop(h.ctx));
  CHECK_HOST_LOG("done\n", &h);
  start = t_now_ms();
  CHECK_INT(0, js_std_loop(h.ctx));
  CHECK(t_now_ms() - start < 1000);
  host_end(&h);
}

TEST(what_a_callback_throws_stays_the_same_object)
{
  host h;

  host_start(&h, true);
  host_attach(&h);
  host_run(
      &h, "const mine = new Error('mine');"
          "try { native.sum_behind(new Uint8Array(1), () => { throw mine; }); }"
          "catch (e) { log(String(e === mine)); }");
  CHECK_HOST_LOG("true\n", &h);
  host_end(&h);
}

TEST(values_of_node_api_are_there)
{
  host h;

  host_start(&h, true);
  host_attach(&h);
  host_run(
      &h,
      "const o = {}; log(`${native.has_env(1)} ${native.itself(o) === o}`);");
  CHECK_HOST_LOG("true true\n", &h);
  host_end(&h);
}

TEST(what_c_keeps_is_told_when_a_runtime_of_the_host_is_freed)
{
  napi_value v;
  host h;

  kept_text[0] = '\0';
  host_start(&h, true);
  host_attach(&h);
  host_run(&h, "const o = [1]; o.push(o);"
               "log(`${native.hold(o)} ${native.get_held() === o}`);");
  CHECK_HOST_LOG("0 true\n", &h);
  host_end(&h);
  CHECK_TEXT("Array(2), line 7", kept_text);
  CHECK_INT(TENON_ECLOSING, tenon_persistent_get((napi_env)&h, held, &v));
  tenon_persistent_free(held);
}

TEST(a_module_that_awaits_at_its_top_goes_on)
{
  JSValue v;
  host h;

  host_start(&h, true);
  host_attach(&h);
  v = host_eval(h.ctx, "await sleep_ms(20); log(await nap(10)); "
                       "log(await by_thread());");
  v = js_std_await(h.ctx, v);
  CHECK(!JS_IsException(v));
  JS_FreeValue(h.ctx, v);
  CHECK_HOST_LOG("10\n7\n", &h);
  host_end(&h);
}

/* js_std_await executes one job and polls: it must not wait for the slow
 * operation while jobs are pending. */
TEST(jobs_do_not_wait_for_an_open_operation)
{
  uint64_t start;
  JSValue v;
  host h;

  host_start(&h, true);
  host_attach(&h);
  start = t_now_ms();
  v = host_eval(h.ctx,
                "import { setTimeout } from 'qjs:os'; sleep_ms(3000);\n"
                "await new Promise((done) => setTimeout(done, 5));\n"
                "for (let i = 0; i < 20; i++) await i;\n"
                "await sleep_ms(5); for (let i = 0; i < 20; i++) await i;\n"
                "log('done');");
  v = js_std_await(h.ctx, v);
  JS_FreeValue(h.ctx, v);
  CHECK_HOST_LOG("done\n", &h);
  CHECK(t_now_ms() - start < 5000);
  host_end(&h);
}

TEST(an_endless_chain_of_operations_starves_no_timer)
{
  host h;

  host_start(&h, true);
  host_attach(&h);
  host_run(&h, "import { setTimeout } from 'qjs:os';\n"
               "let ends = false; setTimeout(() => { ends = true }, 20);\n"
               "(async () => { while (!ends) await sleep_ms(0);\n"
               "log('ended') })();");
  CHECK_INT(0, js_std_loop(h.ctx));
  CHECK_HOST_LOG("ended\n", &h);
  host_end(&h);
}

TEST(an_os_that_is_registered_later_is_found)
{
  host h;

  host_start(&h, false);
  js_std_init_handlers(h.rt);
  h.has_libc = true;
  host_attach(&h);
  js_init_module_os(h.ctx, "os");
  host_run(&h, "import { setTimeout } from 'os';\n"
               "sleep_ms(500).then(() => log('slept'));\n"
               "setTimeout(() => log('timer'), 10);");
  CHECK_INT(0, js_std_loop(h.ctx));
  CHECK_HOST_LOG("timer\nslept\n", &h);
  host_end(&h);
}

TEST(js_std_loop_without_os_waits_in_the_jobs)
{
  host h;

  host_start(&h, false);
  js_std_init_handlers(h.rt);
  h.has_libc = true;
  host_attach(&h);
  host_run(&h, "sleep_ms(20).then(() => log('slept'));");
  CHECK_INT(0, js_std_loop(h.ctx));
  CHECK_HOST_LOG("slept\n", &h);
  host_end(&h);
}

/* --- Freeing ------------------------------------------------------------------------------ */

TEST(a_runtime_is_freed_while_operations_are_open)
{
  uint64_t start;
  host h;
  int i;

  for (i = 0; i < 2; i++) {
    host_start(&h, i);
    host_attach(&h);
    closed_count = 0;
    host_run(&h, "sleep_ms(100000).then(log); sleep_ms(100000).then(log);\n"
                 "nap(50).then(log); at_once(1).then(log);\n"
                 "globalThis.held = sleep_ms;");
    start = t_now_ms();
    host_end(&h);
    CHECK_INT(2, closed_count);
    CHECK(t_now_ms() - start < 5000);
    CHECK_TEXT("", h.log);
  }
}

TEST(a_runtime_is_freed_while_its_loop_watches)
{
  host h;

  host_start(&h, true);
  host_attach(&h);
  host_run(&h, "import { setTimeout } from 'qjs:os';\n"
               "sleep_ms(100000).then(log);\n"
               "setTimeout(() => { throw new Error('ends the loop') }, 10);");
  CHECK_INT(1, js_std_loop(h.ctx));
  JS_FreeValue(h.ctx, JS_GetException(h.ctx));
  host_end(&h);
}

/* Only what a host must free that had no handlers by itself. */
TEST(a_handler_that_we_set_need_not_be_freed_by_the_host)
{
  JSContext *ctx;
  host h;

  host_start(&h, true);
  h.has_libc = false;
  host_attach(&h);
  host_run(&h, "sleep_ms(100000).then(log);");
  CHECK_INT(0, JS_ExecutePendingJob(h.rt, &ctx));
  host_end(&h);
}

TEST(a_thread_that_settles_too_late_finds_the_runtime_closed)
{
  host h;

  host_start(&h, false);
  host_attach(&h);
  host_run(&h, "by_thread().then(log);");
  host_end(&h);
  usleep(40000);
  CHECK_TEXT("", h.log);
}

static int open_descriptors(void)
{
  int fd, count = 0;

  for (fd = 0; fd < 1024; fd++)
    count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

TEST(a_runtime_leaves_no_descriptor_open)
{
  int before = 0, i;
  host h;

  for (i = 0; i < 20; i++) {
    /* The first one starts what the process keeps. */
    if (i == 1) before = open_descriptors();
    host_start(&h, i % 2);
    host_attach(&h);
    CHECK(i % 4 || tenon_attach_fd(h.ctx) >= 0);
    host_run(&h, "sleep_ms(1000000); nap(1);");
    if (i % 3) host_run(&h, "await at_once(1);");
    host_end(&h);
  }
  CHECK_INT(before, open_descriptors());
}

/* --- Objects of the host's own ---------------------------------------------------------------- */

TENON_CALLBACK(none, told)

static told *owned;

TENON_FUNCTION(none, own, (told, f))
{
  owned = told_keep(f);
}

static void owner_finalizer(JSRuntime *rt, JSValueConst v)
{
  (void)rt;
  (void)v;
  tenon_callback_release(owned);
  owned = NULL;
}

/* The function holds the object, which holds the function by C. */
TEST(an_object_may_release_the_callback_whose_function_holds_it)
{
  static const JSClassDef class = {"Owner", .finalizer = owner_finalizer};
  JSClassID id = JS_INVALID_CLASS_ID;
  JSValue global;
  host h;

  host_start(&h, false);
  host_attach(&h);
  JS_NewClassID(h.rt, &id);
  CHECK_INT(0, JS_NewClass(h.rt, id, &class));
  global = JS_GetGlobalObject(h.ctx);
  JS_SetPropertyStr(h.ctx, global, "owner", JS_NewObjectClass(h.ctx, id));
  JS_FreeValue(h.ctx, global);
  host_run(&h, "(() => { const held = owner; globalThis.owner = null;\n"
               "  native.own(() => held); })();");
  host_end(&h);
  CHECK(!owned);
}

/* --- Several -------------------------------------------------------------------------------- */

TEST(runtimes_of_one_thread_know_nothing_of_each_other)
{
  tenon_runtime *own = t_runtime();
  host a, b;

  host_start(&a, false);
  host_start(&b, true);
  host_attach(&a);
  host_attach(&b);
  host_run(&a, "sleep_ms(20).then(() => log('a'));");
  host_run(&b, "sleep_ms(10).then(() => log('b'));");
  CHECK_INT(0, js_std_loop(b.ctx));
  CHECK_HOST_LOG("b\n", &b);
  CHECK_HOST_LOG("", &a);
  t_run(own, "import { log } from 'test'; log('own');");
  CHECK_LOG("own\n");
  host_end(&b);
  host_jobs(&a);
  CHECK_HOST_LOG("a\n", &a);
  host_end(&a);
}

static void *run_host(void *p)
{
  host h;
  int i;

  for (i = 0; i < 20; i++) {
    host_start(&h, (intptr_t)p);
    if (tenon_attach(h.ctx, "native", tenon_module_attached)) return "attach";
    JS_FreeValue(h.ctx,
                 host_eval(h.ctx, "await sleep_ms(1); log(await nap(1));"));
    if ((intptr_t)p)
      js_std_loop(h.ctx);
    else
      host_jobs(&h);
    if (strcmp(h.log, "1\n") != 0) return "log";
    host_end(&h);
  }
  return NULL;
}

TEST(each_thread_has_a_runtime)
{
  pthread_t threads[4];
  size_t i;
  void *r;

  for (i = 0; i < 4; i++)
    pthread_create(&threads[i], NULL, run_host, (void *)(i % 2));
  for (i = 0; i < 4; i++) {
    pthread_join(threads[i], &r);
    if (r) fail_msg("%s", (char *)r);
  }
}
