/* Native memory that objects own: what it counts, when it makes the engine
 * collect, and what refuses it. */
#define TENON_MODULE external
#include "napi.h"

#include <stdlib.h>
#include <tenon/export.h>

#include "api/internal.h"
#include "engine/external.h"

#define MIB ((size_t)1 << 20)

/* What the objects of make() and lend() own and have not freed yet. */
static size_t owned, most_owned;
static int finalized;

static void own(size_t size)
{
  owned += size;
  if (owned > most_owned) most_owned = owned;
}

static void start(void)
{
  owned = most_owned = 0;
  finalized = 0;
}

static tenon_memory_usage usage_of(tenon_runtime *rt)
{
  tenon_memory_usage usage = {.size = sizeof usage};

  CHECK_INT(0, tenon_runtime_memory_usage(rt, &usage));
  return usage;
}

static size_t external_of(tenon_runtime *rt)
{
  return usage_of(rt).external_bytes;
}

static void on_finalize(napi_env env, void *data, void *hint)
{
  int64_t now;

  owned -= (size_t)(uintptr_t)data;
  finalized++;
  OK(napi_adjust_external_memory(env, -(int64_t)(uintptr_t)data, &now));
}

static size_t size_argument(napi_env env, napi_callback_info info)
{
  napi_value arg;
  size_t argc = 1;
  int64_t size;

  OK(napi_get_cb_info(env, info, &argc, &arg, NULL, NULL));
  OK(napi_get_value_int64(env, arg, &size));
  return (size_t)size;
}

/* An object that owns so many bytes, which it reports. */
static napi_value make(napi_env env, napi_callback_info info)
{
  size_t size = size_argument(env, info);
  napi_value o;
  int64_t now;

  OK(napi_create_object(env, &o));
  OK(napi_wrap(env, o, (void *)(uintptr_t)size, on_finalize, NULL, NULL));
  own(size);
  OK(napi_adjust_external_memory(env, (int64_t)size, &now));
  return o;
}

static void on_buffer_gone(napi_env env, void *data, void *hint)
{
  owned -= (size_t)(uintptr_t)hint;
  finalized++;
}

/* An ArrayBuffer over memory of native code, which is nowhere looked at. */
static napi_value lend(napi_env env, napi_callback_info info)
{
  static char memory[1];
  size_t size = size_argument(env, info);
  napi_value b = NULL;

  if (napi_create_external_arraybuffer(env, memory, size, on_buffer_gone,
                                       (void *)(uintptr_t)size, &b))
    return NULL;
  own(size);
  return b;
}

/* So many of lend(), in one call. */
static napi_value lend_many(napi_env env, napi_callback_info info)
{
  static char memory[1];
  size_t count = size_argument(env, info), i;
  napi_handle_scope scope;
  napi_value b;

  for (i = 0; i < count; i++) {
    OK(napi_open_handle_scope(env, &scope));
    if (napi_create_external_arraybuffer(env, memory, MIB, on_buffer_gone,
                                         (void *)(uintptr_t)MIB, &b) == napi_ok)
      own(MIB);
    OK(napi_close_handle_scope(env, scope));
  }
  return NULL;
}

static napi_value adjust(napi_env env, napi_callback_info info)
{
  napi_value arg;
  size_t argc = 1;
  int64_t change, now;

  OK(napi_get_cb_info(env, info, &argc, &arg, NULL, NULL));
  OK(napi_get_value_int64(env, arg, &change));
  OK(napi_adjust_external_memory(env, change, &now));
  return t_number(env, (double)now);
}

static napi_value adjust_and_throw(napi_env env, napi_callback_info info)
{
  adjust(env, info);
  OK(napi_throw_error(env, NULL, "its own"));
  return NULL;
}

static void expose(tenon_runtime *rt, const char *name, napi_callback cb)
{
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value f;

  OK(napi_open_handle_scope(env, &scope));
  OK(napi_create_function(env, name, NAPI_AUTO_LENGTH, cb, NULL, &f));
  t_set(rt, name, f);
  OK(napi_close_handle_scope(env, scope));
}

static tenon_runtime *runtime_of(const tenon_options *options)
{
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(options, &rt));
  start();
  expose(rt, "make", make);
  expose(rt, "lend", lend);
  expose(rt, "lendMany", lend_many);
  expose(rt, "adjust", adjust);
  expose(rt, "adjustAndThrow", adjust_and_throw);
  return rt;
}

