/*
 * Tests in C, on cmocka: each a function that registers itself.
 *
 *     TEST(a_syntax_error_leaves_the_runtime_usable)
 *     {
 *       tenon_runtime *rt = t_runtime();
 *       CHECK_THROWS(rt, "SyntaxError", "let = ;");
 *       t_run(rt, "1 + 1");
 *     }
 *
 * The runtimes of a test are freed behind it, also when it failed. What a
 * script says by t_log (a function that the harness exports as 'test') is
 * compared by CHECK_LOG.
 */
#ifndef TEST_C_HARNESS_H
#define TEST_C_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <tenon/descriptor.h>
#include <tenon/error.h>
#include <tenon/pool.h>
#include <tenon/runtime.h>

#include "base/text.h"

typedef struct t_test {
  const char *name;
  void (*run)(void **state);
} t_test;

#define TEST(test_name)                                                      \
  static void test_name(void **state);                                       \
  static const t_test t_##test_name = {#test_name, test_name};               \
  __attribute__((section("t_tests"), used,                                   \
                 retain)) static const t_test *const t_pointer_##test_name = \
      &t_##test_name;                                                        \
  static void test_name(__attribute__((unused)) void **state)

/* A runtime with the module 'test', whose `log` collects text. */
tenon_runtime *t_runtime(void);
/* The same by options, with what tenon_runtime_new returned. */
int t_runtime_new(const tenon_options *options, tenon_runtime **out);
/* Frees one before its test ends. */
void t_free(tenon_runtime *rt);
/* The test does it by itself. */
void t_forget(tenon_runtime *rt);

/* What scripts have logged since the last call, one line each. */
const char *t_logged(void);

/* A folder of the program's own is the working directory from now on, and is
 * removed with what is in it at the end: true when it was made now. */
bool t_enter_folder(void);
void t_write_file(const char *name, const char *text);

/* Evaluate as a module (it may import) or script; run the loop to its end. */
int t_eval_module(tenon_runtime *rt, const char *source);
int t_eval_script(tenon_runtime *rt, const char *source);

/* A module that is run to its end and must not fail. */
#define t_run(rt, source) t_run_at(rt, source, __FILE__, __LINE__)
void t_run_at(tenon_runtime *rt, const char *source, const char *file,
              int line);

#define CHECK(condition) assert_true(condition)
#define CHECK_INT(expected, actual) assert_int_equal(expected, actual)
#define CHECK_TEXT(expected, actual) assert_string_equal(expected, actual)
#define CHECK_LOG(expected) assert_string_equal(expected, t_logged())
/* Running `source` as a module fails with an exception that contains `text`. */
#define CHECK_THROWS(rt, text, source) \
  t_check_throws(rt, text, source, __FILE__, __LINE__)
void t_check_throws(tenon_runtime *rt, const char *text, const char *source,
                    const char *file, int line);

/* The life of a runtime: a program that may import `entry` as `name`, to its end.
 * What failed; every failure has a text. */
int t_live(const char *name, tenon_module_entry *entry, const char *program);

/* A life whose allocations fail, one run after the other. */
typedef struct t_oom {
  int (*live)(void);    /* 0, or the code of what failed */
  tenon_p_text *said;   /* what it said; released at the end. NULL: nothing */
  const char *expected; /* of one that returns 0 */
  void (*after)(void);  /* behind each, with memory again. NULL: nothing */
} t_oom;

/*
 * Each run either fails with an error or does everything right; none crashes,
 * hangs or leaks (the sanitizers see to the last). A lasting failure is that of
 * all allocations from one on. Returns how many there are.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
uint64_t t_fail_each(const t_oom *oom, bool is_lasting);
/* For loops of other kinds: from one of `count` points to the next. */
uint64_t t_oom_step(uint64_t count);

/* What a runtime's pool may do; how many calls run, are queued, and wait. */
void t_set_pool(tenon_runtime *rt, uint32_t running, uint32_t queued,
                tenon_when_full when_full);
tenon_str t_pool_usage(tenon_runtime *rt);

/* An entry of the same module, as one whose functions run one at a time. */
#define T_SERIAL(serial_name, entry)           \
  static const tenon_module *serial_name(void) \
  {                                            \
    static tenon_module m;                     \
    if (!m.size) {                             \
      m = *entry();                            \
      m.threads = TENON_THREADS_serial;        \
    }                                          \
    return &m;                                 \
  }

/* Call fn(p) on another thread and wait for its end. */
void t_elsewhere(void (*fn)(void *), void *p);

/* Overwrite memory; not left out where it is gone soon. */
void t_spoil(void *p, size_t size);

/*
 * A TENON_ASYNC function without parameters that another thread settles, whose
 * result therefore waits for the loop: the body is that thread's.
 */
#define T_SETTLED_ELSEWHERE(R, name)                   \
  static void settle_##name(tenon_deferred *deferred); \
  static void t_settle_##name(void *deferred)          \
  {                                                    \
    settle_##name((tenon_deferred *)deferred);         \
  }                                                    \
  TENON_ASYNC(R, name)                                 \
  {                                                    \
    t_elsewhere(t_settle_##name, deferred);            \
  }                                                    \
  static void settle_##name(tenon_deferred *deferred)

/* Milliseconds of a clock that only goes forward, and of CPU time. */
uint64_t t_now_ms(void);
uint64_t t_cpu_ms(void);

#endif
