/*
 * Every allocation of a host's life with Node-API fails, one run after the
 * other. Each call then returns an error, and what was made is let go; none
 * crashes or leaks (the sanitizers see to the last).
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#include "napi.h"

#include <stdlib.h>

/* The status of the first call that failed. */
static napi_status failed;

/* False once a call has failed; a pending exception is taken. */
static bool went(napi_env env, napi_status status)
{
  napi_value error;
  bool is_pending = false;

  if (status == napi_ok && failed == napi_ok) return true;
  if (failed == napi_ok) failed = status;
  (void)napi_is_exception_pending(env, &is_pending);
  if (is_pending) (void)napi_get_and_clear_last_exception(env, &error);
  return false;
}

static int finalized;

static void on_finalize(napi_env env, void *data, void *hint)
{
  finalized++;
}

static napi_value answer(napi_env env, napi_callback_info info)
{
  napi_value argv[2], this_arg, v = NULL;
  size_t argc = 2;

  if (napi_get_cb_info(env, info, &argc, argv, &this_arg, NULL)) return NULL;
  if (napi_create_string_utf8(env, "answer", NAPI_AUTO_LENGTH, &v)) {
    (void)napi_throw_error(env, "CODE", "no answer");
    return NULL;
  }
  return v;
}

static bool use_values(napi_env env)
{
  static const uint64_t words[] = {1, 2, 3};
  napi_value text, wide, o, list, symbol, big, date, error;

  return went(env, napi_create_string_utf8(env, "caf\xc3\xa9", 5, &text)) &&
         went(env, napi_create_string_utf16(env, u"\u20ac", 1, &wide)) &&
         went(env, napi_create_object(env, &o)) &&
         went(env, napi_set_property(env, o, text, wide)) &&
         went(env, napi_set_named_property(env, o, "name", text)) &&
         went(env, napi_set_element(env, o, 7, text)) &&
         went(env, napi_get_property_names(env, o, &list)) &&
         went(env, napi_create_symbol(env, text, &symbol)) &&
         went(env, napi_create_bigint_words(env, 1, 3, words, &big)) &&
         went(env, napi_coerce_to_string(env, big, &text)) &&
         went(env, napi_create_date(env, 1, &date)) &&
         went(env, napi_create_error(env, text, text, &error)) &&
         went(env, napi_object_freeze(env, o));
}

static bool use_functions(napi_env env)
{
  static const napi_property_descriptor p[] = {
      {"method", NULL, answer, NULL, NULL, NULL, napi_default_method, NULL},
      {"both", NULL, NULL, answer, answer, NULL, napi_default, NULL},
  };
  napi_value c, o, f, v, global, argv[12];
  int i;

  for (i = 0; i < 12; i++)
    if (!went(env, napi_create_int32(env, i, &argv[i]))) return false;
  return went(env, napi_get_global(env, &global)) &&
         went(env,
              napi_define_class(env, "Class", 5, answer, NULL, 2, p, &c)) &&
         went(env, napi_new_instance(env, c, 12, argv, &o)) &&
         went(env, napi_get_named_property(env, o, "method", &f)) &&
         went(env, napi_call_function(env, o, f, 12, argv, &v)) &&
         went(env, napi_get_named_property(env, o, "both", &v));
}

static bool use_references(napi_env env)
{
  static const napi_type_tag tag = {1, 2};
  static char memory[8];
  napi_value o, external, buffer, view, promise;
  napi_deferred deferred;
  napi_ref ref = NULL;
  bool is_done;

  is_done =
      went(env, napi_create_object(env, &o)) &&
      went(env, napi_wrap(env, o, memory, on_finalize, NULL, NULL)) &&
      went(env, napi_type_tag_object(env, o, &tag)) &&
      went(env, napi_create_reference(env, o, 1, &ref)) &&
      went(env, napi_reference_unref(env, ref, NULL)) &&
      went(env,
           napi_create_external(env, memory, on_finalize, NULL, &external)) &&
      went(env, napi_create_external_arraybuffer(env, memory, 8, on_finalize,
                                                 NULL, &buffer)) &&
      went(env,
           napi_create_typedarray(env, napi_int8_array, 8, buffer, 0, &view)) &&
      went(env, napi_create_external_arraybuffer(env, NULL, 0, on_finalize,
                                                 NULL, &buffer)) &&
      went(env, napi_create_arraybuffer(env, 8, NULL, &buffer)) &&
      went(env, napi_create_dataview(env, 8, buffer, 0, &view)) &&
      went(env, napi_create_promise(env, &deferred, &promise)) &&
      went(env, napi_resolve_deferred(env, deferred, o));
  if (ref) OK(napi_delete_reference(env, ref));
  return is_done;
}

static bool use_scopes(napi_env env)
{
  napi_escapable_handle_scope inner;
  napi_handle_scope outer;
  napi_value v;
  bool is_done = true;
  int i;

  if (!went(env, napi_open_handle_scope(env, &outer))) return false;
  for (i = 0; is_done && i < 600; i++)
    is_done = went(env, napi_create_double(env, i, &v));
  if (is_done && went(env, napi_open_escapable_handle_scope(env, &inner))) {
    is_done = went(env, napi_escape_handle(env, inner, v, &v));
    OK(napi_close_escapable_handle_scope(env, inner));
  }
  OK(napi_close_handle_scope(env, outer));
  return is_done;
}

/* 0 when everything went right. */
static int live(void)
{
  tenon_runtime *rt = NULL;
  napi_handle_scope scope;
  napi_env env;
  bool is_done = false;

  failed = napi_ok;
  finalized = 0;
  if (tenon_runtime_new(NULL, &rt)) return TENON_ENOMEM;
  env = tenon_runtime_env(rt);
  if (env && went(env, napi_open_handle_scope(env, &scope))) {
    is_done = use_scopes(env) && use_values(env) && use_functions(env) &&
              use_references(env);
    OK(napi_close_handle_scope(env, scope));
    if (tenon_runtime_run(rt)) is_done = false;
  }
  tenon_runtime_free(rt);
  CHECK(!is_done || finalized == 4);
  return is_done ? 0 : TENON_ENOMEM;
}

static const t_oom oom = {.live = live};

TEST(every_allocation_of_node_api_fails_once)
{
  CHECK(t_fail_each(&oom, false) > 1000);
}

TEST(every_allocation_of_node_api_fails_from_some_point_on)
{
  CHECK(t_fail_each(&oom, true) > 1000);
}
