/*
 * Every function that is for the loop's thread, from another one, while the
 * loop runs: refused, and nothing of the runtime is looked at.
 *
 * A function of a header that says `[thread: loop]` is in the table below, or
 * a test fails.
 */
#define TENON_MODULE wrong
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>
#include <tenon/napi.h>
#include <tenon/persistent.h>
#include <tenon/promise.h>
#include <tenon/property.h>

#include "harness.h"

static tenon_runtime *rt;
static tenon_realm *realm;
static napi_env env;
static napi_value value;
static tenon_persistent *persistent;
static tenon_key *key;

static const tenon_state_type of_runtime = {
    .size = sizeof of_runtime, .name = "x", .scope = TENON_STATE_RUNTIME};
static const tenon_state_type of_realm = {
    .size = sizeof of_realm, .name = "y", .scope = TENON_STATE_REALM};

TENON_IMPORT(i32, imported, (i32, n))

static imported *kept;

TENON_FUNCTION(none, keep, (imported, fn))
{
  kept = imported_keep(fn);
}

/* Where results go, which are the caller's. */
static struct {
  void *p;
  bool is;
  int32_t n;
  tenon_left left;
  tenon_array_str names;
  tenon_str text;
  tenon_owner *owner;
  tenon_realm *realm;
  tenon_persistent *persistent;
  tenon_key *key;
  tenon_property property;
  napi_value value;
  tenon_callback *callback;
  tenon_watch *watch;
  tenon_deferred *deferred;
  tenon_promise_status status;
} to;

static void on_settled(napi_env e, tenon_promise_status status, napi_value v,
                       void *data)
{
  (void)e;
  (void)status;
  (void)v;
  (void)data;
}

static void shown(void *data, const char *text, size_t len)
{
  (void)data;
  (void)text;
  (void)len;
}

static void call(void *p)
{
  (void)p;
}

static bool visit_kept(const tenon_kept *k, void *data)
{
  (void)data;
  (void)k;
  return true;
}

static void on_watch(tenon_watch *w, int status, uint32_t events, void *data)
{
  (void)w;
  (void)status;
  (void)events;
  (void)data;
}

static int resolve(void)
{
  static const tenon_resolution q = {.size = sizeof q, .specifier = "x"};
  const char *meaning;

  return tenon_runtime_resolve(rt, &q, &meaning);
}

/* What a function that returns nothing, or a value, has said no by. */
#define REFUSED TENON_ETHREAD
#define QUIET(call) ((call), REFUSED)
#define NULLS(call) ((call) ? 0 : REFUSED)
#define NAPI(call) ((call) == napi_invalid_arg ? REFUSED : 0)

#ifdef NDEBUG
#define FREE QUIET(tenon_runtime_free(rt))
#else
#define FREE REFUSED /* an assertion */
#endif