static tenon_runtime *limited(size_t external_limit_bytes)
{
  return runtime_of(&(tenon_options){
      .size = sizeof(tenon_options),
      .external_limit_bytes = external_limit_bytes,
  });
}

/* --- Collections ------------------------------------------------------------------- */

TEST(objects_in_cycles_with_a_megabyte_each_are_collected)
{
  tenon_runtime *rt = runtime_of(NULL);

  t_run(rt, "for (let i = 0; i < 10000; i++) {"
            "  const a = make(2 ** 20); a.self = a; }");
  CHECK(most_owned <= 70 * MIB);
  /* One for each 64 MiB, and no more. */
  CHECK(usage_of(rt).collections >= 10000 / 66);
  CHECK(usage_of(rt).collections <= 10000 / 64 + 10);
  tenon_runtime_collect(rt);
  t_run(rt, "");
  CHECK_INT(10000, finalized);
  CHECK_INT(0, external_of(rt));
}

TEST(buffers_in_cycles_are_collected)
{
  tenon_runtime *rt = runtime_of(NULL);

  t_run(rt, "for (let i = 0; i < 2000; i++) {"
            "  const b = lend(2 ** 20); b.self = b; }");
  CHECK(most_owned <= 70 * MIB);
  tenon_runtime_collect(rt);
  t_run(rt, "");
  CHECK_INT(2000, finalized);
  CHECK_INT(0, external_of(rt));
}

TEST(buffers_that_nobody_holds_are_freed_in_the_midst_of_a_script)
{
  tenon_runtime *rt = runtime_of(NULL);

  t_run(rt, "for (let i = 0; i < 2000; i++) lend(2 ** 20);");
  CHECK(most_owned <= 2 * MIB);
  CHECK_INT(0, external_of(rt));
}

TEST(memory_counts_until_its_finalizer_has_run)
{
  tenon_runtime *rt = runtime_of(NULL);

  CHECK_INT(0, t_eval_script(rt, "var b = lend(5000); adjust(0)"));
  CHECK_INT(5000, external_of(rt));
  /* The finalizer waits for the loop, or for the next callback. */
  CHECK_INT(0, t_eval_script(rt, "b = null; b = adjust(0);"));
  CHECK_INT(1, finalized);
  CHECK_INT(0, external_of(rt));
}

TEST(many_small_owners_are_finalized_along_with_the_engines_collections)
{
  tenon_runtime *rt = runtime_of(NULL);

  t_run(rt, "for (let i = 0; i < 100000; i++) {"
            "  const a = make(65536); a.self = a; }");
  CHECK(most_owned <= 66 * MIB);
}

TEST(finalizers_that_wait_make_room_without_a_collection)
{
  tenon_runtime *rt = runtime_of(NULL);

  JS_SetGCThreshold(rt->engine->rt, (size_t)1 << 40);
  t_run(rt, "for (let i = 0; i < 1000; i++) make(2 ** 20);");
  CHECK(most_owned <= 66 * MIB);
  CHECK_INT(0, usage_of(rt).collections);
  /* But few of them do not stand in the way of one. */
  t_run(rt, "for (let i = 0; i < 1000; i++) {"
            "  const a = make(2 ** 20); if (i % 8) a.self = a; }");
  CHECK(most_owned <= 68 * MIB);
  CHECK(usage_of(rt).collections >= 12 && usage_of(rt).collections <= 20);
}

TEST(memory_that_lives_is_not_looked_at_again_and_again)
{
  tenon_runtime *rt = runtime_of(NULL);

  t_run(rt, "globalThis.all = [];"
            "for (let i = 0; i < 4096; i++) all.push(make(2 ** 20));");
  CHECK_INT(4096 * MIB, external_of(rt));
  /* 64, 128, 192, 288, 432, 648, 972, 1458, 2187, 3280 MiB. */
  CHECK(usage_of(rt).collections <= 12);
}

TEST(memory_that_is_given_back_asks_for_no_collection)
{
  tenon_runtime *rt = runtime_of(NULL);
  uint64_t before;

  t_run(rt, "globalThis.keep = make(500 * 2 ** 20);");
  tenon_runtime_collect(rt);
  before = usage_of(rt).collections;
  t_run(rt, "for (let i = 0; i < 10000; i++) {"
            "  adjust(50 * 2 ** 20); adjust(-50 * 2 ** 20); }");
  CHECK_INT(before, usage_of(rt).collections);
}

static bool may_collect;

static bool note_growth(tenon_p_heap *h)
{
  return may_collect;
}

