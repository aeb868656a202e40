/* Values as text, for native code, and what is left of it when memory ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "engine/engine.h"
#include "harness.h"
#include "std/inspect/inspect.h"
#include "std/std.h"

/* An engine that has console and nothing else. NULL when memory ends. */
static tenon_p_engine *engine_new(void)
{
  tenon_p_engine *e;

  if (tenon_p_engine_new(&(tenon_p_limits){0}, &e)) return NULL;
  if (tenon_p_console_define(e->realm) == 0) return e;
  tenon_p_engine_free(e);
  return NULL;
}

static JSValue eval(tenon_p_engine *e, const char *source)
{
  return JS_Eval(e->ctx, source, strlen(source), "test.js",
                 JS_EVAL_TYPE_GLOBAL);
}

static void run(tenon_p_engine *e, const char *source)
{
  JSValue v = eval(e, source);

  CHECK(!JS_IsException(v));
  JS_FreeValue(e->ctx, v);
}

static void check_shown(const char *expected, tenon_p_engine *e,
                        const char *source, bool has_color)
{
  JSValue v = eval(e, source), text;
  const char *s;

  CHECK(!JS_IsException(v));
  text = tenon_p_inspect(e->ctx, v, has_color);
  CHECK(JS_IsString(text));
  s = JS_ToCString(e->ctx, text);
  CHECK_TEXT(expected, s);
  JS_FreeCString(e->ctx, s);
  JS_FreeValue(e->ctx, text);
  JS_FreeValue(e->ctx, v);
}

TEST(values_are_shown_as_console_shows_them)
{
  tenon_p_engine *e = engine_new();

  CHECK_INT(0, tenon_p_engine_enter(e));
  check_shown("{ a: [ 1, 'x' ] }", e, "({ a: [1, 'x'] })", false);
  check_shown("text", e, "'text'", false);
  check_shown("text", e, "'text'", true);
  check_shown("-0", e, "-0", false);
  check_shown("undefined", e, "undefined", false);
  check_shown("\033[33m1\033[39m", e, "1", true);
  check_shown("[ \033[32m'x'\033[39m ]", e, "['x']", true);
  check_shown("{ a: { b: { c: [Object] } } }", e, "({a:{b:{c:{d:1}}}})", false);
  tenon_p_engine_leave(e);
  tenon_p_engine_free(e);
}

TEST(errors_are_shown_with_what_they_carry)
{
  tenon_p_engine *e = engine_new();

  CHECK_INT(0, tenon_p_engine_enter(e));
  check_shown("Error: a\n    at <eval> (test.js:1:10) {\n  code: 1,\n"
              "  [cause]: TypeError: b\n      at <eval> (test.js:1:34)\n}",
              e,
              "var e = (new Error('a', { cause: new TypeError('b') }));"
              "e.code = 1; e",
              false);
  tenon_p_engine_leave(e);
  tenon_p_engine_free(e);
}

TEST(a_program_that_takes_its_globals_away_changes_nothing)
{
  tenon_p_engine *e = engine_new();

  CHECK_INT(0, tenon_p_engine_enter(e));
  check_shown("[ 1 ]", e, "[1]", false);
  run(e, "var kept = new Map();"
         "Object.getOwnPropertyNames(globalThis).forEach((name) => {"
         "  if (name !== 'kept') try { globalThis[name] = null; } catch {}"
         "});");
  check_shown("Map(1) { 1 => [ 'x' ] }", e, "kept.set(1, ['x'])", false);
  tenon_p_engine_leave(e);
  tenon_p_engine_free(e);
}

TEST(what_a_value_throws_leaves_the_inspection_usable)
{
  tenon_p_engine *e = engine_new();
  JSValue v, text;

  CHECK_INT(0, tenon_p_engine_enter(e));
  v = eval(e,
           "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw 1; } })");
  text = tenon_p_inspect(e->ctx, v, false);
  CHECK(JS_IsException(text));
  JS_FreeValue(e->ctx, JS_GetException(e->ctx));
  JS_FreeValue(e->ctx, v);
  check_shown("[ 1 ]", e, "[1]", false);
  tenon_p_engine_leave(e);
  tenon_p_engine_free(e);
}