#define ROWS(X)                                                                \
  X(tenon_runtime_free, FREE)                                                  \
  X(tenon_runtime_add_module,                                                  \
    tenon_runtime_add_module(rt, "m", tenon_module_wrong))                     \
  X(tenon_runtime_eval_script, tenon_runtime_eval_script(rt, "1", 1, NULL))    \
  X(tenon_runtime_eval_module, tenon_runtime_eval_module(rt, "1", 1, NULL))    \
  X(tenon_runtime_eval, tenon_runtime_eval(rt, "1", 1, NULL))                  \
  X(tenon_runtime_eval_shown,                                                  \
    tenon_runtime_eval_shown(rt, "1", 1, NULL, TENON_FORM_TEXT, shown, NULL))  \
  X(tenon_runtime_run_file, tenon_runtime_run_file(rt, "x.js"))                \
  X(tenon_runtime_report, tenon_runtime_report(rt))                            \
  X(tenon_runtime_run, tenon_runtime_run(rt))                                  \
  X(tenon_runtime_waiting, NULLS(tenon_runtime_waiting(rt)))                   \
  X(tenon_runtime_exception, NULLS(tenon_runtime_exception(rt)))               \
  X(tenon_runtime_explain,                                                     \
    NULLS(tenon_runtime_explain(rt, TENON_EEXCEPTION, TENON_FORM_TEXT)))       \
  X(tenon_runtime_clear_exception, QUIET(tenon_runtime_clear_exception(rt)))   \
  X(tenon_runtime_set_time_limit, tenon_runtime_set_time_limit(rt, 1))         \
  X(tenon_runtime_limit, NULLS(tenon_runtime_limit(rt)))                       \
  X(tenon_runtime_resume, QUIET(tenon_runtime_resume(rt)))                     \
  X(tenon_runtime_exit_code, NULLS(tenon_runtime_exit_code(rt)))               \
  X(tenon_runtime_memory, NULLS(tenon_runtime_memory(rt).used_bytes))          \
  X(tenon_runtime_memory_usage, memory_usage())                                \
  X(tenon_runtime_collect, QUIET(tenon_runtime_collect(rt)))                   \
  X(tenon_runtime_step, tenon_runtime_step(rt, 0, &to.left))                   \
  X(tenon_runtime_fd, tenon_runtime_fd(rt))                                    \
  X(tenon_runtime_deadline_ms, tenon_runtime_deadline_ms(rt))                  \
  X(tenon_runtime_is_alive, NULLS(tenon_runtime_is_alive(rt)))                 \
  X(tenon_runtime_on_event, tenon_runtime_on_event(rt, NULL, NULL))            \
  X(tenon_runtime_detach_thread, tenon_runtime_detach_thread(rt))              \
  X(tenon_runtime_dump,                                                        \
    tenon_runtime_dump(rt, TENON_DUMP_SHAPES, shown, NULL))                    \
  X(tenon_runtime_trace, tenon_runtime_trace(rt, 0, shown, NULL))              \
  X(tenon_runtime_import,                                                      \
    tenon_runtime_import(rt, NULL, "f", &tenon_p_signature_imported,           \
                         &TENON_P_HOST, &to.callback))                         \
  X(tenon_runtime_exports,                                                     \
    tenon_runtime_exports(rt, "native", &to.names, &to.owner))                 \
  X(tenon_runtime_read,                                                        \
    tenon_runtime_read(rt, NULL, "x", TENON_TYPE(i32), &to.n, &to.owner))      \
  X(tenon_runtime_eval_into,                                                   \
    tenon_runtime_eval_into(rt, "1", 1, NULL, TENON_TYPE(i32), &to.n,          \
                            &to.owner))                                        \
  X(tenon_runtime_eval_json,                                                   \
    tenon_runtime_eval_json(rt, "1", 1, NULL, &to.text, &to.owner))            \
  X(tenon_runtime_env, NULLS(tenon_runtime_env(rt)))                           \
  X(tenon_runtime_get_exception, tenon_runtime_get_exception(rt, &to.value))   \
  X(tenon_runtime_set_exception, tenon_runtime_set_exception(rt, value))       \
  X(tenon_persistent_new_at,                                                   \
    tenon_persistent_new_at(env, value, "", 1, &to.persistent))                \
  X(tenon_persistent_new_weak_at,                                              \
    tenon_persistent_new_weak_at(env, value, "", 1, &to.persistent))           \
  X(tenon_persistent_get, tenon_persistent_get(env, persistent, &to.value))    \
  X(tenon_runtime_close, tenon_runtime_close(rt, NULL, NULL))                  \
  X(tenon_runtime_open_count, NULLS(tenon_runtime_open_count(rt)))             \
  X(tenon_runtime_trace_open, tenon_runtime_trace_open(rt, true))              \
  X(tenon_runtime_open, NULLS(tenon_runtime_open(rt, TENON_FORM_JSON)))        \
  X(tenon_deferred_new,                                                        \
    tenon_deferred_new(env, TENON_TYPE(i32), "x", &to.deferred, &to.value))    \
  X(tenon_promise_state,                                                       \
    tenon_promise_state(env, value, &to.status, &to.value))                    \
  X(tenon_promise_then, tenon_promise_then(env, value, on_settled, NULL))      \
  X(tenon_runtime_await, tenon_runtime_await(rt, value, 0, &to.value))         \
  X(tenon_runtime_await_into,                                                  \
    tenon_runtime_await_into(rt, value, 0, TENON_TYPE(i32), &to.n, NULL))      \
  X(tenon_kept_each, tenon_kept_each(env, visit_kept, NULL))                   \
  X(tenon_kept_report, tenon_kept_report(env, visit_kept, NULL))               \
  X(tenon_key_new, NAPI(tenon_key_new(env, "x", 1, &to.key)))                  \
  X(tenon_key_of, NAPI(tenon_key_of(env, value, &to.key)))                     \
  X(tenon_key_free, QUIET(tenon_key_free(key)))                                \
  X(tenon_key_value, NAPI(tenon_key_value(env, key, &to.value)))               \
  X(tenon_key_get, NAPI(tenon_key_get(env, value, key, &to.value)))            \
  X(tenon_key_set, NAPI(tenon_key_set(env, value, key, value)))                \
  X(tenon_key_has, NAPI(tenon_key_has(env, value, key, &to.is)))               \
  X(tenon_property_own,                                                        \
    NAPI(tenon_property_own(env, value, value, &to.property, &to.is)))         \
  X(tenon_property_define,                                                     \
    NAPI(tenon_property_define(env, value, value, &to.property, &to.is)))      \
  X(tenon_property_each,                                                       \
    NAPI(tenon_property_each(env, value, 0, visit_property, NULL)))            \
  X(tenon_realm_new, tenon_realm_new(rt, NULL, &to.realm))                     \
  X(tenon_realm_free, tenon_realm_free(realm))                                 \
  X(tenon_runtime_realm, NULLS(tenon_runtime_realm(rt)))                       \
  X(tenon_realm_runtime, NULLS(tenon_realm_runtime(realm)))                    \
  X(tenon_realm_eval_script, tenon_realm_eval_script(realm, "1", 1, NULL))     \
  X(tenon_realm_eval_module, tenon_realm_eval_module(realm, "1", 1, NULL))     \
  X(tenon_realm_enter, tenon_realm_enter(realm))                               \
  X(tenon_realm_leave, tenon_realm_leave(realm))                               \
  X(tenon_realm_add_globals,                                                   \
    tenon_realm_add_globals(realm, tenon_module_wrong))                        \
  X(tenon_realm_run_glue,                                                      \
    tenon_realm_run_glue(realm, tenon_module_wrong, "1", 1, NULL))             \
  X(tenon_runtime_state, tenon_runtime_state(rt, &of_runtime, &to.p))          \
  X(tenon_realm_state, tenon_realm_state(realm, &of_realm, &to.p))             \
  X(tenon_realm_call, tenon_realm_call(realm, call, NULL))                     \
  X(tenon_runtime_set_pool, tenon_runtime_set_pool(rt, NULL))                  \
  X(tenon_runtime_add_link, tenon_runtime_add_link(rt, NULL, NULL, true))      \
  X(tenon_runtime_on_build, tenon_runtime_on_build(rt, NULL, NULL))            \
  X(tenon_runtime_set_import_rules, tenon_runtime_set_import_rules(rt, NULL))  \
  X(tenon_runtime_set_import_map,                                              \
    tenon_runtime_set_import_map(rt, "{}", 2, "m"))                            \
  X(tenon_runtime_resolve, resolve())                                          \
  X(tenon_runtime_add_require, tenon_runtime_add_require(rt, "x"))             \
  X(tenon_runtime_pool_usage, pool_usage())                                    \
  X(tenon_runtime_set_limit, tenon_runtime_set_limit(rt, TENON_LIMIT_TIME, 1)) \
  X(tenon_runtime_get_limit, get_limit())                                      \
  X(tenon_runtime_begin_limits, begin_limits())                                \
  X(tenon_runtime_end_limits, tenon_runtime_end_limits(rt, 1, NULL))           \
  X(tenon_runtime_watch,                                                       \
    tenon_runtime_watch(rt, 0, 1, on_watch, NULL, &to.watch))

