/*
 * Ending a program is a state: once the interrupt handler says so, no script
 * gets further than the next poll, whatever it catches, closes or awaits.
 *
 * Every script calls end(), from which on the handler asks to stop, and then
 * runs for ever; it must come back, and once it was told to stop (`told`) the
 * handler may be asked a few times more and mark() may never be called. Each
 * runs twice: with JSRuntime.terminating set along with the handler's answer,
 * and without. Afterwards the runtime must still be usable.
 */
#ifndef ENGINE_UNIT
#define ENGINE_UNIT "engine/unit.c"
#endif
#include ENGINE_UNIT
#undef malloc
#undef free
#undef realloc

#include <stdlib.h>
#include <unistd.h>

#define HANG_SECONDS 20
#define MOST_POLLS 200

static const struct {
  const char *name, *source;
} scripts[] = {
    {"loop", "end(); for (;;);"},
    {"finally", "try { end(); for (;;); } finally { mark(); for (;;); }"},
    {"nested finally",
     "try { try { end(); for (;;); } finally { mark(); } } finally { mark(); }"},
    {"catch", "for (;;) try { end(); for (;;); } catch { mark(); }"},
    {"catch around a call", "const f = () => { end(); for (;;); };"
                            " for (;;) { try { f(); } catch { mark(); } }"},
    {"promise executor",
     "new Promise(() => { end(); for (;;); }); mark(); for (;;) mark();"},
    {"promise executor, straight on",
     "new Promise(() => { end(); for (;;); }); const x = 1 + 1; mark();"},
    {"nested executors",
     "const f = n => new Promise(() => { n ? f(n - 1) : end();"
     " for (;;) mark2(); }); f(50); mark();"},
    {"Promise.all",
     "Promise.all({ [Symbol.iterator]() { end(); for (;;); } }); mark();"},
    {"Promise.all of thenables",
     "Promise.all([{ then() { end(); for (;;); } }]).finally(mark);"
     " Promise.resolve().then(mark2);"},
    {"Promise.try",
     "Promise.try(() => { end(); for (;;); }).finally(mark); mark();"},
    {"then callbacks",
     "const f = () => { end(); for (;;); }; for (let i = 0; i < 50; i++)"
     " Promise.resolve().then(f, mark).catch(mark).finally(mark);"},
    {"async function",
     "(async () => { try { await 1; end(); for (;;); } catch { mark(); }"
     " finally { mark(); } })().then(mark, mark);"},
    {"async function before its first await",
     "(async () => { try { end(); for (;;); } finally { mark(); } })(); mark();"},
    {"async generator",
     "(async () => { for await (const x of (async function* () { try {"
     " yield 1; end(); for (;;); } finally { mark(); } })()); })().finally(mark);"},
    {"iterator return",
     "const it = { [Symbol.iterator]() { return { next: () => ({ done: false }),"
     " return() { mark(); return {}; } }; } };"
     " for (const x of it) { end(); for (;;); }"},
    {"iterator return that loops",
     "const it = { [Symbol.iterator]() { return { next: () => ({ done: false }),"
     " return() { end(); for (;;); } }; } }; for (const x of it) break; mark();"},
    {"destructuring closes an iterator",
     "const it = { [Symbol.iterator]() { return { next: () => ({ done: false }),"
     " return() { end(); for (;;); } }; } }; const [a] = it; mark();"},
    {"generator",
     "function* g() { try { yield 1; } finally { end(); for (;;); } }"
     " const i = g(); i.next(); i.return(); mark();"},
    {"generator whose finally yields",
     "function* g() { for (;;) try { yield 1; } finally { end(); yield 2; } }"
     " for (;;) { const i = g(); i.next(); i.return(); }"},
    {"yield*",
     "function* g() { try { yield* (function* () { try { end(); for (;;); }"
     " finally { mark(); } })(); } finally { mark(); } } [...g()];"},
    {"class static block",
     "try { class A { static { end(); for (;;); } static x = mark(); } }"
     " finally { mark(); }"},
    {"field initializer", "class A { x = (end(), (() => { for (;;); })()); }"
                          " try { new A(); } catch { mark(); } mark();"},
    {"constructor", "function F() { end(); for (;;); }"
                    " for (;;) try { new F(); } catch { mark(); }"},
    {"getter", "const o = { get x() { end(); for (;;); } };"
               " for (;;) try { o.x; } catch { mark(); }"},
    {"setter", "const o = { set x(v) { end(); for (;;); } };"
               " for (;;) try { o.x = 1; } catch { mark(); }"},
    {"toString", "const o = { toString() { end(); for (;;); } };"
                 " for (;;) try { '' + o; } catch { mark(); }"},
    {"proxy traps",
     "const p = new Proxy({}, { get() { end(); for (;;); }, has() { mark(); } });"
     " for (;;) { try { p.x; } catch { mark(); } 'y' in p; }"},
    {"proxy ownKeys",
     "const p = new Proxy({}, { ownKeys() { end(); for (;;); } });"
     " for (;;) try { Object.keys(p); } catch { mark(); }"},
    {"Array.from",
     "Array.from({ length: 1e9 }, () => { end(); for (;;); }); mark();"},
    {"map", "[1, 2, 3].map(() => { end(); for (;;); }); mark();"},
    {"forEach that catches",
     "new Array(1e6).fill(0).forEach(() => { try { end(); for (;;); }"
     " catch { mark(); } });"},
    {"sort", "[3, 2, 1].sort(() => { end(); for (;;); }); mark();"},
    {"a long sort with a quick comparator",
     "end(); const a = Array.from({ length: 100000 }, (_, i) => -i);"
     " a.sort((x, y) => x - y); mark();"},
    {"reduce", "end(); const a = new Array(1e6).fill(1);"
               " for (;;) a.reduce((x, y) => x + y);"},
    {"Map.forEach",
     "new Map([[1, 2], [3, 4]]).forEach(() => { end(); for (;;); });"
     " mark();"},
    {"replace callback",
     "'aaa'.replace(/a/g, () => { end(); for (;;); }); mark();"},
    {"regexp", "end(); for (;;) try { /(a+)+$/.test('a'.repeat(40) + 'b'); }"
               " catch { mark(); }"},
    {"JSON.parse reviver",
     "for (;;) try { JSON.parse('[1,2]', () => { end(); for (;;); }); }"
     " catch { mark(); }"},
    {"toJSON",
     "for (;;) try { JSON.stringify({ toJSON() { end(); for (;;); } }); }"
     " catch { mark(); }"},
    {"tagged template", "for (;;) try { (() => { end(); for (;;); })`x`; }"
                        " catch { mark(); }"},
    {"using", "try { using x = { [Symbol.dispose]() { mark(); for (;;); } };"
              " end(); for (;;); } catch { mark(); }"},
    {"using that loops",
     "{ using x = { [Symbol.dispose]() { end(); for (;;); } },"
     " y = { [Symbol.dispose]() { end2(); } }; } mark();"},
    {"await using",
     "(async () => { await using x = { async [Symbol.asyncDispose]() { mark();"
     " } }; end(); for (;;); })().finally(mark);"},
    {"DisposableStack",
     "const s = new DisposableStack(); s.defer(mark2); s.defer(() => { end();"
     " for (;;); }); s.defer(() => {}); s.dispose(); mark();"},
    {"iterator helper",
     "function* n() { try { for (;;) yield 1; } finally { mark(); } }"
     " end(); n().map(x => x).filter(() => false).next();"},
    {"prepareStackTrace",
     "Error.prepareStackTrace = () => { end(); for (;;); };"
     " for (;;) try { null.x; } catch (e) { mark2(); }"},
    {"eval", "for (;;) try { eval('end(); for (;;);'); } catch { mark(); }"},
    {"Function", "for (;;) try { Function('end(); for (;;);')(); }"
                 " catch { mark(); }"},
    {"recursion",
     "end(); const f = () => { for (;;) try { f(); } catch {} }; f();"},
    {"queueMicrotask", "const f = () => queueMicrotask(f); f(); end();"},
    {"FinalizationRegistry",
     "const r = new FinalizationRegistry(mark); r.register({}, 1); end(); for (;;);"},
    {"label and continue",
     "outer: for (;;) { for (;;) { try { end(); for (;;); } finally {"
     " continue outer; } } }"},
    {"return in finally",
     "const f = () => { try { end(); for (;;); } finally { return 1; } };"
     " for (;;) { f(); mark(); }"},
    {"break in finally",
     "end(); for (;;) { l: try { for (;;); } finally { break l; }"
     " mark(); }"},
};

