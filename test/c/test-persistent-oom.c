/*
 * Every allocation of a host's life with values that it holds fails, one run
 * after the other: a call then returns an error and nothing to free, and what
 * was not released is told all the same, if in other words.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#include <tenon/persistent.h>

#include "napi.h"

#include <stdlib.h>

#include "napi/env.h"

static int told;
static bool is_nameless;

static bool tell(const tenon_kept *kept, void *data)
{
  told++;
  is_nameless = is_nameless || !kept->text_len;
  return true;
}

/* Of those that nobody releases: does it. */
static bool release(const tenon_kept *kept, void *data)
{
  tell(kept, data);
  tenon_persistent_free(kept->persistent);
  return true;
}

/* What a call must have given back with its code. */
static bool went(int r, tenon_persistent **p)
{
  CHECK(r == 0 || r == TENON_ENOMEM);
  CHECK((r == 0) == (*p != NULL));
  return r == 0;
}

static bool use(napi_env env)
{
  enum { N = 300 };
  tenon_persistent *text = NULL, *strong = NULL, *weak = NULL, *again = NULL;
  napi_value v, o, got;
  bool is_done;
  int i;

  is_done = !napi_create_string_utf8(env, "text", 4, &v) &&
            !napi_create_object(env, &o) &&
            went(tenon_persistent_new(env, v, &text), &text) &&
            went(tenon_persistent_new(env, o, &strong), &strong) &&
            went(tenon_persistent_new_weak(env, o, &weak), &weak) &&
            went(tenon_persistent_new(env, o, &again), &again);
  /* Handles need a new chunk from time to time. */
  for (i = 0; is_done && i < N; i++) {
    int r = tenon_persistent_get(env, i % 2 ? weak : strong, &got);
    CHECK(r == 0 || (r == TENON_ENOMEM && !got));
    is_done = r == 0;
  }
  CHECK(!JS_HasException(env->ctx));
  told = 0;
  CHECK_INT(0, tenon_kept_each(env, tell, NULL));
  CHECK_INT(!!text + !!strong + !!weak + !!again, told);
  CHECK_INT(0, tenon_kept_report(env, release, NULL));
  told = 0;
  tenon_persistent_free(again);
  tenon_persistent_free(strong);
  if (is_done) return true;
  tenon_persistent_free(text);
  tenon_persistent_free(weak);
  return false;
}

/* Did everything go right? Two are not released then. */
static int live(void)
{
  tenon_runtime *rt = NULL;
  napi_handle_scope scope;
  napi_env env;
  bool is_done = false;

  told = 0;
  if (tenon_runtime_new(NULL, &rt)) return TENON_ENOMEM;
  env = tenon_runtime_env(rt);
  if (env && !napi_open_handle_scope(env, &scope)) {
    is_done = use(env);
    OK(napi_close_handle_scope(env, scope));
  }
  tenon_runtime_free(rt);
  CHECK_INT(is_done ? 2 : 0, told);
  CHECK(!is_nameless);
  return is_done ? 0 : TENON_ENOMEM;
}

static const t_oom oom = {.live = live};

TEST(every_allocation_of_what_is_held_fails_once)
{
  CHECK(t_fail_each(&oom, false) > 100);
}

TEST(every_allocation_of_what_is_held_fails_from_some_point_on)
{
  CHECK(t_fail_each(&oom, true) > 100);
}