TEST(growth_is_measured_by_what_the_last_collection_has_left)
{
  tenon_p_heap h;

  tenon_p_heap_init(&h, 0, NULL);
  h.grown = note_growth;
  may_collect = false;
  CHECK_INT(64 * MIB, h.external_mark_bytes);
  tenon_p_heap_add_external(&h, 65 * MIB);
  CHECK_INT(64 * MIB, h.external_mark_bytes);
  may_collect = true;
  tenon_p_heap_add_external(&h, 35 * MIB);
  CHECK(h.external_mark_bytes == SIZE_MAX);
  tenon_p_heap_drop_external(&h, 90 * MIB);
  CHECK(h.external_mark_bytes == SIZE_MAX);
  tenon_p_heap_collected(&h, 20 * MIB);
  CHECK_INT((10 + 64) * MIB, h.external_mark_bytes);
  /* Collections are as dear as the engine's heap is large. */
  tenon_p_heap_collected(&h, 100 * MIB);
  CHECK_INT((10 + 205) * MIB, h.external_mark_bytes);
  /* What finalizers free behind one makes room at once. */
  tenon_p_heap_drop_external(&h, 10 * MIB);
  CHECK_INT(200 * MIB, h.external_mark_bytes);
  tenon_p_heap_add_external(&h, 150 * MIB);
  CHECK_INT(200 * MIB, h.external_mark_bytes);
}

TEST(host_that_has_switched_collections_off_gets_none)
{
  tenon_runtime *rt = runtime_of(NULL);

  JS_SetGCThreshold(rt->engine->rt, (size_t)-1);
  t_run(rt, "for (let i = 0; i < 100; i++) {"
            "  const a = make(2 ** 20); a.self = a; }");
  CHECK_INT(0, usage_of(rt).collections);
  CHECK_INT(100 * MIB, owned);
  CHECK_INT((size_t)-1, JS_GetGCThreshold(rt->engine->rt));
  tenon_runtime_collect(rt);
  t_run(rt, "");
  CHECK_INT(0, owned);
}

TEST(collection_of_the_host_takes_the_place_of_the_wanted_one)
{
  tenon_runtime *rt = runtime_of(NULL);
  napi_env env = tenon_runtime_env(rt);
  int64_t now;

  OK(napi_adjust_external_memory(env, (int64_t)(100 * MIB), &now));
  CHECK_INT(0, JS_GetGCThreshold(rt->engine->rt));
  tenon_runtime_collect(rt);
  CHECK(JS_GetGCThreshold(rt->engine->rt) > 0);
  t_run(rt, "for (let i = 0; i < 100; i++) ({});");
  CHECK_INT(1, usage_of(rt).collections);
  OK(napi_adjust_external_memory(env, -(int64_t)(100 * MIB), &now));
}

/* --- Limits ------------------------------------------------------------------------ */

#define FILL(one)                                                        \
  "import { log } from 'test'; let all = [], n = 0;"                     \
  "try { for (; n < 1000; n++) all.push(" one "); }"                     \
  " catch (e) { log(`${e.name}: ${e.message}`); } log(String(n));"       \
  "all = null; all = []; " one "; for (n = 0; n < 5; n++) all.push(" one \
  "); log(String(n)); all = null;"

TEST(limit_refuses_and_the_program_goes_on)
{
  tenon_runtime *rt = limited(8 * MIB);

  t_run(rt, FILL("make(2 ** 20)"));
  CHECK_LOG("InternalError: out of memory\n8\n5\n");
  CHECK(most_owned <= 9 * MIB);
  tenon_runtime_collect(rt);
  t_run(rt, "");
  t_run(rt, FILL("lend(2 ** 20)"));
  CHECK_LOG("InternalError: out of memory\n8\n5\n");
}

TEST(limit_of_all_memory_counts_it_too)
{
  tenon_runtime *rt = runtime_of(&(tenon_options){
      .size = sizeof(tenon_options), .memory_limit_bytes = 11 * MIB});

  t_run(rt, FILL("make(2 ** 20)"));
  CHECK_LOG("InternalError: out of memory\n10\n5\n");
  t_run(rt, FILL("lend(2 ** 20)"));
  CHECK_LOG("InternalError: out of memory\n10\n5\n");
}

TEST(garbage_does_not_reach_the_limit)
{
  tenon_runtime *rt = limited(8 * MIB);

  t_run(rt, "for (let i = 0; i < 500; i++) {"
            "  const a = make(2 ** 20), b = lend(2 ** 20);"
            "  a.self = a; b.self = b; }"
            "for (let i = 0; i < 500; i++) { make(2 ** 20); lend(2 ** 20); }"
            "lendMany(500);");
  CHECK(most_owned <= 9 * MIB);
  tenon_runtime_collect(rt);
  t_run(rt, "");
  CHECK_INT(2500, finalized);
  CHECK_INT(0, external_of(rt));
}