static bool ending, told, with_state;
static int polls, marks, ends;

static int interrupt(JSRuntime *rt, void *opaque)
{
  (void)rt;
  (void)opaque;
  if (!ending) {
    return 0;
  }
  told = true;
  polls++;
  return 1;
}

static JSValue js_end(JSContext *ctx, JSValueConst this_val, int argc,
                      JSValueConst *argv)
{
  JSRuntime *rt = JS_GetRuntime(ctx);
  (void)this_val;
  (void)argc;
  (void)argv;
  ends++;
  ending = true;
  if (with_state) {
    rt->terminating = true;
  }
  return JS_UNDEFINED;
}

static JSValue js_mark(JSContext *ctx, JSValueConst this_val, int argc,
                       JSValueConst *argv)
{
  (void)ctx;
  (void)this_val;
  (void)argc;
  (void)argv;
  marks += told;
  return JS_UNDEFINED;
}

static bool add_function(JSContext *ctx, const char *name, JSCFunction *f)
{
  JSValue global = JS_GetGlobalObject(ctx);
  int status =
      JS_SetPropertyStr(ctx, global, name, JS_NewCFunction(ctx, f, name, 0));
  JS_FreeValue(ctx, global);
  return status >= 0;
}

static int run_jobs(JSRuntime *rt)
{
  JSContext *ctx;
  int status, count = 0;
  while ((status = JS_ExecutePendingJob(rt, &ctx)) != 0 && count < 10000) {
    count++;
    if (status < 0) {
      JS_FreeValue(ctx, JS_GetException(ctx));
    }
  }
  return count;
}