static bool visit_property(napi_env e, napi_value k, const tenon_property *p,
                           void *data)
{
  (void)e;
  (void)k;
  (void)data;
  (void)p;
  return true;
}

static int memory_usage(void)
{
  tenon_memory_usage usage = {.size = sizeof usage};

  return tenon_runtime_memory_usage(rt, &usage);
}

static int get_limit(void)
{
  tenon_limit_state state = {.size = sizeof state};

  return tenon_runtime_get_limit(rt, TENON_LIMIT_TIME, &state);
}

static int begin_limits(void)
{
  tenon_call_limits limits = {.size = sizeof limits, .time_ms = 1};
  uint64_t scope;

  return tenon_runtime_begin_limits(rt, &limits, &scope);
}

static int pool_usage(void)
{
  tenon_pool_usage usage = {.size = sizeof usage};

  return tenon_runtime_pool_usage(rt, &usage);
}

#define DEFINE(name, expression) \
  static int call_##name(void)   \
  {                              \
    return (int)(expression);    \
  }
ROWS(DEFINE)

static const struct row {
  const char *name;
  int (*call)(void);
} rows[] = {
#define ROW(name, expression) {#name, call_##name},
    ROWS(ROW)};
enum { ROW_COUNT = sizeof rows / sizeof *rows };

static int results[ROW_COUNT];
static int is_over;