TEST(limit_ends_a_program_where_the_host_says_so)
{
  static const char *const sources[] = {
      "try { for (const all = [];;) all.push(make(2 ** 20)); }"
      " catch { make(0); } finally { make(0); }",
      "try { for (const all = [];;) all.push(lend(2 ** 20)); }"
      " catch { make(0); } finally { make(0); }",
  };
  size_t i;

  for (i = 0; i < 4; i++) {
    tenon_options options = {.size = sizeof options,
                             .ends_at_memory_limit = true};
    tenon_runtime *rt;
    if (i & 1)
      options.memory_limit_bytes = 16 * MIB;
    else
      options.external_limit_bytes = 16 * MIB;
    rt = runtime_of(&options);
    CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, sources[i / 2]));
    CHECK_INT(TENON_LIMIT_MEMORY, tenon_runtime_limit(rt));
    CHECK_TEXT(i & 1 ? "memory limit of 16 MiB reached"
                     : "native memory limit of 16 MiB reached",
               tenon_runtime_explain(rt, TENON_ETERMINATED, TENON_FORM_TEXT));
    CHECK(strstr(tenon_runtime_explain(rt, TENON_ETERMINATED, TENON_FORM_JSON),
                 "\"limitBytes\":16777216"));
    tenon_runtime_resume(rt);
    tenon_runtime_collect(rt);
    t_run(rt, "");
    CHECK_INT(0, external_of(rt));
    CHECK_INT(0, owned);
    t_run(rt, "make(2 ** 20); lend(2 ** 20);");
    t_free(rt);
    CHECK_INT(0, owned);
  }
}

TEST(who_gives_back_or_has_failed_is_not_refused)
{
  tenon_runtime *rt = limited(8 * MIB);

  t_run(rt, "import { log } from 'test';"
            "const message = (f, n) => {"
            "  try { f(n); return 'none'; } catch (e) { return e.message; } };"
            "log(message(adjust, 20e6));"
            "log(message(adjust, -5e6));"
            "log(message(adjust, 0));"
            "log(message(adjustAndThrow, 1e6));"
            "log(message(adjust, 1));"
            "log(message(adjust, -1e6 - 15e6 - 1));"
            "log(message(adjust, 5e6));");
  CHECK_LOG("out of memory\nnone\nnone\nits own\nout of memory\nnone\nnone\n");
  CHECK_INT(5000000, external_of(rt));
}

TEST(host_outside_of_all_calls_is_not_refused)
{
  tenon_runtime *rt = limited(8 * MIB);
  napi_env env = tenon_runtime_env(rt);
  int64_t now;

  OK(napi_adjust_external_memory(env, (int64_t)(20 * MIB), &now));
  CHECK_INT(20 * MIB, now);
  t_run(rt, "adjust(0)");
  OK(napi_adjust_external_memory(env, -(int64_t)(20 * MIB), &now));
}

static napi_value construct(napi_env env, napi_callback_info info)
{
  napi_value this_arg;
  size_t argc = 0;
  int64_t now;

  OK(napi_get_cb_info(env, info, &argc, NULL, &this_arg, NULL));
  OK(napi_wrap(env, this_arg, (void *)(uintptr_t)MIB, on_finalize, NULL, NULL));
  own(MIB);
  OK(napi_adjust_external_memory(env, (int64_t)MIB, &now));
  return NULL;
}

TEST(object_whose_construction_is_refused_counts_no_more)
{
  tenon_runtime *rt = limited(8 * MIB);
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value big;

  OK(napi_open_handle_scope(env, &scope));
  OK(napi_define_class(env, "Big", NAPI_AUTO_LENGTH, construct, NULL, 0, NULL,
                       &big));
  t_set(rt, "Big", big);
  OK(napi_close_handle_scope(env, scope));
  t_run(rt, FILL("new Big()"));
  CHECK_LOG("InternalError: out of memory\n8\n5\n");
  CHECK(most_owned <= 9 * MIB);
  CHECK_INT(owned, external_of(rt));
}

TENON_FUNCTION(bytes, moved, (u32, size))
{
  uint8_t *p = tenon_defer(free, malloc(size));

  if (!p) abort();
  return (tenon_bytes){p, size};
}