/* NULL, or what is wrong */
static const char *run_script(JSContext *ctx, const char *source)
{
  JSRuntime *rt = JS_GetRuntime(ctx);
  JSValue v;
  int after = 0;
  ending = told = false;
  polls = marks = ends = 0;
  v = JS_Eval(ctx, source, strlen(source), "script", 0);
  if (JS_IsException(v)) {
    JS_FreeValue(ctx, JS_GetException(ctx));
  }
  JS_FreeValue(ctx, v);
  if (ending && with_state) {
    after = run_jobs(rt);
  } else {
    run_jobs(rt);
  }
  if (!ends) {
    return "end() was never called";
  }
  if (after) {
    return "a job started";
  }
  if (marks) {
    return "mark() was called";
  }
  if (polls > MOST_POLLS) {
    return "the handler was asked too often";
  }
  /* what was left over may call end() again */
  ending = told = false;
  rt->terminating = false;
  run_jobs(rt);
  ending = told = false;
  rt->terminating = false;
  v = JS_Eval(ctx, "[1, 2].map(x => x * 2).join()", 29, "after", 0);
  if (!JS_IsString(v)) {
    return "the runtime is not usable";
  }
  JS_FreeValue(ctx, v);
  return NULL;
}

int main(void)
{
  size_t i, count = countof(scripts);
  int failures = 0;
  printf("1..%zu\n", 2 * count);
  for (i = 0; i < 2 * count; i++) {
    JSRuntime *rt = JS_NewRuntime();
    JSContext *ctx = rt ? JS_NewContext(rt) : NULL;
    const char *wrong = "no realm";
    with_state = i >= count;
    alarm(HANG_SECONDS);
    if (ctx && add_function(ctx, "end", js_end) &&
        add_function(ctx, "mark", js_mark) &&
        add_function(ctx, "mark2", js_mark) &&
        add_function(ctx, "end2", js_end)) {
      JS_SetInterruptHandler(rt, interrupt, NULL);
      wrong = run_script(ctx, scripts[i % count].source);
    }
    printf("%s %zu - %s%s%s%s\n", wrong ? "not ok" : "ok", i + 1,
           scripts[i % count].name, with_state ? ", as a state" : "",
           wrong ? ": " : "", wrong ? wrong : "");
    fflush(stdout);
    failures += wrong != NULL;
    if (ctx) {
      JS_FreeContext(ctx);
    }
    if (rt) {
      JS_FreeRuntime(rt);
    }
  }
  return failures != 0;
}
