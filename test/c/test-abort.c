/* Signals as native code sees them, what holds which of them, and how they end. */
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/realm.h>

#include "api/internal.h"
#include "bind/signal.h"
#include "std/std.h"

/* --- What scripts may do ------------------------------------------------------ */

typedef struct watcher {
  tenon_p_abort_listener listener;
  char name;
  tenon_p_abort_listener *other; /* does not listen when this one is told */
  tenon_p_signal *next;          /* is listened to then */
  int times;
} watcher;

#define WATCHERS 8
static watcher watchers[WATCHERS];
static tenon_p_signal *held; /* by native code */
static tenon_runtime *subject;

static void say(JSContext *ctx, const char *text)
{
  JSValue global = JS_GetGlobalObject(ctx);
  JSValue log = JS_GetPropertyStr(ctx, global, "log");
  JSValue v = JS_NewString(ctx, text);

  JS_FreeValue(ctx, JS_Call(ctx, log, JS_UNDEFINED, 1, (JSValueConst *)&v));
  JS_FreeValue(ctx, v);
  JS_FreeValue(ctx, log);
  JS_FreeValue(ctx, global);
}

static void on_abort(tenon_p_abort_listener *l, JSContext *ctx,
                     JSValueConst reason)
{
  watcher *w = tenon_p_container(l, watcher, listener);
  const char *text = JS_ToCString(ctx, reason);
  char line[64];

  w->times++;
  snprintf(line, sizeof line, "native %c %s", w->name, text);
  JS_FreeCString(ctx, text);
  say(ctx, line);
  assert_null(l->signal);
  if (w->other) tenon_p_signal_unlisten(w->other);
  if (w->next) tenon_p_signal_listen(w->next, l);
}

/* watch(signal, i): false for what is none */
static JSValue watch(JSContext *ctx, JSValueConst this_value, int argc,
                     JSValueConst *argv)
{
  tenon_p_signal *s = tenon_p_signal_of(ctx, argv[0]);
  int32_t i = 0;

  (void)this_value;
  (void)argc;
  if (!s) return JS_FALSE;
  if (argc > 1) JS_ToInt32(ctx, &i, argv[1]);
  watchers[i].name = (char)('a' + i);
  watchers[i].listener.fn = on_abort;
  tenon_p_signal_listen(s, &watchers[i].listener);
  return JS_TRUE;
}

static JSValue unwatch(JSContext *ctx, JSValueConst this_value, int argc,
                       JSValueConst *argv)
{
  int32_t i = 0;

  (void)this_value;
  if (argc > 0) JS_ToInt32(ctx, &i, argv[0]);
  tenon_p_signal_unlisten(&watchers[i].listener);
  return JS_UNDEFINED;
}

static JSValue hold(JSContext *ctx, JSValueConst this_value, int argc,
                    JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  held = tenon_p_signal_dup(tenon_p_signal_of(ctx, argv[0]));
  return JS_UNDEFINED;
}

static JSValue collect(JSContext *ctx, JSValueConst this_value, int argc,
                       JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  (void)argv;
  JS_RunGC(JS_GetRuntime(ctx));
  return JS_UNDEFINED;
}

static JSValue terminate(JSContext *ctx, JSValueConst this_value, int argc,
                         JSValueConst *argv)
{
  (void)ctx;
  (void)this_value;
  (void)argc;
  (void)argv;
  tenon_runtime_terminate(subject);
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("watch", 2, watch),    JS_CFUNC_DEF("unwatch", 1, unwatch),
    JS_CFUNC_DEF("hold", 1, hold),      JS_CFUNC_DEF("gc", 0, collect),
    JS_CFUNC_DEF("stop", 0, terminate),
};

static void define(JSContext *ctx)
{
  JSValue global = JS_GetGlobalObject(ctx);

  CHECK_INT(0, JS_SetPropertyFunctionList(ctx, global, functions,
                                          tenon_p_countof(functions)));
  JS_FreeValue(ctx, global);
}

static tenon_runtime *runtime(void)
{
  tenon_runtime *rt = t_runtime();

  memset(watchers, 0, sizeof watchers);
  held = NULL;
  subject = rt;
  define(rt->engine->ctx);
  t_run(rt, "import { log } from 'test'; globalThis.log = log;");
  return rt;
}