TEST(bytes_that_native_code_gave_are_limited)
{
  tenon_runtime *rt = limited(8 * MIB - MIB / 2);

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_external));
  t_run(rt, "import { moved } from 'm'; import { log } from 'test';"
            "(() => { for (let i = 0; i < 100; i++) {"
            "  const b = moved(2 ** 20); b.self = b; moved(2 ** 20); } })();"
            "const all = []; let n = 0;"
            "try { for (;; n++) all.push(moved(2 ** 20)); }"
            " catch (e) { log(`${e.message} ${n}`); }"
            "try { all[0].buffer.transfer(4 * 2 ** 20); }"
            " catch (e) { log(e.message); }"
            "log(`${all.length} ${all[0].length}`);"
            "all.length = 2; const t = all[0].buffer.transfer(4 * 2 ** 20);"
            "log(`${t.byteLength}`);");
  CHECK_LOG("out of memory 7\nout of memory\n7 1048576\n4194304\n");
  /* malloc rounds up. */
  CHECK(external_of(rt) >= 5 * MIB && external_of(rt) < 5 * MIB + 65536);
}

/* --- Reports ----------------------------------------------------------------------- */

TEST(more_than_was_reported_is_refused_and_touches_no_other)
{
  tenon_runtime *rt = runtime_of(NULL);
  napi_env env = tenon_runtime_env(rt);
  int64_t now;

  CHECK_INT(0, t_eval_script(rt, "var b = lend(5000);"));
  OK(napi_adjust_external_memory(env, 100, &now));
  CHECK_INT(5100, now);
  FAILS(napi_invalid_arg, napi_adjust_external_memory(env, -101, &now));
  CHECK_INT(5000, now);
  FAILS(napi_invalid_arg, napi_adjust_external_memory(env, INT64_MIN, &now));
  CHECK_INT(5000, now);
  OK(napi_adjust_external_memory(env, 100, &now));
  FAILS(napi_invalid_arg, napi_adjust_external_memory(env, INT64_MIN, &now));
  CHECK_INT(5000, now);
  FAILS(napi_invalid_arg, napi_adjust_external_memory(env, INT64_MAX, &now));
  CHECK_INT(5000, now);
  CHECK_INT(5000, external_of(rt));
}

TEST(reports_of_the_engine_are_clamped)
{
  tenon_p_engine *e = t_runtime()->engine;

  CHECK_INT(0, tenon_p_engine_report_external(e, 10));
  CHECK_INT(0, tenon_p_engine_report_external(e, -4));
  CHECK_INT(6, e->heap.external_bytes);
  CHECK_INT(TENON_EINVAL, tenon_p_engine_report_external(e, -7));
  CHECK_INT(0, e->heap.external_bytes);
  CHECK_INT(TENON_EINVAL, tenon_p_engine_report_external(e, INT64_MIN));
  CHECK_INT(TENON_EINVAL, tenon_p_engine_report_external(e, INT64_MAX));
  CHECK_INT(0, e->heap.external_bytes);
  CHECK(tenon_p_engine_admit_external(e, MIB));
  CHECK(!tenon_p_engine_admit_external(e, SIZE_MAX));
  CHECK(!tenon_p_engine_admit_external(e, SIZE_MAX / 2));
}

TEST(two_runtimes_count_for_themselves)
{
  tenon_runtime *one = limited(8 * MIB), *two = limited(8 * MIB);

  t_run(one, "globalThis.all = []; for (let i = 0; i < 8; i++)"
             " all.push(make(2 ** 20));");
  CHECK_INT(8 * MIB, external_of(one));
  CHECK_INT(0, external_of(two));
  t_run(two, "make(8 * 2 ** 20);");
  CHECK_THROWS(one, "out of memory", "make(1)");
  CHECK_INT(8 * MIB, external_of(one));
}

TEST(runtime_that_ends_runs_what_waits)
{
  tenon_runtime *rt = runtime_of(NULL);

  CHECK_INT(0, t_eval_script(rt, "var a = make(5000), b = lend(5000), c ="
                                 " make(1); c.self = c; c = lend(3); c = 0;"));
  t_free(rt);
  CHECK_INT(4, finalized);
  CHECK_INT(0, owned);
}

/* --- Finalizers --------------------------------------------------------------------- */

static int depth, deepest;

