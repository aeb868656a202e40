/* tenon:process in the runtime of a host. */
#define TENON_MODULE attachchild
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <tenon/export.h>
#include <tenon/quickjs.h>
#include <unistd.h>

#include "harness.h"

static void eval(JSContext *ctx, const char *source)
{
  JSValue v =
      JS_Eval(ctx, source, strlen(source), "host.js", JS_EVAL_TYPE_MODULE);

  CHECK(!JS_IsException(v));
  JS_FreeValue(ctx, v);
}

static void run_jobs(JSRuntime *rt)
{
  JSContext *ctx;

  while (JS_ExecutePendingJob(rt, &ctx) > 0)
    continue;
}

static void check_global(JSContext *ctx, const char *name, const char *expected)
{
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue v = JS_GetPropertyStr(ctx, global, name);
  const char *text = JS_ToCString(ctx, v);

  CHECK(text != NULL);
  CHECK_TEXT(expected, text);
  JS_FreeCString(ctx, text);
  JS_FreeValue(ctx, v);
  JS_FreeValue(ctx, global);
}

static bool has_children(void)
{
  siginfo_t info;

  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 ||
         errno != ECHILD;
}

TEST(a_host_gives_its_scripts_child_processes)
{
  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = JS_NewContext(rt);

  CHECK_INT(0, tenon_attach(ctx, "tenon:process", NULL));
  eval(ctx, "import { exec, spawn } from 'tenon:process';"
            "const all = await Promise.all([1, 2, 3].map((n) =>"
            "  exec('sh', ['-c', `echo ${n}; exit ${n}`])));"
            "globalThis.said = all.map((r) => r.stdout.trim() + r.code).join();"
            "const c = spawn('cat', [], { stdin: 'pipe' });"
            "await c.stdin.write('x'.repeat(10)); await c.stdin.close();"
            "said += await c.stdout.text() + (await c.status).code;");
  run_jobs(rt);
  check_global(ctx, "said", "11,22,33xxxxxxxxxx0");
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
  CHECK(!has_children());
}

TEST(children_end_with_the_runtime_of_a_host)
{
  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = JS_NewContext(rt);

  CHECK_INT(0, tenon_attach(ctx, "tenon:process", NULL));
  eval(ctx, "import { spawn } from 'tenon:process';"
            "for (let i = 0; i < 4; i++) spawn('sleep', ['100']).unref();");
  run_jobs(rt);
  CHECK(has_children());
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
  CHECK(!has_children());
}

TEST(each_context_of_a_host_is_given_builtin_modules_by_itself)
{
  JSRuntime *rt = JS_NewRuntime();
  JSContext *a = JS_NewContext(rt), *b = JS_NewContext(rt);

  CHECK_INT(0, tenon_attach(a, "tenon:process", NULL));
  CHECK_INT(TENON_EEXIST, tenon_attach(a, "tenon:process", NULL));
  CHECK_INT(TENON_EINVAL, tenon_attach(a, "tenon:nosuch", NULL));
  CHECK_INT(TENON_EINVAL, tenon_attach(a, "other", NULL));
  CHECK_INT(TENON_EINVAL, tenon_attach(a, NULL, NULL));
  eval(b,
       "import('tenon:process').catch(() => { globalThis.said = 'none'; });");
  run_jobs(rt);
  check_global(b, "said", "none");
  CHECK_INT(0, tenon_attach(b, "tenon:process", NULL));
  eval(b, "import { exec } from 'tenon:process';"
          "exec('echo', ['b']).then((r) => { globalThis.said = r.stdout; });");
  run_jobs(rt);
  check_global(b, "said", "b\n");
  JS_FreeContext(b);
  JS_FreeContext(a);
  JS_FreeRuntime(rt);
}
