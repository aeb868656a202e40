#include "napi.h"

#include <pthread.h>
#include <stdio.h>

TEST(an_environment_is_the_same_each_time)
{
  tenon_runtime *rt = t_runtime(), *other = t_runtime();

  CHECK(tenon_runtime_env(rt) != NULL);
  CHECK(tenon_runtime_env(rt) == tenon_runtime_env(rt));
  CHECK(tenon_runtime_env(rt) != tenon_runtime_env(other));
  CHECK(tenon_runtime_env(NULL) == NULL);
}

TEST(without_an_environment_everything_is_an_invalid_argument)
{
  napi_value v;
  bool b;

  FAILS(napi_invalid_arg, napi_create_double(NULL, 1, &v));
  FAILS(napi_invalid_arg, napi_coerce_to_bool(NULL, NULL, &v));
  FAILS(napi_invalid_arg, napi_is_exception_pending(NULL, &b));
  FAILS(napi_invalid_arg, napi_get_last_error_info(NULL, NULL));
}

static void *call_elsewhere(void *p)
{
  napi_env env = p;
  napi_value v;

  if (napi_create_double(env, 1, &v) != napi_invalid_arg) return p;
  if (napi_coerce_to_bool(env, NULL, &v) != napi_invalid_arg) return p;
  return NULL;
}

TEST(on_another_thread_everything_is_an_invalid_argument)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  pthread_t thread;
  void *failed;
  bool b;

  FAILS(napi_boolean_expected, napi_get_value_bool(env, t_number(env, 1), &b));
  CHECK_INT(0, pthread_create(&thread, NULL, call_elsewhere, env));
  CHECK_INT(0, pthread_join(thread, &failed));
  CHECK(failed == NULL);
  /* It has not touched what the last call here was. */
  CHECK_TEXT("A boolean was expected", t_last_message(env));
}

TEST(the_last_error_is_that_of_the_last_call)
{
  napi_env env = tenon_runtime_env(t_runtime());
  const napi_extended_error_info *info;
  napi_value v;
  double d;

  FAILS(napi_invalid_arg, napi_get_undefined(env, NULL));
  CHECK_TEXT("Invalid argument", t_last_message(env));
  OK(napi_get_undefined(env, &v));
  OK(napi_get_last_error_info(env, &info));
  CHECK(info->error_message == NULL);
  FAILS(napi_number_expected, napi_get_value_double(env, v, &d));
  OK(napi_get_last_error_info(env, &info));
  CHECK_INT(napi_number_expected, info->error_code);
  CHECK_TEXT("A number was expected", info->error_message);
}

TEST(handles_live_until_their_scope_is_closed)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  size_t before, i;

  OK(napi_open_handle_scope(env, &scope));
  for (i = 0; i < 2000; i++)
    t_text(env, "a text that is long enough to be seen in the memory");
  OK(napi_close_handle_scope(env, scope));
  before = tenon_runtime_memory(rt).used_bytes;
  for (i = 0; i < 100; i++) {
    size_t n;
    OK(napi_open_handle_scope(env, &scope));
    for (n = 0; n < 600; n++)
      t_text(env, "a text that is long enough to be seen in the memory");
    OK(napi_close_handle_scope(env, scope));
  }
  CHECK(tenon_runtime_memory(rt).used_bytes <= before + 1024);
}

TEST(handles_of_an_outer_scope_outlive_an_inner_one)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_handle_scope outer, inner;
  napi_value v[600];
  int i;

  OK(napi_open_handle_scope(env, &outer));
  for (i = 0; i < 600; i++) {
    char text[16];
    snprintf(text, sizeof text, "%d", i);
    v[i] = t_text(env, text);
    OK(napi_open_handle_scope(env, &inner));
    t_text(env, "inner");
    OK(napi_close_handle_scope(env, inner));
  }
  CHECK_TEXT("0", t_string(env, v[0]));
  CHECK_TEXT("249", t_string(env, v[249]));
  CHECK_TEXT("599", t_string(env, v[599]));
  OK(napi_close_handle_scope(env, outer));
}

TEST(a_scope_is_closed_once_and_by_its_own_function)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_handle_scope outer, inner;
  napi_escapable_handle_scope escapable;

  FAILS(napi_invalid_arg, napi_open_handle_scope(env, NULL));
  FAILS(napi_invalid_arg, napi_close_handle_scope(env, NULL));
  OK(napi_open_handle_scope(env, &outer));
  OK(napi_open_handle_scope(env, &inner));
  OK(napi_open_escapable_handle_scope(env, &escapable));
  FAILS(napi_handle_scope_mismatch,
        napi_close_handle_scope(env, (napi_handle_scope)escapable));
  FAILS(napi_handle_scope_mismatch,
        napi_close_escapable_handle_scope(env,
                                          (napi_escapable_handle_scope)inner));
  CHECK_TEXT("Invalid handle scope usage", t_last_message(env));
  /* It closes those inside. */
  OK(napi_close_handle_scope(env, outer));
  FAILS(napi_handle_scope_mismatch, napi_close_handle_scope(env, inner));
  FAILS(napi_handle_scope_mismatch, napi_close_handle_scope(env, outer));
}

TEST(one_handle_escapes)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_escapable_handle_scope scope;
  napi_handle_scope outer;
  napi_value v, again = NULL;
  int i;

  OK(napi_open_handle_scope(env, &outer));
  for (i = 0; i < 300; i++) {
    OK(napi_open_escapable_handle_scope(env, &scope));
    FAILS(napi_invalid_arg, napi_escape_handle(env, scope, NULL, &v));
    OK(napi_escape_handle(env, scope, t_text(env, "escaped"), &v));
    FAILS(napi_escape_called_twice,
          napi_escape_handle(env, scope, t_text(env, "more"), &again));
    CHECK_TEXT("napi_escape_handle already called on scope",
               t_last_message(env));
    OK(napi_close_escapable_handle_scope(env, scope));
    CHECK_TEXT("escaped", t_string(env, v));
  }
  CHECK(again == NULL);
  FAILS(napi_handle_scope_mismatch, napi_escape_handle(env, scope, v, &v));
  OK(napi_close_handle_scope(env, outer));
}

TEST(handles_outside_of_all_scopes_end_with_the_runtime)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope left_open;
  int i;

  for (i = 0; i < 1000; i++)
    t_text(env, "kept by the root");
  OK(napi_open_handle_scope(env, &left_open));
  for (i = 0; i < 1000; i++)
    t_text(env, "kept by a scope that nobody closes");
}

TEST(external_memory_is_counted)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  size_t before = tenon_runtime_memory(rt).used_bytes;
  int64_t now;

  OK(napi_adjust_external_memory(env, 5000, &now));
  CHECK_INT(5000, now);
  CHECK(tenon_runtime_memory(rt).used_bytes >= before + 5000);
  OK(napi_adjust_external_memory(env, -4000, &now));
  CHECK_INT(1000, now);
  FAILS(napi_invalid_arg, napi_adjust_external_memory(env, -4000, &now));
  CHECK_INT(0, now);
  FAILS(napi_invalid_arg, napi_adjust_external_memory(env, 1, NULL));
}

TEST(the_version_is_ten)
{
  napi_env env = tenon_runtime_env(t_runtime());
  uint32_t version;

  OK(napi_get_version(env, &version));
  CHECK_INT(10, version);
  FAILS(napi_invalid_arg, napi_get_version(env, NULL));
}
