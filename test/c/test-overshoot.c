/*
 * Builtins that take long notice that the program is to end. Each of these
 * takes longer than its limit of time by far; one that did not look would go on
 * to its end, which is no failure of the program then.
 */
#include <stdio.h>
#include <string.h>

#include "harness.h"

static void check(const char *before, const char *call)
{
  tenon_runtime *rt = t_runtime();
  char text[512];
  int r;

  snprintf(text, sizeof text, "var x; %s; void 0", before);
  CHECK_INT(0, tenon_runtime_eval_script(rt, text, strlen(text), "before.js"));
  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 3));
  snprintf(text, sizeof text, "%s; void 0", call);
  r = tenon_runtime_eval_script(rt, text, strlen(text), "call.js");
  if (r != TENON_ETERMINATED)
    print_error("%s: %s\n", call, tenon_error_name(r));
  CHECK_INT(TENON_ETERMINATED, r);
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(rt));
  t_free(rt);
}

TEST(sort_without_a_function_is_ended)
{
  check("x = Array.from({length: 5e5}, (_, i) => i * 7919 % 1e6)", "x.sort()");
  check("x = Array.from({length: 5e5}, (_, i) => i * 7919 % 1e6)",
        "x.toSorted()");
}

TEST(texts_that_are_cut_and_joined_are_ended)
{
  check("x = 'ab,'.repeat(1e6)", "x.split(',')");
  check("x = 'abc'.repeat(1e6)", "x.split('')");
  check("x = new Array(1e6).fill(12.5)", "x.join()");
  check("", "'abc'.repeat(3e8)");
  check("", "''.padStart(9e8, 'abc')");
  check("x = 'ab'.repeat(2e6)", "x.replaceAll('a', 'c')");
}

/* A piece behind the one that was not copied may be of no length. */
TEST(names_that_are_made_of_others_are_ended)
{
  check("x = {['x'.repeat(1e5)]() {}}; x = x['x'.repeat(1e5)]",
        "for (;;) x.bind()");
  check("x = 'x'.repeat(1e5)", "for (;;) ({ get [x]() { return 1; } })");
  check("x = Symbol('x'.repeat(1e5))", "for (;;) ({ [x]() {} })");
}

TEST(json_is_ended)
{
  check("x = new Array(5e5).fill(1.25)", "JSON.stringify(x)");
  check("x = []; for (let i = 0; i < 2e5; i++) x.push({a: i})",
        "JSON.stringify(x)");
  check("x = '[' + '1,'.repeat(1e6) + '1]'", "JSON.parse(x)");
  check("x = '[' + '{\"a\":1},'.repeat(2e5) + '1]'", "JSON.parse(x)");
}

TEST(arrays_that_are_long_are_ended)
{
  check("x = new Array(3e6).fill(0)", "x.fill(1)");
  check("x = {length: 2 ** 53 - 1}",
        "Array.prototype.copyWithin.call(x, 0, 1)");
  check("x = []; x.length = 4e9", "x.lastIndexOf(1)");
  check("x = {length: 2 ** 53 - 1}", "Array.prototype.reverse.call(x)");
  check("x = {length: 2 ** 53 - 1}", "Array.prototype.shift.call(x)");
  check("", "Array.from({length: 1e7})");
}

TEST(digits_of_a_bigint_are_ended)
{
  check("x = (1n << 1000000n) - 1n", "x.toString()");
  check("x = '7'.repeat(300000)", "BigInt(x)");
}

TEST(search_for_a_long_text_takes_no_product_of_lengths)
{
  tenon_runtime *rt = t_runtime();

  /* 2.5e11 comparisons otherwise. */
  t_run(rt, "const x = 'a'.repeat(1e6), y = 'a'.repeat(5e5) + 'b';"
            "if (x.indexOf(y) !== -1 || (x + y).indexOf(y) !== 1e6) throw 1;"
            "if ('xabcabd'.indexOf('abd', 2) !== 4) throw 2;"
            "if ('abc'.indexOf('c', 2) !== 2 || 'abc'.indexOf('cd') !== -1)"
            " throw 3;"
            "if ('\\u4e2dab'.indexOf('ab') !== 1) throw 4;");
}

TEST(what_is_not_ended_is_right)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 100000));
  t_run(rt, "const a = Array.from({length: 1e5}, (_, i) => i * 7919 % 100003);"
            "const s = a.toSorted();"
            "for (let i = 1; i < s.length; i++) if (`${s[i - 1]}` > `${s[i]}`)"
            " throw 1;"
            "if (JSON.parse(JSON.stringify(a)).join() !== a.join()) throw 2;"
            "if (a.join('-').split('-').length !== a.length) throw 3;"
            "if (BigInt((3n ** 5000n).toString()) !== 3n ** 5000n) throw 5;"
            "for (const p of ['abc', '\\u4e2da', 'x'.repeat(70001)])"
            " for (const n of [0, 1, 2, 3, 7, 30000 / p.length | 0])"
            "  if (p.repeat(n) !== new Array(n).fill(p).join('')) throw 6;"
            "if ('ab'.repeat(1e5).replaceAll('a', 'c') !== 'cb'.repeat(1e5))"
            " throw 4;");
}