static void *call_all(void *p)
{
  int round, i;

  (void)p;
  for (round = 0; round < 10; round++)
    for (i = 0; i < ROW_COUNT; i++)
      if (round == 0 || results[i] == REFUSED) results[i] = rows[i].call();
  __atomic_store_n(&is_over, 1, __ATOMIC_RELEASE);
  return NULL;
}

/* A program with something for each of them to find. */
static void begin(void)
{
  static const char source[] =
      "import { keep } from 'native'; keep((n) => n);"
      "process.exitCode = 3; setInterval(() => { globalThis.n = [1]; }, 0);"
      "await new Promise(() => {});";

  rt = t_runtime();
  CHECK_INT(0, tenon_runtime_add_module(rt, "native", tenon_module_wrong));
  CHECK_INT(0, tenon_runtime_eval_module(rt, source, sizeof source - 1, NULL));
  realm = tenon_runtime_realm(rt);
  env = tenon_runtime_env(rt);
  CHECK_INT(napi_ok, napi_create_object(env, &value));
  CHECK_INT(0, tenon_persistent_new(env, value, &persistent));
  CHECK_INT(napi_ok, tenon_key_new(env, "x", 1, &key));
  CHECK_INT(TENON_EEXCEPTION,
            tenon_runtime_eval_script(rt, "throw 1", 7, NULL));
}

static void check(void)
{
  int i;

  for (i = 0; i < ROW_COUNT; i++) {
    if (results[i] == REFUSED) continue;
    print_error("%s: %s\n", rows[i].name, tenon_error_name(results[i]));
    CHECK(!"refused");
  }
}

static void end(void)
{
  tenon_key_free(key);
  tenon_persistent_free(persistent);
  tenon_callback_release(kept);
  CHECK_TEXT("1", tenon_runtime_exception(rt));
  CHECK_INT(3, tenon_runtime_exit_code(rt));
}

TEST(another_thread_is_refused_while_the_loop_runs)
{
  pthread_t thread;

  begin();
  is_over = 0;
  CHECK_INT(0, pthread_create(&thread, NULL, call_all, NULL));
  while (!__atomic_load_n(&is_over, __ATOMIC_ACQUIRE))
    CHECK_INT(0, tenon_runtime_step(rt, 1, NULL));
  pthread_join(thread, NULL);
  check();
  end();
}

TEST(every_thread_is_refused_while_the_runtime_is_nobodys)
{
  begin();
  CHECK_INT(0, tenon_runtime_detach_thread(rt));
  call_all(NULL);
  check();
  CHECK_INT(0, tenon_runtime_attach_thread(rt));
  end();
}

/* --- The table is whole -------------------------------------------------------------- */

static bool is_in_table(const char *name, size_t len)
{
  int i;

  for (i = 0; i < ROW_COUNT; i++)
    if (strlen(rows[i].name) == len && !memcmp(rows[i].name, name, len))
      return true;
  return false;
}

/* The name in front of the next '(' behind TENON_API. */
static int check_declaration(const char *at, const char *file)
{
  const char *end = strchr(at, '('), *begin = end;

  if (!end) return 0;
  while (begin[-1] == '_' || (begin[-1] >= 'a' && begin[-1] <= 'z'))
    begin--;
  if (is_in_table(begin, (size_t)(end - begin))) return 0;
  print_error("%s: %.*s is for the loop's thread: add a row above\n", file,
              (int)(end - begin), begin);
  return 1;
}

static int check_header(const char *file)
{
  char path[1024], *text;
  const char *at, *end;
  FILE *f;
  size_t n;
  int missing = 0;

  snprintf(path, sizeof path, TEST_SOURCE_DIR "/../include/tenon/%s", file);
  f = fopen(path, "r");
  text = calloc(1, 1 << 20);
  CHECK(f && text);
  n = fread(text, 1, (1 << 20) - 1, f);
  CHECK(n < (1 << 20) - 1);
  fclose(f);
  for (at = text; (at = strstr(at, "[thread: loop")); at = end) {
    end = strstr(at, "*/");
    if (!end) break;
    /* What is inline calls one of these, or is for modules. */
    end += 2;
    if (strncmp(end, "\nTENON_API", 10) == 0)
      missing += check_declaration(end, file);
  }
  free(text);
  return missing;
}

TEST(every_function_of_a_header_that_is_for_the_loops_thread_is_tried)
{
  DIR *dir = opendir(TEST_SOURCE_DIR "/../include/tenon");
  struct dirent *entry;
  int missing = 0;

  CHECK(dir != NULL);
  while ((entry = readdir(dir)))
    if (strstr(entry->d_name, ".h")) missing += check_header(entry->d_name);
  closedir(dir);
  CHECK_INT(0, missing);
}
