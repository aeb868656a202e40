/* Types beyond the plain ones: both directions, messages word for word. */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#include <tenon/export.h>

TENON_MODULE_THREADS(any);

/* --- Natives ----------------------------------------------------------------- */

TENON_FUNCTION(str, show_nullable, (nullable(str), s))
{
  return s ? *s : tenon_str_of("NULL");
}

TENON_BLOCKING(nullable(str), nullable_later, (nullable(str), s))
{
  return s;
}

TENON_FUNCTION(str, show_nullable_or, (nullable(str), s, NULL), (i32, n, 7))
{
  return s ? *s : tenon_str_of(n == 7 ? "NULL 7" : "NULL");
}

TENON_FUNCTION(nullable(u8), echo_nullable, (nullable(u8), n))
{
  return n;
}

TENON_FUNCTION(big_i64, echo_i64, (big_i64, n))
{
  return n;
}

TENON_FUNCTION(big_u64, echo_u64, (big_u64, n))
{
  return n;
}

TENON_FUNCTION(cstr, echo_cstr, (cstr, s))
{
  return s;
}

TENON_BLOCKING(cstr, cstr_later, (cstr, s))
{
  return s;
}

TENON_FUNCTION(cstr, no_cstr)
{
  return NULL;
}

TENON_FUNCTION(nullable(cstr), no_nullable_cstr)
{
  return NULL;
}

/* Settled behind the body's back, so that what it points at is kept. */
TENON_ASYNC(nullable(cstr), cstr_kept, (nullable(cstr), s))
{
  char text[16] = "";
  const char *p = text;

  if (s) strncpy(text, *s, sizeof text - 1);
  TENON_RESOLVE(cstr_kept, deferred, s ? &p : NULL);
  memset(text, 'x', sizeof text - 1);
}

/* --- Helpers ------------------------------------------------------------------- */

#define PRELUDE                                                   \
  "import { log } from 'test'; import * as n from 'native';\n"    \
  "const text = v => typeof v === 'bigint' ? v + 'n'\n"           \
  "  : typeof v === 'object' ? JSON.stringify(v) : String(v);\n"  \
  "const t = (f, ...a) => {\n"                                    \
  "  try { log(text(f(...a))); } catch (e) { log(`${e}`); } };\n" \
  "const at = async (f, ...a) => {\n"                             \
  "  try { log(text(await f(...a))); } catch (e) { log(`${e}`); } };\n"
#define RUN(rt, source) t_run(rt, PRELUDE source)

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_v1));
  return rt;
}

/* --- nullable, big_i64, big_u64, cstr --------------------------------------------- */

TEST(nullable_is_null_for_null_and_undefined)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.show_nullable, 'a'); t(n.show_nullable, null);\n"
          "t(n.show_nullable, undefined); t(n.show_nullable);\n"
          "t(n.show_nullable, 5); log(`${n.show_nullable.length}`);\n"
          "t(n.echo_nullable, 255); t(n.echo_nullable, null);\n"
          "t(n.echo_nullable, 256);");
  CHECK_LOG("a\nNULL\nNULL\nNULL\n"
            "TypeError: show_nullable: argument 1 's': expected string, got 5\n"
            "0\n255\nnull\n"
            "RangeError: echo_nullable: argument 1 'n': expected integer from 0"
            " to 255, got 256\n");
}

TEST(nullable_has_defaults_for_undefined_alone)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.show_nullable_or, null, 1); t(n.show_nullable_or);\n"
          "t(n.show_nullable_or, 'a', undefined);\n"
          "t(n.show_nullable_or, 'a', null);");
  CHECK_LOG("NULL\nNULL 7\na\n"
            "TypeError: show_nullable_or: argument 2 'n': expected integer, got"
            " null\n");
}

TEST(nullable_goes_off_the_loop_and_back)
{
  tenon_runtime *rt = start();

  RUN(rt, "await at(n.nullable_later, 'b');\n"
          "await at(n.nullable_later, null);\n"
          "await at(n.echo_nullable.async, 7);\n"
          "await at(n.echo_nullable.async);");
  CHECK_LOG("b\nnull\n7\nnull\n");
}

TEST(big_words_take_bigints_alone)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_i64, -(2n ** 63n)); t(n.echo_i64, 2n ** 63n - 1n);\n"
          "t(n.echo_u64, 2n ** 64n - 1n); t(n.echo_u64, 0n);\n"
          "t(n.echo_i64, 1); t(n.echo_u64, '1'); t(n.echo_i64, 2n ** 63n);\n"
          "t(n.echo_u64, -1n);");
  CHECK_LOG("-9223372036854775808n\n9223372036854775807n\n"
            "18446744073709551615n\n0n\n"
            "TypeError: echo_i64: argument 1 'n': expected bigint, got 1\n"
            "TypeError: echo_u64: argument 1 'n': expected bigint, got string\n"
            "RangeError: echo_i64: argument 1 'n': expected integer from"
            " -9223372036854775808 to 9223372036854775807, got"
            " 9223372036854775808n\n"
            "RangeError: echo_u64: argument 1 'n': expected integer from 0 to"
            " 18446744073709551615, got -1n\n");
}

TEST(cstr_is_a_string_without_a_nul)
{
  tenon_runtime *rt = start();

  RUN(rt, "t(n.echo_cstr, 'gr\\u00fc\\u00dfe'); t(n.echo_cstr, '');\n"
          "t(n.echo_cstr, 'a\\0b'); t(n.echo_cstr, '\\0'); t(n.echo_cstr, 1);\n"
          "t(n.no_cstr); t(n.no_nullable_cstr);\n"
          "await at(n.cstr_later, 'c'.repeat(400));\n"
          "await at(n.cstr_later, '\\0');");
  CHECK_LOG("gr\xc3\xbc\xc3\x9f"
            "e\n\n"
            "TypeError: echo_cstr: argument 1 's': expected string without NUL,"
            " got one with it\n"
            "TypeError: echo_cstr: argument 1 's': expected string without NUL,"
            " got one with it\n"
            "TypeError: echo_cstr: argument 1 's': expected string, got 1\n"
            "TypeError: no_cstr: result: NULL, which is nullable's alone\n"
            "null\n"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc"
            "cccccccccccccccccccccccccccccccccccccccccccccccccc\n"
            "TypeError: cstr_later: argument 1 's': expected string without"
            " NUL, got one with it\n");
}

TEST(a_cstr_that_settles_a_deferred_is_copied)
{
  tenon_runtime *rt = start();

  RUN(rt, "await at(n.cstr_kept, 'kept'); await at(n.cstr_kept, null);");
  CHECK_LOG("kept\nnull\n");
}