static int eval_in(tenon_realm *realm, const char *source)
{
  return tenon_realm_eval_script(realm, source, strlen(source), "realm.js");
}

static size_t open_timeouts(const tenon_runtime *rt)
{
  return rt->loop->open.count;
}

/* --- Recognition -------------------------------------------------------------- */

TEST(only_signals_are_signals)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "const c = new AbortController(), { signal } = c;\n"
            "log(String([watch(signal), watch(c), watch(null), watch(5),\n"
            "  watch(Object.create(signal)), watch(new Proxy(signal, {})),\n"
            "  watch(new EventTarget()), watch({ aborted: false,\n"
            "    addEventListener() {} }), watch(AbortSignal.prototype)]));\n");
  CHECK_LOG("true,false,false,false,false,false,false,false,false\n");
}

TEST(what_scripts_do_to_a_signal_changes_nothing)
{
  tenon_runtime *rt = runtime();

  t_run(rt,
        "const c = new AbortController(), { signal } = c;\n"
        "Object.setPrototypeOf(signal, null);\n"
        "Object.defineProperty(signal, 'aborted', { get() { log('no'); } });\n"
        "Object.freeze(signal);\n"
        "log(`${watch(signal)}`);\n"
        "for (const k of ['aborted', 'reason', 'dispatchEvent'])\n"
        "  delete AbortSignal.prototype[k];\n"
        "EventTarget.prototype.dispatchEvent = null;\n"
        "c.abort('x');\n");
  CHECK_LOG("true\nnative a x\n");
}

TEST(a_signal_of_another_realm_is_one)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  define(realm->realm->ctx);
  CHECK_INT(0, eval_in(realm, "globalThis.c = new AbortController();"
                              "globalThis.log = () => {};"));
  {
    JSContext *ctx = rt->engine->ctx, *other = realm->realm->ctx;
    JSValue global = JS_GetGlobalObject(ctx),
            theirs = JS_GetGlobalObject(other);
    JS_SetPropertyStr(ctx, global, "c", JS_GetPropertyStr(other, theirs, "c"));
    JS_FreeValue(ctx, theirs);
    JS_FreeValue(ctx, global);
  }
  t_run(rt, "const { signal } = c;\n"
            "log(`${signal instanceof AbortSignal} ${watch(signal)}`);\n"
            "const any = AbortSignal.any([signal]);\n"
            "any.onabort = () => log(any.reason);\n"
            "const t = new EventTarget();\n"
            "t.addEventListener('x', () => log('x'), { signal });\n"
            "c.abort('theirs');\n"
            "t.dispatchEvent(new Event('x'));\n"
            "log(String(signal.aborted));\n");
  CHECK_LOG("false true\ntheirs\ntrue\n");
  CHECK_INT(1, watchers[0].times);
}

TEST(a_realm_without_events_has_no_signals)
{
  tenon_runtime *rt = runtime();
  tenon_realm_options options = {.size = sizeof options,
                                 .without = TENON_REALM_EVENTS};
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, &options, &realm));
  CHECK_INT(0,
            eval_in(realm, "if (typeof AbortSignal !== 'undefined') throw 1;"));
}

/* --- Listeners ---------------------------------------------------------------- */

TEST(native_listeners_are_told_before_the_event)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "const c = new AbortController(), { signal } = c;\n"
            "signal.onabort = () => log(`event ${signal.reason}`);\n"
            "watch(signal, 0); watch(signal, 1);\n"
            "c.abort(5); c.abort(6);\n");
  CHECK_LOG("native a 5\nnative b 5\nevent 5\n");
}

TEST(a_listener_that_stopped_listening_is_not_told)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "const c = new AbortController(), { signal } = c;\n"
            "watch(signal, 0); watch(signal, 1); unwatch(0); unwatch(0);\n"
            "unwatch(2);\n"
            "c.abort('x'); unwatch(1);\n");
  CHECK_LOG("native b x\n");
}

TEST(a_listener_may_stop_another_one)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "globalThis.c = new AbortController();\n"
            "watch(c.signal, 0); watch(c.signal, 1); watch(c.signal, 2);");
  watchers[0].other = &watchers[1].listener;
  watchers[2].other = &watchers[2].listener;
  t_run(rt, "c.abort('x')");
  CHECK_LOG("native a x\nnative c x\n");
}

