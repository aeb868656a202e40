/*
 * Every allocation, and every admission of external memory, fails in the life
 * of objects that own some, one run after the other. What was counted is then
 * taken back, and each finalizer has run once.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#include "napi.h"

#include <stdlib.h>

#define MIB ((size_t)1 << 20)

static size_t owned;
static int made, finalized;

static void on_finalize(napi_env env, void *data, void *hint)
{
  int64_t now;

  OK(napi_adjust_external_memory(env, -(int64_t)MIB, &now));
  owned -= MIB;
  finalized++;
}

/* An object that owns a megabyte, or an exception. */
static napi_value make(napi_env env, napi_callback_info info)
{
  napi_value o;
  int64_t now;

  if (napi_create_object(env, &o)) return NULL;
  if (napi_wrap(env, o, NULL, on_finalize, NULL, NULL)) return NULL;
  owned += MIB;
  made++;
  OK(napi_adjust_external_memory(env, (int64_t)MIB, &now));
  return o;
}

static void on_buffer_gone(napi_env env, void *data, void *hint)
{
  owned -= MIB;
  finalized++;
}

static napi_value lend(napi_env env, napi_callback_info info)
{
  static char memory[1];
  napi_value b;

  if (napi_create_external_arraybuffer(env, memory, MIB, on_buffer_gone, NULL,
                                       &b))
    return NULL;
  owned += MIB;
  made++;
  return b;
}

static bool expose(napi_env env, const char *name, napi_callback cb)
{
  napi_value f, global;

  return napi_create_function(env, name, NAPI_AUTO_LENGTH, cb, NULL, &f) ==
             napi_ok &&
         napi_get_global(env, &global) == napi_ok &&
         napi_set_named_property(env, global, name, f) == napi_ok;
}

static bool prepare(napi_env env)
{
  napi_handle_scope scope;
  bool is_done;

  if (!env || napi_open_handle_scope(env, &scope)) return false;
  is_done = expose(env, "make", make) && expose(env, "lend", lend);
  OK(napi_close_handle_scope(env, scope));
  return is_done;
}

static const char source[] =
    "for (let i = 0; i < 12; i++) {"
    "  const a = make(), b = lend(); a.self = a; b.self = b; make(); lend(); }"
    "let n = 0; const all = [];"
    "try { for (; n < 8; n++) all.push(make(), lend()); } catch {}"
    "globalThis.all = all;";

/* 0 when everything went right. */
static int live(void)
{
  tenon_options options = {.size = sizeof options,
                           .external_limit_bytes = 8 * MIB};
  tenon_memory_usage usage = {.size = sizeof usage};
  tenon_runtime *rt = NULL;
  bool is_done = false;

  owned = 0;
  made = finalized = 0;
  if (tenon_runtime_new(&options, &rt)) return TENON_ENOMEM;
  if (prepare(tenon_runtime_env(rt))) is_done = t_eval_script(rt, source) == 0;
  CHECK_INT(0, tenon_runtime_memory_usage(rt, &usage));
  CHECK_INT(owned, usage.external_bytes);
  CHECK(usage.external_bytes <= 9 * MIB);
  tenon_runtime_free(rt);
  CHECK_INT(0, owned);
  CHECK_INT(made, finalized);
  return is_done ? 0 : TENON_ENOMEM;
}

static const t_oom oom = {.live = live};

static void fail_each(bool is_lasting)
{
  CHECK_INT(0, live());
  CHECK(made > 48);
  CHECK(t_fail_each(&oom, is_lasting) > 1000);
}

TEST(every_allocation_of_owners_fails_once)
{
  fail_each(false);
}

TEST(every_allocation_of_owners_fails_from_some_point_on)
{
  fail_each(true);
}