/* Runs a script that calls native code, and throws. */
static void on_loud(napi_env env, void *data, void *hint)
{
  napi_value script, v;
  int64_t now;

  if (++depth > deepest) deepest = depth;
  OK(napi_adjust_external_memory(env, -(int64_t)MIB, &now));
  owned -= MIB;
  OK(napi_create_string_utf8(env,
                             "globalThis.said = (globalThis.said ?? 0) + 1;"
                             " adjust(0); lend(100); adjust(0);"
                             " throw Error('loud');",
                             NAPI_AUTO_LENGTH, &script));
  FAILS(napi_pending_exception, napi_run_script(env, script, &v));
  depth--;
}

static napi_value make_loud(napi_env env, napi_callback_info info)
{
  napi_value o;
  int64_t now;

  OK(napi_create_object(env, &o));
  OK(napi_wrap(env, o, NULL, on_loud, NULL, NULL));
  own(MIB);
  OK(napi_adjust_external_memory(env, (int64_t)MIB, &now));
  return o;
}

TEST(finalizers_under_pressure_may_run_scripts_and_throw)
{
  tenon_runtime *rt = limited(8 * MIB + 1000);
  int i, thrown = 0;

  depth = deepest = 0;
  expose(rt, "makeLoud", make_loud);
  CHECK_INT(TENON_EEXCEPTION,
            t_eval_script(rt, "var went = 0; for (let i = 0; i < 50; i++) {"
                              " const a = makeLoud(); a.self = a; went++; }"));
  CHECK(strstr(tenon_runtime_exception(rt), "loud"));
  CHECK_INT(1, deepest);
  CHECK(most_owned <= 10 * MIB);
  tenon_runtime_collect(rt);
  for (i = 0; i < 200 && tenon_runtime_run(rt); i++)
    thrown++;
  CHECK(thrown >= 40 && thrown < 50);
  CHECK_TEXT("50 50",
             t_string(tenon_runtime_env(rt), t_eval(rt, "`${went} ${said}`")));
  CHECK_INT(0, owned);
}

static void count_run(void *data)
{
  tenon_p_engine *e = data;

  finalized++;
  CHECK(!JS_HasException(e->ctx));
  /* Nobody is called from within, whatever is wanted. */
  tenon_p_engine_run_finalizers(e);
  CHECK(tenon_p_engine_admit_external(e, 1));
}

TEST(queue_of_finalizers_is_run_once_where_memory_presses)
{
  tenon_p_engine *e = t_runtime()->engine;
  static tenon_p_finalizers queue;

  queue = (tenon_p_finalizers){count_run, e, NULL};
  finalized = 0;
  tenon_p_engine_add_finalizers(e, &queue);
  CHECK(tenon_p_engine_admit_external(e, MIB));
  CHECK_INT(0, finalized);
  tenon_p_engine_finalizer_waits(e, 0);
  CHECK(tenon_p_engine_admit_external(e, MIB));
  CHECK_INT(0, finalized);
  tenon_p_engine_finalizer_waits(e, 1);
  /* What was thrown before is thrown behind them. */
  JS_Throw(e->ctx, JS_NewInt32(e->ctx, 7));
  CHECK(tenon_p_engine_admit_external(e, MIB));
  CHECK_INT(1, finalized);
  CHECK_INT(7, JS_VALUE_GET_INT(JS_GetException(e->ctx)));
  CHECK(tenon_p_engine_admit_external(e, MIB));
  CHECK_INT(1, finalized);
  /* A collection while much is there. */
  CHECK_INT(0, tenon_p_engine_report_external(e, (int64_t)(70 * MIB)));
  JS_RunGC(e->rt);
  CHECK(tenon_p_engine_admit_external(e, MIB));
  CHECK_INT(2, finalized);
  CHECK_INT(0, tenon_p_engine_report_external(e, -(int64_t)(70 * MIB)));
  JS_RunGC(e->rt);
  CHECK(tenon_p_engine_admit_external(e, MIB));
  CHECK_INT(2, finalized);
  /* Refused where they may not run: they are at the next place. */
  e->heap.external_limit_bytes = MIB;
  CHECK_INT(0, tenon_p_engine_report_external(e, (int64_t)(2 * MIB)));
  CHECK(!tenon_p_engine_make_external_room(e, 1, false));
  CHECK_INT(2, finalized);
  e->heap.external_limit_bytes = 0;
  CHECK(tenon_p_engine_admit_external(e, 1));
  CHECK_INT(3, finalized);
}

static void on_failing(napi_env env, void *data, void *hint)
{
  on_finalize(env, data, hint);
  tenon_fail(TENON_ERROR, "of nobody");
}