TEST(a_listener_that_listens_elsewhere_is_moved)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "const c = new AbortController(), d = new AbortController();\n"
            "watch(c.signal, 0); watch(d.signal, 0);\n"
            "c.abort('c'); d.abort('d');\n");
  CHECK_LOG("native a d\n");
}

TEST(an_aborted_signal_tells_nobody_who_comes_later)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "globalThis.c = new AbortController(); hold(c.signal);\n"
            "watch(c.signal, 0);");
  watchers[0].next = held;
  t_run(rt, "c.abort('x'); watch(c.signal, 0); c.abort('y');");
  CHECK_LOG("native a x\n");
  assert_null(watchers[0].listener.signal);
  tenon_p_signal_unref(held);
}

TEST(a_core_outlives_its_object)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "{ const c = new AbortController(); hold(c.signal);\n"
            "  c.abort({ toString: () => 'why' }); }\n"
            "gc();");
  CHECK(tenon_p_signal_is_aborted(held));
  CHECK(JS_IsObject(tenon_p_signal_reason(held)));
  tenon_p_signal_unref(held);
  held = NULL;
  t_run(rt, "{ const c = new AbortController(); hold(c.signal);\n"
            "  watch(c.signal, 0); }\n"
            "gc();");
  CHECK(!tenon_p_signal_is_aborted(held));
  CHECK(JS_IsUndefined(tenon_p_signal_reason(held)));
  tenon_p_signal_unlisten(&watchers[0].listener);
  tenon_p_signal_unref(held);
}

TEST(a_reason_that_holds_its_signal_is_collected)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "const gone = new FinalizationRegistry(log);\n"
            "(() => { const c = new AbortController();\n"
            "  gone.register(c.signal, 'gone');\n"
            "  c.abort({ c }); })();\n"
            "gc(); await new Promise((f) => setTimeout(f, 5));");
  CHECK_LOG("gone\n");
}

TEST(all_are_told_when_a_listener_ends_the_program)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "globalThis.c = new AbortController();\n"
            "globalThis.d = AbortSignal.any([c.signal]);\n"
            "c.signal.onabort = () => { stop(); for (;;); };\n"
            "d.onabort = () => log('never');\n"
            "watch(c.signal, 0); watch(d, 1);");
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "c.abort('x')"));
  CHECK_INT(1, watchers[0].times);
  CHECK_INT(1, watchers[1].times);
  tenon_runtime_resume(rt);
  t_logged();
  t_run(rt, "log(`${d.aborted} ${d.reason}`)");
  CHECK_LOG("true x\n");
}

TEST(a_listener_of_an_aborted_signal_is_not_called_after_a_termination)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "globalThis.c = new AbortController();\n"
            "globalThis.t = new EventTarget();\n"
            "const d = AbortSignal.any([c.signal]);\n"
            "t.addEventListener('x', () => log('never'), { signal: d });\n"
            "c.signal.onabort = () => { stop(); for (;;); };");
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "c.abort('x')"));
  tenon_runtime_resume(rt);
  t_run(rt, "t.dispatchEvent(new Event('x')); log('end');");
  CHECK_LOG("end\n");
}

/* --- What holds what ---------------------------------------------------------- */

#define GONE                                                    \
  "const gone = new FinalizationRegistry((name) => log(name));" \
  "globalThis.gone = gone;"                                     \
  "globalThis.turn = () => new Promise((f) => setTimeout(f, 1));\n"

TEST(a_dependent_that_nobody_listens_to_goes)
{
  tenon_runtime *rt = runtime();

  t_run(rt, GONE "globalThis.c = new AbortController();\n"
                 "(() => { gone.register(AbortSignal.any([c.signal]), 'd');\n"
                 "})(); await turn(); log('end');");
  CHECK_LOG("d\nend\n");
}

