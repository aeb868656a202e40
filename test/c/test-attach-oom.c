/*
 * Each allocation fails in turn, Tenon's and the engine's, from the moment that
 * a host attaches until its runtime is freed. Whatever fails, an error says so
 * or all is well, nothing hangs, and the host can go on.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#define TENON_MODULE attached
#include <malloc.h>
#include <poll.h>
#include <quickjs-libc.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/quickjs.h>
#include <unistd.h>
#include <uv.h>

#include "base/alloc.h"
#include "engine/extension.h"
#include "harness.h"

TENON_MODULE_THREADS(any);

TENON_FUNCTION(str, again, (str, s))
{
  return s;
}

TENON_BLOCKING(i32, slow, (i32, n))
{
  return 2 * n;
}

TENON_ASYNC(i32, at_once, (i32, n))
{
  TENON_RESOLVE(at_once, deferred, n);
}

TENON_CONSTANT(i32, answer, 42)

static void *outer_calloc(void *opaque, size_t count, size_t size)
{
  (void)opaque;
  return calloc(count, size);
}

static void *outer_malloc(void *opaque, size_t size)
{
  (void)opaque;
  return malloc(size);
}

static void outer_free(void *opaque, void *p)
{
  (void)opaque;
  free(p);
}

static void *outer_realloc(void *opaque, void *p, size_t size)
{
  (void)opaque;
  return realloc(p, size);
}

static size_t outer_size(const void *p)
{
  return malloc_usable_size((void *)p);
}

static const JSMallocFunctions functions = {
    outer_calloc, outer_malloc, outer_free, outer_realloc, outer_size};

/* The engine asks about each allocation, since its limit is 1. */
static bool admit(JSRuntime *rt, size_t size)
{
  (void)rt;
  (void)size;
  return !tenon_p_alloc_is_injecting() || tenon_p_alloc_admit();
}

enum way { WAITS, POLLS, HAS_LIBC, WAYS };

typedef struct host {
  JSRuntime *rt;
  JSContext *ctx;
  enum way way;
} host;

static void host_start(host *h, enum way way)
{
  h->way = way;
  h->rt = tenon_p_new_runtime(&functions, NULL, admit, NULL, 1);
  h->ctx = JS_NewContext(h->rt);
  if (way != HAS_LIBC) return;
  js_std_init_handlers(h->rt);
  js_init_module_os(h->ctx, "qjs:os");
}

static void host_end(host *h)
{
  if (h->way == HAS_LIBC) js_std_free_handlers(h->rt);
  JS_FreeContext(h->ctx);
  JS_FreeRuntime(h->rt);
}

static void drop_exception(host *h)
{
  JS_FreeValue(h->ctx, JS_GetException(h->ctx));
}

/* Some error of a job; those behind it have their turn. */
static void jobs(host *h)
{
  JSContext *ctx;
  int r;

  while ((r = JS_ExecutePendingJob(h->rt, &ctx)) != 0)
    if (r < 0) drop_exception(h);
}

static void run(host *h)
{
  static const char source[] =
      "import { again, slow, at_once, answer } from 'native';\n"
      "globalThis.result = again('x') + answer;\n"
      "Promise.all([slow(1), at_once(3), again.async('y')])\n"
      "  .then((v) => { globalThis.later = v.join(''); });";
  struct pollfd p = {.events = POLLIN};
  JSValue v =
      JS_Eval(h->ctx, source, strlen(source), "x.js", JS_EVAL_TYPE_MODULE);

  if (JS_IsException(v)) drop_exception(h);
  JS_FreeValue(h->ctx, v);
  switch (h->way) {
  case POLLS:
    p.fd = tenon_attach_fd(h->ctx);
    for (jobs(h); tenon_attach_is_waiting(h->ctx); jobs(h))
      if (poll(&p, 1, 5000) != 1) fail_msg("hangs");
    break;
  case HAS_LIBC:
    while (js_std_loop(h->ctx))
      drop_exception(h);
    /* fallthrough */
  default: jobs(h);
  }
}

static bool is_text(host *h, const char *name, const char *expected)
{
  JSValue global = JS_GetGlobalObject(h->ctx);
  JSValue v = JS_GetPropertyStr(h->ctx, global, name);
  const char *s = JS_ToCString(h->ctx, v);
  bool is = s && strcmp(s, expected) == 0;

  JS_FreeCString(h->ctx, s);
  JS_FreeValue(h->ctx, v);
  JS_FreeValue(h->ctx, global);
  return is;
}

/* How many allocations there were; `at` 0 only counts. */
static uint64_t life(enum way way, uint64_t at)
{
  uint64_t count;
  host h;
  int r;

  host_start(&h, way);
  tenon_p_alloc_inject(at, false);
  r = tenon_attach(h.ctx, "native", tenon_module_attached);
  CHECK(!JS_HasException(h.ctx));
  if (r == 0) run(&h);
  count = tenon_p_alloc_stop();
  if (r) {
    CHECK(r == TENON_ENOMEM || r == UV_ENOMEM);
    CHECK_INT(0, tenon_attach(h.ctx, "native", tenon_module_attached));
  }
  /* With memory, all that needs it is well. */
  if (r || at == 0) {
    run(&h);
    CHECK(is_text(&h, "result", "x42"));
    CHECK(is_text(&h, "later", "23y"));
  }
  CHECK(!tenon_attach_is_waiting(h.ctx));
  host_end(&h);
  return count;
}

static void fail_each(enum way way)
{
  uint64_t count = life(way, 0), step = t_oom_step(count), at;

  CHECK(count > 100);
  for (at = 1; at <= count + 2; at += step)
    life(way, at);
}

TEST(each_allocation_fails_in_a_host_that_waits_for_jobs)
{
  fail_each(WAITS);
}

TEST(each_allocation_fails_in_a_host_that_polls)
{
  fail_each(POLLS);
}

TEST(each_allocation_fails_in_a_host_of_quickjs_libc)
{
  fail_each(HAS_LIBC);
}