static napi_value make_failing(napi_env env, napi_callback_info info)
{
  napi_value o;
  int64_t now;

  OK(napi_create_object(env, &o));
  OK(napi_wrap(env, o, (void *)(uintptr_t)MIB, on_failing, NULL, NULL));
  own(MIB);
  OK(napi_adjust_external_memory(env, (int64_t)MIB, &now));
  return o;
}

TENON_FUNCTION(any, call_back, (any, f))
{
  napi_value r = NULL;

  return napi_call_function(tenon_env(), f, f, 0, NULL, &r) ? NULL : r;
}

TEST(failure_of_a_finalizer_is_none_of_a_function_on_the_stack)
{
  tenon_runtime *rt = limited(8 * MIB);

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_external));
  expose(rt, "makeFailing", make_failing);
  t_run(rt,
        "import { call_back } from 'm'; import { log } from 'test';"
        "log(`${call_back(() => {"
        "  for (let i = 0; i < 50; i++) makeFailing(); return 'well'; })}`)");
  CHECK_LOG("well\n");
  CHECK(finalized >= 40);
}

TEST(exception_that_the_host_has_left_pending_stays_so)
{
  tenon_runtime *rt = limited(8 * MIB);
  napi_env env = tenon_runtime_env(rt);

  OK(napi_throw_error(env, NULL, "of the host"));
  t_run(rt, "for (let i = 0; i < 50; i++) { make(2 ** 20); lend(2 ** 20); }");
  CHECK(finalized >= 80);
  CHECK_TEXT("Error: of the host", t_thrown(env));
}

/* --- Instances of classes -------------------------------------------------------------- */

typedef struct image {
  size_t size;
} image;

TENON_CLASS_AS("Image", image)
TENON_CONSTRUCTOR(image, (u32, size))
{
  self->size = size;
  own(size);
}
TENON_METHOD(none, image, grow, (u32, by))
{
  self->size += by;
  own(by);
}
TENON_METHOD(none, image, clear)
{
  owned -= self->size;
  self->size = 0;
}
/* Says the impossible, or the truth again. */
TENON_METHOD(none, image, lie, (bool, on))
{
  self->size = on ? SIZE_MAX : 1000;
}
TENON_MEMORY(image)
{
  return self->size;
}
TENON_RELEASE(image)
{
  owned -= self->size;
  finalized++;
}

TENON_FUNCTION(i32, report, (image, i), (u32, size))
{
  return tenon_report_memory(i, size);
}

static tenon_runtime *with_images(size_t external_limit_bytes)
{
  tenon_runtime *rt = limited(external_limit_bytes);

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_external));
  t_run(rt, "import * as m from 'm'; Object.assign(globalThis, m);");
  return rt;
}

TEST(instances_in_cycles_are_collected)
{
  tenon_runtime *rt = with_images(0);

  t_run(rt, "for (let i = 0; i < 10000; i++) {"
            "  const a = new Image(2 ** 20); a.self = a; }");
  CHECK(most_owned <= 70 * MIB);
  CHECK(usage_of(rt).collections <= 10000 / 64 + 10);
  t_run(rt, "for (let i = 0; i < 10000; i++) {"
            "  const a = new Image(0); a.grow(2 ** 20); a.self = a; }");
  CHECK(most_owned <= 70 * MIB);
  tenon_runtime_collect(rt);
  t_run(rt, "");
  CHECK_INT(20000, finalized);
  CHECK_INT(0, external_of(rt));
}

TEST(finalizers_that_free_little_do_not_put_a_collection_off)
{
  static const char *const sources[] = {
      "few.pop(); const b = moved(2 ** 20); b.self = b;",
      "few.pop(); const b = moved(2 ** 20); b.self = b; lendMany(0);",
  };
  char source[300];
  size_t i;

  for (i = 0; i < 2; i++) {
    tenon_runtime *rt = with_images(0);
    t_run(rt, "globalThis.few = [];"
              "for (let i = 0; i < 500; i++) few.push(make(1));");
    JS_SetGCThreshold(rt->engine->rt, (size_t)1 << 40);
    snprintf(source, sizeof source, "for (let i = 0; i < 400; i++) { %s }",
             sources[i]);
    t_run(rt, source);
    CHECK(usage_of(rt).collections >= 4);
    CHECK(external_of(rt) <= 70 * MIB);
  }
}

TEST(instances_are_limited_and_the_program_goes_on)
{
  tenon_runtime *rt = with_images(8 * MIB);

  t_run(rt, FILL("new Image(2 ** 20)"));
  CHECK_LOG("InternalError: out of memory\n7\n5\n");
  CHECK(most_owned <= 9 * MIB);
}