TEST(a_dependent_that_is_listened_to_stays)
{
  tenon_runtime *rt = runtime();

  t_run(rt, GONE
        "globalThis.c = new AbortController();\n"
        "(() => { const d = AbortSignal.any([c.signal]);\n"
        "  gone.register(d, 'd'); d.onabort = () => log('event'); })();\n"
        "(() => { const d = AbortSignal.any([c.signal]);\n"
        "  gone.register(d, 'e'); watch(d, 0); })();\n"
        "(() => { const d = AbortSignal.any([c.signal]);\n"
        "  const t = new EventTarget(); globalThis.t = t;\n"
        "  gone.register(d, 'f');\n"
        "  t.addEventListener('x', () => log('no'), { signal: d }); })();\n"
        "gc(); await turn(); log('there'); c.abort('x');\n"
        "t.dispatchEvent(new Event('x')); gc(); await turn();");
  CHECK_LOG("there\nevent\nnative a x\nd\ne\nf\n");
}

TEST(a_dependent_goes_when_its_last_listener_has_gone)
{
  tenon_runtime *rt = runtime();

  t_run(rt,
        GONE "globalThis.c = new AbortController();\n"
             "let f = () => {};\n"
             "(() => { const d = AbortSignal.any([c.signal]);\n"
             "  gone.register(d, 'd'); watch(d, 0);\n"
             "  d.addEventListener('abort', f); d.onabort = f;\n"
             "  d.removeEventListener('abort', f); d.onabort = null; })();\n"
             "gc(); await turn(); log('there'); unwatch(0); await turn();\n"
             "log('end');");
  CHECK_LOG("there\nd\nend\n");
}

TEST(a_dependent_goes_with_its_sources)
{
  tenon_runtime *rt = runtime();

  t_run(rt, GONE
        "(() => { const a = new AbortController(), b = new AbortController();\n"
        "  const d = AbortSignal.any([a.signal, b.signal, a.signal]);\n"
        "  d.onabort = () => log('never');\n"
        "  gone.register(a.signal, 'a'); gone.register(d, 'd');\n"
        "})(); await turn(); gc(); await turn(); log('end');");
  CHECK(strstr(t_logged(), "end") != NULL);
  t_run(rt, "gc(); log('again')");
  CHECK_LOG("again\n");
}

TEST(a_target_that_is_garbage_leaves_the_signal_of_its_listener)
{
  tenon_runtime *rt = runtime();

  t_run(rt, GONE "globalThis.c = new AbortController();\n"
                 "(() => { const d = AbortSignal.any([c.signal]);\n"
                 "  const t = new EventTarget(); t.self = t;\n"
                 "  gone.register(d, 'd'); gone.register(t, 't');\n"
                 "  t.addEventListener('x', () => t, { signal: d }); })();\n"
                 "gc(); await turn(); gc(); await turn(); log('end');");
  CHECK_LOG("t\nd\nend\n");
}

TEST(many_dependents_of_one_source_leave_nothing)
{
  tenon_runtime *rt = runtime();
  size_t before;

  t_run(rt, "globalThis.c = new AbortController();\n"
            "globalThis.make = (n) => { for (let i = 0; i < n; i++) {\n"
            "  const d = AbortSignal.any([c.signal]), f = () => {};\n"
            "  d.addEventListener('abort', f);\n"
            "  d.removeEventListener('abort', f);\n"
            "} }; make(1000); gc();");
  before = tenon_p_engine_used(rt->engine);
  t_run(rt, "make(100000); gc();");
  CHECK(tenon_p_engine_used(rt->engine) < before + 4096);
}

/* --- Timeouts ----------------------------------------------------------------- */

TEST(a_timeout_does_not_keep_the_loop_alive)
{
  tenon_runtime *rt = runtime();
  uint64_t start = t_now_ms();

  t_run(rt, "globalThis.s = AbortSignal.timeout(60000);\n"
            "s.onabort = () => log('never');");
  CHECK(t_now_ms() - start < 10000);
  CHECK_INT(1, open_timeouts(rt));
  CHECK_LOG("");
}

TEST(a_timeout_fires_while_something_else_is_waited_for)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "const s = AbortSignal.timeout(1); watch(s, 0);\n"
            "s.onabort = (e) => log(`${e.isTrusted} ${s.reason.name}`);\n"
            "await new Promise((f) => setTimeout(f, 20));");
  CHECK_LOG("native a TimeoutError: The operation timed out\n"
            "true TimeoutError\n");
  CHECK_INT(0, open_timeouts(rt));
}

