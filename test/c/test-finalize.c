/* What is left to do when objects of native code are gone: when, and how often,
 * it is run. Closures and instances put it into this queue. */
#define TENON_MODULE finalize
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/napi.h>

#include "api/internal.h"
#include "bind/any.h"
#include "engine/finalize.h"

static char order[64];

typedef struct item {
  tenon_p_finalizer finalizer;
  char name;
  void (*also)(tenon_p_engine *e, struct item *self);
} item;

static void run_item(tenon_p_engine *e, tenon_p_finalizer *f)
{
  item *i = tenon_p_container(f, item, finalizer);
  char text[2] = {i->name, 0};

  strcat(order, text);
  if (i->also) i->also(e, i);
  free(i);
}

static void put(tenon_p_engine *e, char name,
                void (*also)(tenon_p_engine *e, item *self))
{
  item *i = malloc(sizeof *i);

  *i = (item){{NULL, run_item}, name, also};
  tenon_p_finalize_later(e->rt, &i->finalizer);
}

static tenon_runtime *runtime(void)
{
  tenon_runtime *rt = t_runtime();

  order[0] = '\0';
  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_finalize));
  return rt;
}

TEST(the_queue_is_run_in_order_when_a_turn_ends)
{
  tenon_runtime *rt = runtime();

  put(rt->engine, 'a', NULL);
  put(rt->engine, 'b', NULL);
  put(rt->engine, 'c', NULL);
  CHECK_TEXT("", order);
  t_run(rt, "1;");
  CHECK_TEXT("abc", order);
  t_run(rt, "1;");
  CHECK_TEXT("abc", order);
}

static tenon_runtime *current;

TENON_FUNCTION(none, put_one)
{
  put(current->engine, 'p', NULL);
}

TENON_FUNCTION(any, seen, (any, v))
{
  (void)v;
  strcat(order, "|");
  return NULL;
}

TEST(a_script_that_goes_on_has_them_run_before_the_next_native_function)
{
  current = runtime();
  t_run(current, "import { put_one, seen } from 'm';\n"
                 "seen(1); put_one(); put_one(); seen(1); seen(1);");
  CHECK_TEXT("|pp||", order);
}

static void bring(tenon_p_engine *e, item *self)
{
  if (self->name < 'e') put(e, (char)(self->name + 1), bring);
  CHECK(!tenon_p_finalize(e));
}

TEST(one_that_brings_another_does_not_run_it_inside_of_itself)
{
  tenon_runtime *rt = runtime();

  put(rt->engine, 'a', bring);
  CHECK(tenon_p_finalize(rt->engine));
  CHECK_TEXT("a", order);
  tenon_p_finalize_all(rt->engine);
  CHECK_TEXT("abcde", order);
}

TEST(what_is_left_is_run_when_the_runtime_is_freed)
{
  tenon_runtime *rt = runtime();

  put(rt->engine, 'a', bring);
  put(rt->engine, 'x', NULL);
  t_free(rt);
  CHECK_TEXT("axbcde", order);
}

TEST(what_a_terminated_program_leaves_is_run_at_the_end)
{
  tenon_runtime *rt = runtime();

  put(rt->engine, 'a', NULL);
  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_ETERMINATED, t_eval_script(rt, "1"));
  t_free(rt);
  CHECK_TEXT("a", order);
}

static void free_runtime(tenon_p_engine *e, item *self)
{
  (void)self;
  CHECK(e->depth > 0);
  CHECK(tenon_p_finalize_has_runtime(e));
}

TEST(the_runtime_is_in_use_meanwhile)
{
  tenon_runtime *rt = runtime();

  put(rt->engine, 'a', free_runtime);
  CHECK(tenon_p_finalize(rt->engine));
  CHECK_TEXT("a", order);
}

static int failures;

static void fail_all_ways(void *p)
{
  napi_env env = tenon_env();

  CHECK(p == order);
  CHECK(env != NULL && tenon_alloc(100) != NULL);
  failures++;
  napi_throw_error(env, NULL, "pending");
  tenon_fail(TENON_ERROR, "failed");
}

static void as_native(tenon_p_engine *e, item *self)
{
  (void)self;
  tenon_p_call_finalizer(e, fail_all_ways, order);
}

TEST(what_a_native_finalizer_fails_by_is_dropped)
{
  tenon_runtime *rt = runtime();
  bool is_pending = true;

  failures = 0;
  put(rt->engine, 'a', as_native);
  put(rt->engine, 'b', as_native);
  t_run(rt, "1;");
  CHECK_INT(2, failures);
  CHECK_INT(napi_ok,
            napi_is_exception_pending(tenon_runtime_env(rt), &is_pending));
  CHECK(!is_pending);
  CHECK(tenon_env() == NULL);
}

static void late(void *p)
{
  (void)p;
  CHECK(tenon_env() == NULL);
  tenon_fail(TENON_ERROR, "failed");
  failures++;
}

static void as_late(tenon_p_engine *e, item *self)
{
  (void)self;
  tenon_p_call_finalizer(e, late, NULL);
}

/* Values are gone by then, and there is no environment any more. */
static void release(tenon_p_engine *e, void *state)
{
  (void)state;
  put(e, 'z', as_late);
}

TEST(one_of_the_last_objects_finds_no_environment)
{
  static const tenon_p_state_type type = {.name = "t", .release = release};
  tenon_runtime *rt = runtime();

  failures = 0;
  CHECK_INT(0, tenon_p_engine_attach(rt->engine, &type, NULL));
  t_free(rt);
  CHECK_TEXT("z", order);
  CHECK_INT(1, failures);
}

TEST(what_is_thrown_is_still_thrown_behind_it)
{
  tenon_runtime *rt = runtime();
  tenon_p_engine *e = rt->engine;
  JSValue v;

  put(e, 'a', as_native);
  CHECK_INT(0, tenon_p_engine_enter(e));
  JS_Throw(e->ctx, JS_NewInt32(e->ctx, 7));
  CHECK(tenon_p_finalize(e));
  v = JS_GetException(e->ctx);
  CHECK_INT(7, JS_VALUE_GET_INT(v));
  tenon_p_engine_leave(e);
  CHECK_TEXT("a", order);
}
