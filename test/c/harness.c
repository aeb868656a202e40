#define TENON_MODULE harness
#include "harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <tenon/export.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"

enum { MOST_RUNTIMES = 64 };

static tenon_runtime *runtimes[MOST_RUNTIMES];
static size_t runtime_count;
static tenon_p_text log_text, shown;

TENON_FUNCTION_AS("log", none, t_log, (str, line))
{
  tenon_p_text_append(&log_text, line.data, line.len);
  tenon_p_text_puts(&log_text, "\n");
}

const char *t_logged(void)
{
  tenon_p_text_clear(&shown);
  tenon_p_text_puts(&shown, log_text.data ? log_text.data : "");
  tenon_p_text_clear(&log_text);
  return shown.data;
}

int t_runtime_new(const tenon_options *options, tenon_runtime **out)
{
  int r = tenon_runtime_new(options, out);

  if (r) return r;
  r = tenon_runtime_add_module(*out, "test", tenon_module_harness);
  if (r) {
    tenon_runtime_free(*out);
    *out = NULL;
    return r;
  }
  if (runtime_count == MOST_RUNTIMES) fail_msg("too many runtimes");
  runtimes[runtime_count++] = *out;
  return 0;
}

tenon_runtime *t_runtime(void)
{
  tenon_runtime *rt;

  assert_int_equal(0, t_runtime_new(NULL, &rt));
  return rt;
}

void t_forget(tenon_runtime *rt)
{
  size_t i;

  for (i = 0; i < runtime_count; i++)
    if (runtimes[i] == rt) runtimes[i] = runtimes[--runtime_count];
}

void t_free(tenon_runtime *rt)
{
  t_forget(rt);
  tenon_runtime_free(rt);
}

static char folder[] = "/tmp/tenon-test-c-XXXXXX";
static pid_t folder_owner;

bool t_enter_folder(void)
{
  if (folder_owner) return false;
  assert_non_null(mkdtemp(folder));
  folder_owner = getpid();
  CHECK_INT(0, chdir(folder));
  return true;
}

/* A child that was forked has it from its parent. */
__attribute__((destructor)) static void remove_folder(void)
{
  char command[64];

  if (folder_owner != getpid()) return;
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command)) fprintf(stderr, "%s is left behind\n", folder);
}

void t_write_file(const char *name, const char *text)
{
  FILE *f = fopen(name, "w");

  assert_non_null(f);
  CHECK(fputs(text, f) >= 0);
  CHECK_INT(0, fclose(f));
}

int t_eval_module(tenon_runtime *rt, const char *source)
{
  int r = tenon_runtime_eval_module(rt, source, strlen(source), "test.js");

  return r ? r : tenon_runtime_run(rt);
}

int t_eval_script(tenon_runtime *rt, const char *source)
{
  int r = tenon_runtime_eval_script(rt, source, strlen(source), "test.js");

  return r ? r : tenon_runtime_run(rt);
}

void t_run_at(tenon_runtime *rt, const char *source, const char *file, int line)
{
  int r = t_eval_module(rt, source);
  const char *text = tenon_runtime_exception(rt);

  if (r) {
    print_error("%s: %s\n", tenon_error_name(r), text ? text : "");
    _fail(file, line);
  }
}

void t_check_throws(tenon_runtime *rt, const char *text, const char *source,
                    const char *file, int line)
{
  int r = t_eval_module(rt, source);
  const char *thrown = tenon_runtime_exception(rt);

  if (r != TENON_EEXCEPTION || !thrown || !strstr(thrown, text)) {
    print_error("expected '%s', got %s: %s\n", text, tenon_error_name(r),
                thrown ? thrown : "");
    _fail(file, line);
  }
  tenon_runtime_clear_exception(rt);
}

