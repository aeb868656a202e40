/*
 * The memory limit: who is asked before it, and that garbage is collected
 * before memory is refused, but not again and again.
 */
#ifndef ENGINE_UNIT
#define ENGINE_UNIT "engine/unit.c"
#endif
#include ENGINE_UNIT
#undef malloc
#undef free
#undef realloc

#include <stdlib.h>

#define LIMIT ((size_t)8 << 20)

static int number, failures;

static void check(const char *name, bool good)
{
  printf("%s %d - %s\n", good ? "ok" : "not ok", ++number, name);
  failures += !good;
}

static size_t asked, allowed;

static bool admit(JSRuntime *rt, size_t size)
{
  (void)rt;
  (void)size;
  asked++;
  return asked <= allowed;
}

/* The script's last value as a boolean; false for an exception. */
static bool holds(JSContext *ctx, const char *source)
{
  JSValue v = JS_Eval(ctx, source, strlen(source), "limit", 0);
  bool good = JS_IsBool(v) && JS_VALUE_GET_BOOL(v);
  if (JS_IsException(v)) {
    JSValue e = JS_GetException(ctx);
    const char *s = JS_ToCString(ctx, e);
    printf("# %s\n", s ? s : "no text");
    JS_FreeCString(ctx, s);
    JS_FreeValue(ctx, e);
  }
  JS_FreeValue(ctx, v);
  return good;
}

/* Run in a runtime of its own under a limit, the collector's own threshold
   out of the way. */
static bool holds_limited(const char *source)
{
  JSRuntime *rt = JS_NewRuntime();
  JSContext *ctx = JS_NewContext(rt);
  bool good;
  JS_SetGCThreshold(rt, (size_t)-1);
  JS_SetMemoryLimit(rt, LIMIT);
  good = holds(ctx, source);
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
  return good;
}

static void test_admit(void)
{
  JSRuntime *rt;
  JSContext *ctx;
  size_t most = (size_t)-1;
  allowed = 3;
  asked = 0;
  rt = tenon_p_new_runtime(&def_malloc_funcs, NULL, admit, &asked, 1);
  check("a refused allocation in its creation leaves no runtime",
        !rt && asked > 3);
  allowed = most;
  asked = 0;
  rt = tenon_p_new_runtime(&def_malloc_funcs, NULL, admit, &asked, 1);
  check("a limit of 1 asks for every allocation", rt && asked > 100);
  check("the hook reaches our own runtime", rt->tenon == &asked);
  ctx = JS_NewContext(rt);
  JS_SetMemoryLimit(rt, 0);
  asked = 0;
  check("without a limit nobody is asked",
        holds(ctx, "[1, 2].length == 2") && asked == 0);
  JS_SetMemoryLimit(rt, rt->malloc_state.malloc_size + 65536);
  check("below the limit nobody is asked",
        holds(ctx, "({ a: 1 }).a == 1") && asked == 0);
  check("what passes the limit is asked for, and let through",
        holds(ctx, "new ArrayBuffer(1e6).byteLength == 1e6") && asked > 0);
  allowed = 0;
  check("and refused with an error that is one",
        holds(ctx,
              "let e; try { new ArrayBuffer(1e6); } catch (x) { e = x; }"
              "e instanceof InternalError && e.message == 'out of memory'"));
  asked = 0;
  check("a sum of sizes does not wrap",
        !js_malloc_rt(rt, most) && !js_malloc_rt(rt, most - 8) &&
            !js_realloc_rt(rt, NULL, most - 16) && asked == 0);
  allowed = most;
  check("not even where all is let through",
        !js_malloc_rt(rt, most) && !js_calloc_rt(rt, 2, most / 2) &&
            !js_malloc_rt(rt, most / 2 + 1));
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
}

static void test_reserve(void)
{
  JSRuntime *rt = tenon_p_new_runtime(&def_malloc_funcs, NULL, admit, NULL, 0);
  JSContext *ctx = JS_NewContext(rt);
  JSValue e;
  allowed = 0;
  JS_SetMemoryLimit(rt, 1);
  JS_ThrowTypeError(ctx, "anything");
  JS_SetMemoryLimit(rt, 0);
  e = JS_GetException(ctx);
  check("with no memory at all the error is the reserved one",
        JS_VALUE_GET_TAG(e) == JS_TAG_OBJECT &&
            JS_VALUE_GET_PTR(e) == JS_VALUE_GET_PTR(ctx->oom_error));
  check("to which scripts cannot add", !JS_IsExtensible(ctx, e));
  JS_FreeValue(ctx, e);
  JS_SetMemoryLimit(rt, 1);
  JS_ThrowInterrupted(ctx);
  JS_SetMemoryLimit(rt, 0);
  e = JS_GetException(ctx);
  check("an interrupt without memory cannot be caught",
        JS_IsUncatchableError(e));
  JS_FreeValue(ctx, e);
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
}

static void test_collect(void)
{
  check("cycles are collected before objects are refused",
        holds_limited("for (let i = 0; i < 1e5; i++)"
                      " { const o = { p: [1, 2, 3, 4] }; o.o = o; } true"));
  check("before strings are",
        holds_limited("for (let i = 0; i < 100; i++)"
                      " { const o = {}; o.s = 'x'.repeat(1e6) + i; o.o = o; }"
                      " true"));
  check("before ArrayBuffers are",
        holds_limited("for (let i = 0; i < 100; i++)"
                      " { const o = {}; o.b = new ArrayBuffer(1e6); o.o = o; }"
                      " true"));
  check("before arrays are",
        holds_limited("for (let i = 0; i < 100; i++) { const a = [];"
                      " for (let j = 0; j < 3e4; j++) a.push(j); a.push(a); }"
                      " true"));
  check("what is live is refused, and the program goes on",
        holds_limited("let n = 0; { const all = []; try { for (;;)"
                      " all.push({ n: n++ }); } catch {} } n > 1e4"));
  check(
      "a full heap does not collect for each refusal",
      /* 1e5 collections of 8 MiB would take minutes */
      holds_limited("const all = []; try { for (;;) all.push({}); } catch {}"
                    " for (let i = 0; i < 1e5; i++) try { new ArrayBuffer(1e6);"
                    " } catch {} true"));
}

int main(void)
{
  test_admit();
  test_reserve();
  test_collect();
  printf("1..%d\n", number);
  return failures != 0;
}
