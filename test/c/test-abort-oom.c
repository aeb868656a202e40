/*
 * Every allocation fails, one run after the other, of a program of signals. Each
 * run either fails with an error or does everything right; and native listeners
 * of an aborted signal were told in any case.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#include "harness.h"

#include <stdlib.h>
#include <string.h>

#include "api/internal.h"
#include "bind/signal.h"

static tenon_p_text said;

typedef struct watcher {
  tenon_p_abort_listener listener;
  int times;
} watcher;

static watcher watchers[4];

static void on_abort(tenon_p_abort_listener *l, JSContext *ctx,
                     JSValueConst reason)
{
  (void)ctx;
  (void)reason;
  tenon_p_container(l, watcher, listener)->times++;
}

static JSValue watch(JSContext *ctx, JSValueConst this_value, int argc,
                     JSValueConst *argv)
{
  int32_t i = 0;

  (void)this_value;
  (void)argc;
  JS_ToInt32(ctx, &i, argv[1]);
  watchers[i].listener.fn = on_abort;
  tenon_p_signal_listen(tenon_p_signal_of(ctx, argv[0]), &watchers[i].listener);
  return JS_UNDEFINED;
}

/* Of a signal that is aborted nobody is still waiting to be told. */
static JSValue check(JSContext *ctx, JSValueConst this_value, int argc,
                     JSValueConst *argv)
{
  const tenon_p_signal *s = tenon_p_signal_of(ctx, argv[0]);
  int i;

  (void)this_value;
  (void)argc;
  for (i = 0; i < 4; i++)
    CHECK(watchers[i].listener.signal != s || !tenon_p_signal_is_aborted(s));
  return JS_UNDEFINED;
}

static JSValue say(JSContext *ctx, JSValueConst this_value, int argc,
                   JSValueConst *argv)
{
  const char *text = JS_ToCString(ctx, argv[0]);

  (void)this_value;
  (void)argc;
  if (!text) return JS_EXCEPTION;
  tenon_p_text_puts(&said, text);
  tenon_p_text_puts(&said, ";");
  JS_FreeCString(ctx, text);
  return said.failed ? JS_ThrowOutOfMemory(ctx) : JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("watch", 2, watch),
    JS_CFUNC_DEF("check", 1, check),
    JS_CFUNC_DEF("say", 1, say),
};

static int define(JSContext *ctx)
{
  JSValue global = JS_GetGlobalObject(ctx);
  int r = JS_SetPropertyFunctionList(ctx, global, functions,
                                     tenon_p_countof(functions));

  if (r) JS_FreeValue(ctx, JS_GetException(ctx));
  JS_FreeValue(ctx, global);
  return r ? TENON_ENOMEM : 0;
}

static const char program[] =
    "const c = new AbortController(), target = new EventTarget();\n"
    "const d = AbortSignal.any([c.signal, AbortSignal.timeout(1e6)]);\n"
    "const e = AbortSignal.any([d, new AbortController().signal]);\n"
    "watch(c.signal, 0); watch(d, 1); watch(e, 2);\n"
    "target.addEventListener('x', () => say('x'), { signal: d });\n"
    "target.addEventListener('x', { handleEvent() { say('y'); } },\n"
    "  { signal: AbortSignal.any([]) });\n"
    "d.onabort = () => say('d');\n"
    "const f = () => say('e');\n"
    "e.addEventListener('abort', f);\n"
    "e.addEventListener('abort', say);\n"
    "e.removeEventListener('abort', say);\n"
    "target.dispatchEvent(new Event('x'));\n"
    "try { c.abort(); } finally { check(c.signal); check(d); check(e); }\n"
    "if (d.reason.name !== 'AbortError') throw d.reason;\n"
    "if (e.reason !== d.reason) throw 'not the same';\n"
    "target.dispatchEvent(new Event('x'));\n"
    "try { e.throwIfAborted(); } catch (error) {\n"
    "  if (error !== e.reason) throw error;\n"
    "  say(error.message);\n"
    "}\n"
    "say(AbortSignal.abort('reason').reason);\n"
    "const s = AbortSignal.timeout(0);\n"
    "s.onabort = () => say('timeout');\n"
    "watch(s, 3);\n"
    "while (!s.aborted) await new Promise((done) => setTimeout(done, 1));\n"
    "check(s);\n"
    "if (s.reason.name !== 'TimeoutError') throw s.reason;\n"
    "say('end');\n";

static const char expected[] =
    "x;y;d;e;y;The operation was aborted;reason;timeout;end;";

static int live(void)
{
  tenon_runtime *rt = NULL;
  int r, i;

  tenon_p_text_clear(&said);
  memset(watchers, 0, sizeof watchers);
  r = tenon_runtime_new(NULL, &rt);
  if (r == 0) r = define(rt->engine->ctx);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, strlen(program), "oom.js");
  if (r == 0) r = tenon_runtime_run(rt);
  tenon_runtime_free(rt);
  for (i = 0; i < 4; i++) {
    CHECK(watchers[i].times <= 1);
    CHECK(!watchers[i].listener.signal);
  }
  return r;
}

static const t_oom oom = {.live = live, .said = &said, .expected = expected};

TEST(every_allocation_fails_once)
{
  CHECK(t_fail_each(&oom, false) > 1000);
}

TEST(every_allocation_fails_from_some_point_on)
{
  CHECK(t_fail_each(&oom, true) > 1000);
}