uint64_t t_now_ms(void)
{
  struct timespec t;

  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

uint64_t t_cpu_ms(void)
{
  struct rusage u;

  getrusage(RUSAGE_SELF, &u);
  return (uint64_t)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 +
         (uint64_t)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

/* --- Registration and main ------------------------------------------------------------ */

extern const t_test *const __start_t_tests[], *const __stop_t_tests[];

static int free_runtimes(void **state)
{
  (void)state;
  while (runtime_count)
    tenon_runtime_free(runtimes[--runtime_count]);
  tenon_p_text_clear(&log_text);
  return 0;
}

static int compare(const void *a, const void *b)
{
  return strcmp(((const struct CMUnitTest *)a)->name,
                ((const struct CMUnitTest *)b)->name);
}

/* test-NAME [PATTERN]: only the tests whose name matches. */
int main(int argc, char **argv)
{
  size_t count = (size_t)(__stop_t_tests - __start_t_tests), i;
  struct CMUnitTest *tests = calloc(count, sizeof *tests);
  int failed;

  if (!tests) return 2;
  for (i = 0; i < count; i++)
    tests[i] = (struct CMUnitTest){
        .name = __start_t_tests[i]->name,
        .test_func = __start_t_tests[i]->run,
        .teardown_func = free_runtimes,
    };
  qsort(tests, count, sizeof *tests, compare);
  if (argc > 1) cmocka_set_test_filter(argv[1]);
  failed = _cmocka_run_group_tests(argv[0], tests, count, NULL, NULL);
  tenon_p_text_release(&log_text);
  tenon_p_text_release(&shown);
  free(tests);
  return failed ? 1 : 0;
}

typedef struct elsewhere {
  void (*fn)(void *);
  void *p;
} elsewhere;

static void *run_elsewhere(void *p)
{
  elsewhere *e = p;

  e->fn(e->p);
  return NULL;
}

/* --- The pool --------------------------------------------------------------------- */

void t_set_pool(tenon_runtime *rt, uint32_t running, uint32_t queued,
                tenon_when_full when_full)
{
  tenon_pool_options o = {.size = sizeof o,
                          .most_running = running,
                          .most_queued = queued,
                          .when_full = when_full};

  CHECK_INT(0, tenon_runtime_set_pool(rt, &o));
}

tenon_str t_pool_usage(tenon_runtime *rt)
{
  static char text[64];
  tenon_pool_usage u = {.size = sizeof u};

  CHECK_INT(0, tenon_runtime_pool_usage(rt, &u));
  snprintf(text, sizeof text, "%u %u %u", (unsigned)u.running,
           (unsigned)u.queued, (unsigned)u.waiting);
  return tenon_str_of(text);
}

/* --- Allocations that fail -------------------------------------------------------- */

int t_live(const char *name, tenon_module_entry *entry, const char *program)
{
  tenon_runtime *rt = NULL;
  int r = tenon_runtime_new(NULL, &rt);

  if (r == 0) r = tenon_runtime_add_module(rt, name, entry);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, strlen(program), "oom.js");
  if (r == 0) r = tenon_runtime_run(rt);
  if (r == TENON_EEXCEPTION) CHECK(tenon_runtime_exception(rt) != NULL);
  tenon_runtime_free(rt);
  return r;
}

uint64_t t_oom_step(uint64_t count)
{
  const char *sample = getenv("TENON_OOM_SAMPLE");
  uint64_t want = sample ? strtoull(sample, NULL, 10) : 0;

  return want && want < count ? count / want : 1;
}

static bool is_right(const t_oom *oom)
{
  return !oom->said ||
         (oom->said->data && strcmp(oom->said->data, oom->expected) == 0);
}

static int live_with(const t_oom *oom, uint64_t at, bool is_lasting,
                     uint64_t *count)
{
  int r;

  alarm(60);
  tenon_p_alloc_inject(at, is_lasting);
  r = oom->live();
  *count = tenon_p_alloc_stop();
  if (oom->after) oom->after();
  alarm(0);
  return r;
}

uint64_t t_fail_each(const t_oom *oom, bool is_lasting)
{
  uint64_t count, at, step, ignored;

  /* What is made once a process, such as threads of the pool, is not counted. */
  CHECK_INT(0, live_with(oom, 0, false, &count));
  CHECK_INT(0, live_with(oom, 0, false, &count));
  if (oom->said) CHECK_TEXT(oom->expected, oom->said->data);
  step = t_oom_step(count);
  for (at = 1; at <= count; at += step)
    if (live_with(oom, at, is_lasting, &ignored) == 0 && !is_right(oom))
      fail_msg("allocation %llu of %llu failed unnoticed: %s",
               (unsigned long long)at, (unsigned long long)count,
               oom->said->data ? oom->said->data : "");
  if (oom->said) tenon_p_text_release(oom->said);
  return count;
}

void t_elsewhere(void (*fn)(void *), void *p)
{
  elsewhere e = {fn, p};
  pthread_t thread;

  CHECK_INT(0, pthread_create(&thread, NULL, run_elsewhere, &e));
  CHECK_INT(0, pthread_join(thread, NULL));
}

void t_spoil(void *p, size_t size)
{
  memset(p, 'x', size);
  __asm__ volatile("" : : "r"(p) : "memory");
}
