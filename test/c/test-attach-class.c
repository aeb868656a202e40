/* Classes in contexts of a host: of one, of two, and what ends first. */
#include <quickjs.h>
#include <stdlib.h>
#include <string.h>

#define TENON_MODULE attached
#include <tenon/export.h>
#include <tenon/quickjs.h>

#include "harness.h"

static int alive, files;

typedef struct counter {
  int64_t value;
} counter;
TENON_CLASS_AS("Counter", counter)
TENON_CONSTRUCTOR(counter, (i64, start, 0))
{
  self->value = start;
  alive++;
}
TENON_RELEASE(counter)
{
  alive--;
}
TENON_METHOD(i64, counter, add, (i64, by, 1))
{
  return self->value += by;
}
TENON_BLOCKING_METHOD(i64, counter, add_later, (i64, by))
{
  return self->value += by;
}
TENON_METHOD(copy(counter), counter, twin)
{
  counter r = {self->value};

  alive++;
  return r;
}
TENON_MEMBERS(counter, (i64, value))
TENON_CLASS_CONSTANT(i32, counter, MOST, 9)
TENON_DISPOSABLE_AS("close", counter)

typedef struct big {
  counter base;
} big;
TENON_CLASS_AS("Big", big)
TENON_EXTENDS(big, counter, base)
TENON_CONSTRUCTOR(big)
{
  self->base.value = 100;
  alive++;
}

typedef struct file {
  int n;
} file;
static void close_file(file *f)
{
  files--;
  free(f);
}
TENON_CLASS_POINTER_AS("File", file, close_file)
TENON_CONSTRUCTOR_POINTER(file, (i32, n))
{
  file *f = malloc(sizeof *f);

  if (!f) return tenon_fail_memory();
  f->n = n;
  files++;
  return f;
}
TENON_METHOD(file, file, me)
{
  return self;
}
TENON_FUNCTION(i64, sum, (array(counter), all))
{
  int64_t n = 0;
  size_t i;

  for (i = 0; i < all.len; i++)
    n += all.data[i]->value;
  return n;
}

/* --- Hosts ----------------------------------------------------------------------- */

static char logged[4096];

static JSValue host_log(JSContext *ctx, JSValueConst this_value, int argc,
                        JSValueConst *argv)
{
  const char *s = JS_ToCString(ctx, argc ? argv[0] : JS_UNDEFINED);

  (void)this_value;
  if (!s) return JS_EXCEPTION;
  strncat(logged, s, sizeof logged - strlen(logged) - 2);
  strcat(logged, "\n");
  JS_FreeCString(ctx, s);
  return JS_UNDEFINED;
}

static JSContext *new_context(JSRuntime *rt)
{
  JSContext *ctx = JS_NewContext(rt);
  JSValue global = JS_GetGlobalObject(ctx);

  JS_SetPropertyStr(ctx, global, "log",
                    JS_NewCFunction(ctx, host_log, "log", 1));
  JS_FreeValue(ctx, global);
  CHECK_INT(0, tenon_attach(ctx, "native", tenon_module_attached));
  return ctx;
}

static JSRuntime *start(void)
{
  alive = files = 0;
  logged[0] = '\0';
  return JS_NewRuntime();
}

static void run(JSContext *ctx, const char *source)
{
  char text[4096] = "import { Counter, Big, File, sum } from 'native';\n"
                    "const error = f => { try { return f() } catch (e) {"
                    " return `${e}` } };\n";
  JSContext *of;
  JSValue v;
  int r;

  strcat(text, source);
  v = JS_Eval(ctx, text, strlen(text), "host.js", JS_EVAL_TYPE_MODULE);
  if (JS_IsException(v)) {
    JSValue e = JS_GetException(ctx);
    const char *s = JS_ToCString(ctx, e);
    print_error("%s\n", s);
    JS_FreeCString(ctx, s);
    JS_FreeValue(ctx, e);
    fail();
  }
  JS_FreeValue(ctx, v);
  while ((r = JS_ExecutePendingJob(JS_GetRuntime(ctx), &of)) > 0)
    ;
  CHECK_INT(0, r);
}

#define CHECK_HOST_LOG(expected)  \
  do {                            \
    CHECK_TEXT(expected, logged); \
    logged[0] = '\0';             \
  } while (0)