/* --- Failing memory ----------------------------------------------------------- */

static const char program[] =
    "const { log } = console;"
    "const o = { a: 1, 'b-c': 'x', get g() { return 1; }, [Symbol('s')]: 2n };"
    "o.self = o;"
    "log('text', 1, 1.5, -0, null, true, undefined, Symbol('s'));"
    "log(o, [1, , 'x'.repeat(90)], new Uint8Array(3), new ArrayBuffer(2));"
    "log(new Map([[1, { a: 1 }]]), new Set(['x']).values(), new Date(0), /x/g);"
    /* A stack of the engine's own is left out when there is no memory for it. */
    "const e = new Error('e', { cause: 1 }); e.stack = 'Error: e\\n    at x';"
    "log(e, Promise.resolve(1), class A {}, log);"
    "log(new Proxy({ p: 1 }, {}), Object.create(null), Object('x'));"
    "log({ [Symbol.for('nodejs.util.inspect.custom')](d, o, inspect) {"
    "  return inspect([1], o); } });"
    "log('%s %d %j %o', 'x', 1, { a: 1 }, [1]);"
    "console.group('g'); log('in\\nner');"
    "console.table([{ a: 1 }, { b: 'x' }]); console.groupEnd();"
    "console.count('c'); console.dir(o, { depth: 0 }); console.assert(true);"
    "log(Array.from({ length: 10 }, (_, i) => i));";

/* What the program wrote; its length in `len`. The exit of JS_Eval in `*r`. */
static size_t live(int file, char *out, size_t room, bool *is_ok)
{
  tenon_p_engine *e;
  ssize_t n;

  *is_ok = false;
  CHECK(ftruncate(file, 0) == 0 && lseek(file, 0, SEEK_SET) == 0);
  e = engine_new();
  if (e && tenon_p_engine_enter(e) == 0) {
    JSValue v = eval(e, program);
    *is_ok = !JS_IsException(v);
    if (!*is_ok) JS_FreeValue(e->ctx, JS_GetException(e->ctx));
    JS_FreeValue(e->ctx, v);
    tenon_p_engine_leave(e);
  }
  tenon_p_engine_free(e);
  n = pread(file, out, room, 0);
  return n > 0 ? (size_t)n : 0;
}

static void fail_each(int file)
{
  static char expected[16384], written[sizeof expected];
  uint64_t count, at, step;
  size_t expected_len, len;
  bool is_ok;

  tenon_p_alloc_inject(0, false);
  expected_len = live(file, expected, sizeof expected, &is_ok);
  count = tenon_p_alloc_stop();
  CHECK(is_ok && expected_len > 1000 && count > 2000);
  step = t_oom_step(count);
  for (at = 1; at <= count; at += step) {
    alarm(60);
    tenon_p_alloc_inject(at, false);
    len = live(file, written, sizeof written, &is_ok);
    tenon_p_alloc_stop();
    alarm(0);
    if (is_ok && (len != expected_len || memcmp(written, expected, len))) {
      print_error("allocation %llu of %llu failed unnoticed:\n%.*s\n",
                  (unsigned long long)at, (unsigned long long)count, (int)len,
                  written);
      fail();
    }
  }
}

/* In place of standard output while it runs. */
TEST(every_allocation_of_console_fails)
{
  char path[] = "/tmp/tenon-inspect.XXXXXX";
  int file = mkstemp(path), out = dup(1);

  CHECK(file >= 0 && out >= 0);
  unlink(path);
  fflush(stdout);
  dup2(file, 1);
  fail_each(file);
  fflush(stdout);
  dup2(out, 1);
  close(out);
  close(file);
}
