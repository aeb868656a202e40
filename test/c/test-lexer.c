/*
 * src/module/lexer.c on bytes of any kind; test/lexer compares what it finds
 * with node. TENON_PROPERTY_ROUNDS=N runs N rounds at random,
 * TENON_PROPERTY_SEED=S begins at another one; a failure names its own.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <tenon/error.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "harness.h"
#include "module/lexer.h"

static const char sample[] =
    "#!/usr/bin/env node\n'use strict'; /* exports.no = 1 */\n"
    "exports.a = exports['\\u{62}'] = `${`}${x / 2}`}`; // exports.no\n"
    "Object.defineProperty(exports, 'c', { enumerable: true, get: function () "
    "{ return q['p']; } });\n"
    "var _x = require('x'); Object.keys(_x).forEach(function (k) { if (k === "
    "'default' || k === '__esModule') return; exports[k] = _x[k]; });\n"
    "tslib.__exportStar(require('y'), exports); if (x) /[/'\"`{]/g.test(x);\n"
    "class A { static if(a) { return /}/ } *in() {} } x = { get f() {}, };\n"
    "module.exports = { d, 'e': f, ...require('z'), g: h.i };\n";

/* The names, with a space behind each, and a bar before the specifiers. */
static void check_found(const char *expected, const char *src, size_t len)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  tenon_p_lexed l;
  size_t i;

  CHECK_INT(0, tenon_p_lex(src, len, &l));
  tenon_p_text_puts(&t, "");
  for (i = 0; i < l.exports.count; i++)
    if (!l.exports.all[i].flags)
      tenon_p_text_printf(&t, "%s ",
                          tenon_p_nameset_text(&l.exports, &l.exports.all[i]));
  tenon_p_text_puts(&t, "|");
  for (i = 0; i < l.reexports.count; i++)
    tenon_p_text_printf(
        &t, " %s", tenon_p_nameset_text(&l.reexports, &l.reexports.all[i]));
  CHECK_TEXT(expected, t.data);
  tenon_p_text_release(&t);
  tenon_p_lexed_release(&l);
}

TEST(names_and_specifiers_are_found_between_what_is_no_code)
{
  check_found("a b c d e g | z", sample, sizeof sample - 1);
}

TEST(a_source_may_be_empty_or_hold_nul)
{
  check_found("|", "", 0);
  check_found("a |", "\0exports.a = 1\0", 15);
  check_found("|", "exports.\0 = 1", 13);
}

TEST(a_name_that_is_not_utf8_is_none)
{
  check_found("b |", "exports['\xff'] = exports.\xc3 = exports.b = 1", 38);
}

TEST(each_allocation_may_fail)
{
  uint64_t at = 0, count;
  tenon_p_lexed l;
  int r;

  do {
    tenon_p_alloc_inject(++at, false);
    r = tenon_p_lex(sample, sizeof sample - 1, &l);
    count = tenon_p_alloc_stop();
    if (r == 0) tenon_p_lexed_release(&l);
    CHECK_INT(count < at ? 0 : TENON_ENOMEM, r);
  } while (count >= at);
  assert_true(at > 10);
}

static double seconds_for(const char *piece, size_t size)
{
  size_t n = strlen(piece), i;
  char *src = malloc(size);
  struct timespec a, b;
  tenon_p_lexed l;

  assert_non_null(src);
  for (i = 0; i < size; i++)
    src[i] = piece[i % n];
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
  CHECK_INT(0, tenon_p_lex(src, size, &l));
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
  tenon_p_lexed_release(&l);
  free(src);
  return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

/* Two megabytes; what is not linear would take minutes. */
TEST(time_is_linear_in_all_that_is_repeated)
{
  static const char *const pieces[] = {"(",
                                       "{",
                                       "[",
                                       "`${",
                                       "/",
                                       "=/[",
                                       "=/\\",
                                       "'",
                                       "\"\\",
                                       "/*",
                                       "exports/*",
                                       "exports.a=",
                                       "exports['",
                                       "module.exports={a,",
                                       "module.exports={...",
                                       "module.exports=require('a');",
                                       "__export(require('a'));",
                                       "Object.keys(_x).forEach(function(k){",
                                       "Object.defineProperty(exports,",
                                       "var a=require('b');",
                                       "exports",
                                       "exports ",
                                       "module.",
                                       "<!--",
                                       "-->",
                                       "a ? ",
                                       ")}]",
                                       "\xe2\x80\xa8",
                                       "\xff",
                                       "\\u"};
  size_t i;

  for (i = 0; i < tenon_p_countof(pieces); i++) {
    double s = seconds_for(pieces[i], 2000000);
    if (s > 10) {
      fprintf(stderr, "'%s' takes %.1f s\n", pieces[i], s);
      fail();
    }
  }
}

static uint64_t random_state;

static uint32_t next(uint32_t n)
{
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (uint32_t)(random_state >> 16) % n;
}

/* Exact blocks, so that the address sanitizer sees a byte too far. */
TEST(sources_that_were_cut_and_changed_are_read_to_their_end)
{
  const char *rounds = getenv("TENON_PROPERTY_ROUNDS");
  const char *from = getenv("TENON_PROPERTY_SEED");
  uint64_t seed = from ? strtoull(from, NULL, 10) : 1;
  uint64_t last = seed + (rounds ? strtoull(rounds, NULL, 10) : 20000);
  size_t size = sizeof sample - 1, len, i;
  tenon_p_lexed l;

  for (; seed < last; seed++) {
    char *src;
    random_state = seed * 0x9e3779b97f4a7c15u + 1;
    len = next((uint32_t)size + 1);
    src = malloc(len ? len : 1);
    assert_non_null(src);
    memcpy(src, sample + next((uint32_t)(size - len) + 1), len);
    for (i = next(12); len && i; i--)
      src[next((uint32_t)len)] =
          (char)(next(2) ? sample[next((uint32_t)size)] : (char)next(256));
    CHECK_INT(0, tenon_p_lex(src, len, &l));
    for (i = 0; i < l.exports.count; i++) {
      const tenon_p_nameset_entry *n = &l.exports.all[i];
      if (tenon_p_utf8_check(tenon_p_nameset_text(&l.exports, n), n->len) ==
          n->len)
        continue;
      fprintf(stderr, "TENON_PROPERTY_SEED=%" PRIu64 "\n", seed);
      fail();
    }
    tenon_p_lexed_release(&l);
    free(src);
  }
}