TEST(a_host_has_classes)
{
  JSRuntime *rt = start();
  JSContext *ctx = new_context(rt);

  run(ctx, "const c = new Counter(2), b = new Big(), f = new File(3);\n"
           "class Mine extends Counter { add() { return super.add(5) } }\n"
           "log(`${c.add()} ${b.add(1)} ${new Mine(1).add()} ${c.value}"
           " ${Counter.MOST} ${b instanceof Counter} ${f.me() === f}"
           " ${sum([c, b])} ${c.twin().value}`);\n"
           "log(error(() => Counter())); log(error(() => sum([f])));\n"
           "c.close(); log(error(() => c.add()));\n"
           "b.add_later(3).then(n => log(`${n}`));");
  CHECK_HOST_LOG(
      "3 101 6 3 9 true true 104 3\n"
      "TypeError: Counter: a class is called with new\n"
      "TypeError: sum: argument 1 'all[0]': expected Counter, got File\n"
      "TypeError: Counter.add: this: expected Counter, got one that was "
      "disposed of\n104\n");
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
  CHECK_INT(0, alive);
  CHECK_INT(0, files);
}

TEST(contexts_have_classes_of_their_own)
{
  JSRuntime *rt = start();
  JSContext *a = new_context(rt), *b = new_context(rt);
  JSValue global = JS_GetGlobalObject(a), other = JS_GetGlobalObject(b);

  run(a, "globalThis.given = { Counter, c: new Counter(4),"
         " f: new File(1) };");
  JS_SetPropertyStr(b, other, "given", JS_GetPropertyStr(a, global, "given"));
  JS_FreeValue(a, global);
  JS_FreeValue(b, other);
  run(b, "const { Counter: C, c, f } = given;\n"
         "log(`${C === Counter} ${c instanceof Counter} ${c instanceof C}"
         " ${c.add()}`);\n"
         "log(error(() => Counter.prototype.add.call(c)));\n"
         "log(error(() => sum([c]))); log(`${f.me() === f}`);\n"
         "log(`${new C(1).add()}`);");
  CHECK_HOST_LOG(
      "false false true 5\n"
      "TypeError: Counter.add: this: expected Counter, got one of another realm\n"
      "TypeError: sum: argument 1 'all[0]': expected Counter, got one "
      "of another realm\ntrue\n2\n");
  /* What is left in one context is of use when the other is gone. */
  JS_FreeContext(a);
  run(b, "log(`${given.c.add()} ${given.c.twin().value}"
         " ${new given.Counter(7).value} ${new Counter(1).add()}`);");
  CHECK_HOST_LOG("6 6 7 2\n");
  JS_FreeContext(b);
  JS_FreeRuntime(rt);
  CHECK_INT(0, alive);
  CHECK_INT(0, files);
}

TEST(contexts_that_come_and_go_leave_nothing)
{
  JSRuntime *rt = start();
  int i;

  for (i = 0; i < 50; i++) {
    JSContext *ctx = new_context(rt);
    run(ctx, "globalThis.kept = [new Counter(1), new Big(), new File(2)];\n"
             "globalThis.kept.push(globalThis.kept);\n"
             "class Mine extends File {} new Mine(1);");
    JS_FreeContext(ctx);
  }
  JS_RunGC(rt);
  JS_FreeRuntime(rt);
  CHECK_INT(0, alive);
  CHECK_INT(0, files);
}

TEST(instances_are_freed_by_collections_of_the_host)
{
  JSRuntime *rt = start();
  JSContext *ctx = new_context(rt);

  run(ctx, "for (let i = 0; i < 1000; i++) {\n"
           "  const c = new Counter(i), f = new File(i);\n"
           "  c.f = f; f.c = c;\n"
           "}");
  JS_RunGC(rt);
  run(ctx, "new Counter(1).add()");
  CHECK_INT(0, files);
  CHECK_INT(0, alive);
  JS_FreeContext(ctx);
  JS_FreeRuntime(rt);
}

TEST(a_context_that_ends_under_an_operation_leaves_nothing)
{
  JSRuntime *rt = start();
  JSContext *ctx = new_context(rt), *other = new_context(rt);

  {
    static const char source[] =
        "import { Counter } from 'native';\n"
        "for (let i = 0; i < 20; i++) new Counter(i).add_later(1);";
    JSValue v =
        JS_Eval(ctx, source, sizeof source - 1, "host.js", JS_EVAL_TYPE_MODULE);
    CHECK(!JS_IsException(v));
    JS_FreeValue(ctx, v);
  }
  JS_FreeContext(ctx);
  run(other, "log(`${new Counter(1).add()}`);");
  CHECK_HOST_LOG("2\n");
  JS_FreeContext(other);
  JS_FreeRuntime(rt);
  CHECK_INT(0, alive);
}