TEST(a_timeout_that_nobody_can_see_is_not_waited_for)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "for (let i = 0; i < 1000; i++) AbortSignal.timeout(2 ** 53 - 1);"
            "AbortSignal.any([AbortSignal.timeout(100000)]);");
  CHECK_INT(0, open_timeouts(rt));
  t_run(rt,
        "(() => { const s = AbortSignal.timeout(9e9); s.s = s; })(); gc();");
  CHECK_INT(0, open_timeouts(rt));
}

TEST(a_timeout_stays_for_those_who_listen)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "(() => { AbortSignal.timeout(2).onabort = () => log('one');\n"
            "  watch(AbortSignal.timeout(3), 0);\n"
            "  AbortSignal.any([AbortSignal.any([AbortSignal.timeout(4)])])\n"
            "    .addEventListener('abort', () => log('two')); })();\n"
            "const d = AbortSignal.any([AbortSignal.timeout(5)]);\n"
            "gc(); await new Promise((f) => setTimeout(f, 30));\n"
            "log(`${d.aborted}`);");
  CHECK_LOG("one\nnative a TimeoutError: The operation timed out\ntwo\ntrue\n");
  CHECK_INT(0, open_timeouts(rt));
}

TEST(a_timeout_goes_with_its_last_listener)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "watch(AbortSignal.timeout(1e9), 0);\n"
            "watch(AbortSignal.any([AbortSignal.timeout(1e9)]), 1);");
  CHECK_INT(2, open_timeouts(rt));
  tenon_p_signal_unlisten(&watchers[0].listener);
  CHECK_INT(1, open_timeouts(rt));
  tenon_p_signal_unlisten(&watchers[1].listener);
  CHECK_INT(0, open_timeouts(rt));
}

TEST(a_freed_realm_waits_for_no_timeout)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm;
  static const char source[] =
      "globalThis.kept = AbortSignal.timeout(10); kept.onabort = () => {};\n"
      "for (let i = 0; i < 10; i++) AbortSignal.timeout(1e6).onabort =\n"
      "  () => { throw 'never'; };";

  t_run(rt, "globalThis.s = AbortSignal.timeout(1e6); watch(s, 0);");
  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, eval_in(realm, source));
  CHECK_INT(12, open_timeouts(rt));
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK_INT(1, open_timeouts(rt));
  t_run(rt, "await new Promise((f) => setTimeout(f, 20)); gc();");
  CHECK_LOG("");
}

TEST(a_runtime_ends_with_signals_in_every_state)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "globalThis.c = new AbortController();\n"
            "globalThis.d = AbortSignal.any([c.signal, AbortSignal.timeout(1e6)"
            "]);\n"
            "d.onabort = () => d; d.self = d;\n"
            "globalThis.a = AbortSignal.abort({ c, d });\n"
            "for (let i = 0; i < 200; i++)\n"
            "  AbortSignal.timeout(1e6).onabort = () => c;");
}

TEST(a_runtime_that_ends_leaves_no_listener)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "globalThis.c = new AbortController();\n"
            "watch(AbortSignal.any([c.signal, AbortSignal.timeout(1e6)]), 0);\n"
            "watch(AbortSignal.timeout(1e6), 1);\n"
            "watch(c.signal, 2); watch(new AbortController().signal, 3);");
  t_free(rt);
  assert_null(watchers[0].listener.signal);
  assert_null(watchers[3].listener.signal);
  tenon_p_signal_unlisten(&watchers[0].listener);
}

/* --- At random ---------------------------------------------------------------- */

/* A model in JavaScript of who is to be told of what, and signals that come,
 * depend, are listened to and forgotten meanwhile. */