TEST(instance_that_grows_above_a_limit_counts_what_it_has)
{
  tenon_runtime *rt = with_images(8 * MIB);

  t_run(rt, "import { log } from 'test';"
            "globalThis.a = new Image(2 ** 20);"
            "for (let i = 0; i < 3; i++)"
            " try { a.grow(4 * 2 ** 20); log('grew'); }"
            " catch (e) { log(e.message); }");
  CHECK_LOG("grew\nout of memory\nout of memory\n");
  CHECK_INT(13 * MIB, owned);
  CHECK(external_of(rt) >= owned && external_of(rt) < owned + 1000);
  t_run(rt, "a.clear(); new Image(2 ** 20); a.grow(1000);");
  CHECK_INT(1000, owned);
  CHECK(external_of(rt) < 2000);
}

TEST(instance_that_says_the_impossible_takes_nothing_of_others)
{
  tenon_runtime *rt = with_images(0);
  size_t before;

  t_run(rt, "globalThis.a = new Image(1000); globalThis.b = new Image(5000);");
  before = external_of(rt);
  CHECK_THROWS(rt, "out of memory", "a.lie(true)");
  CHECK_INT(before, external_of(rt));
  t_run(rt, "a.lie(false); a = null;");
  CHECK(external_of(rt) >= 5000 && external_of(rt) < 6000);
}

TEST(report_of_an_instance_that_is_refused_changes_nothing)
{
  tenon_runtime *rt = with_images(8 * MIB);
  size_t before;

  t_run(rt, "globalThis.a = new Image(1000);");
  before = external_of(rt);
  t_run(rt, "import { log } from 'test';"
            "log(`${report(a, 5000)} ${report(a, 9e6)} ${report(a, 4e9)}`);");
  CHECK_LOG("0 -5001 -5001\n");
  CHECK_INT(before + 4000, external_of(rt));
  t_run(rt, "report(a, 1000)");
  CHECK_INT(before, external_of(rt));
}

/* --- Interface ---------------------------------------------------------------------- */

TEST(options_of_older_headers_are_accepted)
{
  tenon_options options = {.size =
                               offsetof(tenon_options, external_limit_bytes),
                           .external_limit_bytes = 1};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&options, &rt));
  CHECK_INT(0, usage_of(rt).external_limit_bytes);
  options.size++;
  CHECK_INT(TENON_EINVAL, t_runtime_new(&options, &rt));
  options.size -= 2;
  CHECK_INT(TENON_EINVAL, t_runtime_new(&options, &rt));
  options.size = sizeof options + 1;
  CHECK_INT(TENON_EINVAL, t_runtime_new(&options, &rt));
}

static void ask_elsewhere(void *p)
{
  tenon_memory_usage usage = {.size = sizeof usage};

  CHECK_INT(TENON_ETHREAD,
            tenon_runtime_memory_usage((tenon_runtime *)p, &usage));
}

TEST(usage_is_told_by_parts)
{
  tenon_runtime *rt = limited(8 * MIB);
  struct {
    tenon_memory_usage usage;
    char more[8];
  } larger = {.usage = {.size = sizeof larger}, .more = "more"};
  tenon_memory_usage usage = {.size = sizeof usage - 1};

  CHECK_INT(TENON_EINVAL, tenon_runtime_memory_usage(rt, NULL));
  CHECK_INT(TENON_EINVAL, tenon_runtime_memory_usage(rt, &usage));
  CHECK_INT(0, usage.used_bytes);
  CHECK_INT(TENON_EINVAL, tenon_runtime_memory_usage(NULL, &usage));
  t_elsewhere(ask_elsewhere, rt);
  t_run(rt, "globalThis.a = make(1000);");
  tenon_runtime_collect(rt);
  CHECK_INT(0, tenon_runtime_memory_usage(rt, &larger.usage));
  usage = larger.usage;
  CHECK_INT(sizeof usage, usage.size);
  CHECK_TEXT("more", larger.more);
  CHECK_INT(1000, usage.external_bytes);
  CHECK_INT(8 * MIB, usage.external_limit_bytes);
  CHECK_INT(0, usage.limit_bytes);
  CHECK_INT(1, usage.collections);
  CHECK(usage.engine_bytes > 10000 && usage.own_bytes > 1000);
  CHECK_INT(usage.used_bytes,
            usage.engine_bytes + usage.own_bytes + usage.external_bytes);
  CHECK_INT(usage.used_bytes, tenon_runtime_memory(rt).used_bytes);
}
