/* States and functions that have one in the runtime of a host. */
#define TENON_MODULE attached
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/quickjs.h>

#include "harness.h"

static char order[64];

static void note(void *p)
{
  strcat(order, p);
}

typedef struct page {
  int64_t hits;
} page;

static void page_release(page *p)
{
  (void)p;
  note("p");
}

TENON_STATE(realm, page, NULL, page_release)

typedef struct total {
  int64_t hits;
} total;

static void total_release(total *t)
{
  (void)t;
  note("t");
}

TENON_STATE(runtime, total, NULL, total_release)

TENON_FUNCTION(i64, hit)
{
  page *p = page_state();
  total *t = total_state();

  return p && t ? ++p->hits * 100 + ++t->hits : -1;
}

TENON_CLOSURE(str, char, said)
{
  return tenon_str_of(state);
}

TENON_FUNCTION(any, make)
{
  static char text[] = "f";

  return said_new(text, note);
}

static int64_t number_of(JSContext *ctx, const char *source)
{
  JSValue v = JS_Eval(ctx, source, strlen(source), "host.js", 0);
  int64_t n = -1;

  CHECK(!JS_IsException(v));
  if (JS_IsNumber(v)) CHECK_INT(0, JS_ToInt64(ctx, &n, v));
  JS_FreeValue(ctx, v);
  return n;
}

static JSContext *start(JSRuntime *rt)
{
  static const char source[] = "import * as n from 'native';\n"
                               "Object.assign(globalThis, n);";
  JSContext *ctx = JS_NewContext(rt), *job;
  JSValue v;

  CHECK_INT(0, tenon_attach(ctx, "native", tenon_module_attached));
  v = JS_Eval(ctx, source, sizeof source - 1, "start.js", JS_EVAL_TYPE_MODULE);
  CHECK(!JS_IsException(v));
  JS_FreeValue(ctx, v);
  while (JS_ExecutePendingJob(rt, &job) > 0)
    continue;
  return ctx;
}

TEST(each_context_of_a_host_has_its_state_and_all_share_the_runtimes)
{
  JSRuntime *rt = JS_NewRuntime();
  JSContext *a = start(rt), *b = start(rt);

  order[0] = '\0';
  CHECK_INT(101, number_of(a, "hit();"));
  CHECK_INT(202, number_of(a, "hit();"));
  CHECK_INT(103, number_of(b, "hit();"));
  CHECK_INT(304, number_of(a, "hit();"));
  JS_FreeContext(b);
  JS_RunGC(rt);
  /* Finalizers run before the next function that is no plain walk. */
  CHECK_INT(1, number_of(a, "make()().length;"));
  CHECK_TEXT("p", order);
  JS_FreeContext(a);
  JS_FreeRuntime(rt);
  CHECK_TEXT("pfpt", order);
}

TEST(functions_of_a_host_end_with_its_runtime)
{
  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = start(rt);

  order[0] = '\0';
  CHECK_INT(4, number_of(ctx, "globalThis.f = make(); f.f = f;\n"
                              "make(); make(); f().length + 3;"));
  CHECK_TEXT("", order);
  number_of(ctx, "globalThis.g = make(); f = null;");
  CHECK_TEXT("ff", order);
  JS_RunGC(rt);
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
  CHECK_TEXT("ffff", order);
}

TEST(what_waits_is_run_when_a_host_has_executed_its_jobs)
{
  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = start(rt), *job;

  order[0] = '\0';
  number_of(ctx, "make();");
  CHECK_TEXT("", order);
  CHECK_INT(0, JS_ExecutePendingJob(rt, &job));
  CHECK_TEXT("f", order);
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
}