TEST(signals_at_random_do_as_a_model_does)
{
  static const char source[] =
      "let seed = 7, live = 0;\n"
      "const gone = new FinalizationRegistry(() => live--);\n"
      "const below = (n) => (seed = (seed * 48271) % 2147483647) % n;\n"
      "const born = (s) => { live++; gone.register(s); return s; };\n"
      "let told = [], sources = [], dependents = [], all = [];\n"
      "const check = (is, what) => { if (!is) throw new Error(what); };\n"
      "const entry = (signal, roots) => {\n"
      "  const e = { signal: born(signal), roots, listeners: [], id: all.length,\n"
      "    target: null };\n"
      "  all.push(e); return e; };\n"
      "const run = async () => { for (let step = 0; step < 6000; step++) {\n"
      "  switch (below(9)) {\n"
      "  case 0: { const controller = new AbortController();\n"
      "    const e = entry(controller.signal); e.roots = new Set([e]);\n"
      "    e.controller = controller; sources.push(e); break; }\n"
      "  case 1: case 2: case 3: { const from = all.filter(\n"
      "      (e) => e.signal && !e.isAborted && below(4) === 0).slice(0, 5);\n"
      "    entry(AbortSignal.any(from.map((e) => e.signal)),\n"
      "      new Set(from.flatMap((e) => [...e.roots]))); break; }\n"
      "  case 4: case 5: { const e = all[below(all.length || 1)];\n"
      "    if (!e?.signal || e.isAborted) break;\n"
      "    const f = () => told.push(e.id);\n"
      "    e.listeners.push(f); e.signal.addEventListener('abort', f); break; }\n"
      "  case 6: { const e = all[below(all.length || 1)];\n"
      "    if (!e?.signal || !e.listeners.length) break;\n"
      "    e.signal.removeEventListener('abort', e.listeners.pop()); break; }\n"
      "  case 7: { const e = all[below(all.length || 1)];\n"
      "    if (e && below(2)) { e.signal = e.signal && null; break; }\n"
      "    if (!e?.signal || e.isAborted || e.target) break;\n"
      "    const t = new EventTarget(); t.signal = e.signal;\n"
      "    t.addEventListener('x', () => { told.push('x'); },\n"
      "      { signal: e.signal }); e.target = t;\n"
      "    if (below(2)) e.target = undefined; break; }\n"
      "  case 8: {\n"
      "    if (below(8) || !sources.length) { if (!below(20)) gc(); break; }\n"
      "    const [s] = sources.splice(below(sources.length), 1);\n"
      "    if (below(3) === 0) { s.controller = null; s.isDead = true; break; }\n"
      "    told = [];\n"
      "    s.controller.abort(s.id);\n"
      "    const hit = all.filter((e) => !e.isAborted && e.roots.has(s));\n"
      "    hit.sort((a, b) => (b === s) - (a === s) || a.id - b.id);\n"
      "    check(told.join() === hit.flatMap((e) => e.listeners.map(() => e.id))\n"
      "      .join(), `${step}: ${told}`);\n"
      "    for (const e of hit) { e.isAborted = true;\n"
      "      if (e.signal) check(e.signal.aborted && e.signal.reason === s.id,\n"
      "        'aborted');\n"
      "      told = []; e.target?.dispatchEvent(new Event('x'));\n"
      "      check(told.length === 0, 'target'); }\n"
      "    for (const e of all) if (e.signal && !e.isAborted)\n"
      "      check(!e.signal.aborted, 'not aborted');\n"
      "  } }\n"
      "  if (all.length > 120) { all = []; sources = []; }\n"
      "  if (step % 500 === 0) await new Promise((f) => setTimeout(f, 0));\n"
      "} };\n"
      "await run();\n"
      "all = sources = null; gc(); gc();\n"
      "await new Promise((f) => setTimeout(f, 2));\n"
      "log(String(live));";
  tenon_runtime *rt = runtime();

  t_run(rt, source);
  CHECK_LOG("0\n");
}

TEST(a_hundred_thousand_listeners_go_with_their_signal)
{
  tenon_runtime *rt = runtime();
  uint64_t start = t_cpu_ms();

  t_run(rt, "const c = new AbortController(), t = new EventTarget();\n"
            "const all = Array.from({ length: 100000 }, (_, i) => () => i);\n"
            "let told = 0;\n"
            "for (let i = 0; i < all.length; i++) {\n"
            "  t.addEventListener(`x${i}`, all[i], { signal: c.signal });\n"
            "  new EventTarget().addEventListener('y', all[i],\n"
            "    { signal: c.signal });\n"
            "  c.signal.addEventListener('abort' + i, all[i]);\n"
            "}\n"
            "for (let i = 0; i < all.length; i += 2)\n"
            "  t.removeEventListener(`x${i}`, all[i]);\n"
            "c.abort(); t.dispatchEvent(new Event('x1'));");
  CHECK(t_cpu_ms() - start < 20000);
}
