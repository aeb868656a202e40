#include "napi.h"

static int finalized;
static napi_ref to_delete;

static void on_finalize(napi_env env, void *data, void *hint)
{
  napi_value v;

  finalized += *(int *)data;
  if (hint) *(int *)hint += 1;
  (void)napi_create_double(env, 1, &v);
  if (to_delete) (void)napi_delete_reference(env, to_delete);
  to_delete = NULL;
}

static bool is_alive(napi_env env, napi_ref ref)
{
  napi_handle_scope scope;
  napi_value v;

  OK(napi_open_handle_scope(env, &scope));
  OK(napi_get_reference_value(env, ref, &v));
  OK(napi_close_handle_scope(env, scope));
  return v != NULL;
}

/* A reference to what an expression makes and nobody else holds. */
static napi_ref refer(tenon_runtime *rt, const char *expression, uint32_t count)
{
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_ref ref;

  OK(napi_open_handle_scope(env, &scope));
  OK(napi_create_reference(env, t_eval(rt, expression), count, &ref));
  OK(napi_close_handle_scope(env, scope));
  return ref;
}

TEST(a_strong_reference_keeps_its_value)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_ref ref = refer(rt, "({ a: 1 })", 1);
  uint32_t count;

  tenon_runtime_collect(rt);
  CHECK(is_alive(env, ref));
  OK(napi_reference_ref(env, ref, &count));
  CHECK_INT(2, count);
  OK(napi_reference_unref(env, ref, &count));
  OK(napi_reference_unref(env, ref, &count));
  CHECK_INT(0, count);
  CHECK(!is_alive(env, ref));
  FAILS(napi_generic_failure, napi_reference_unref(env, ref, &count));
  OK(napi_reference_ref(env, ref, &count));
  CHECK_INT(0, count);
  OK(napi_delete_reference(env, ref));
}

static void check_weak(tenon_runtime *rt, const char *expression)
{
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value v;
  napi_ref ref;
  uint32_t count;
  bool b;

  OK(napi_open_handle_scope(env, &scope));
  OK(napi_create_reference(env, t_eval(rt, expression), 0, &ref));
  OK(napi_get_reference_value(env, ref, &v));
  CHECK(v != NULL);
  OK(napi_reference_ref(env, ref, &count));
  CHECK_INT(1, count);
  OK(napi_close_handle_scope(env, scope));
  tenon_runtime_collect(rt);
  CHECK(is_alive(env, ref));
  OK(napi_reference_unref(env, ref, NULL));
  tenon_runtime_collect(rt);
  CHECK(!is_alive(env, ref));
  OK(napi_delete_reference(env, ref));
  OK(napi_is_exception_pending(env, &b));
  CHECK(!b);
}

TEST(a_weak_reference_lets_go)
{
  tenon_runtime *rt = t_runtime();

  check_weak(rt, "({})");
  check_weak(rt, "Object.freeze({})");
  check_weak(rt, "new Proxy({}, {})");
  check_weak(rt, "Symbol('s')");
  check_weak(rt, "(() => { const o = {}; o.o = o; return o; })()");
  check_weak(rt, "() => {}");
}

TEST(a_primitive_is_referred_to_while_counted)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_ref ref = refer(rt, "'te' + 'xt'", 1);
  napi_value v;

  OK(napi_get_reference_value(env, ref, &v));
  CHECK_TEXT("text", t_string(env, v));
  OK(napi_reference_unref(env, ref, NULL));
  CHECK(!is_alive(env, ref));
  OK(napi_delete_reference(env, ref));
}

TEST(references_that_nobody_deletes_end_with_the_runtime)
{
  tenon_runtime *rt = t_runtime();

  refer(rt, "({})", 1);
  refer(rt, "({})", 0);
  refer(rt, "Symbol.iterator", 0);
  refer(rt, "globalThis", 0);
  refer(rt, "1n << 100n", 3);
}

TEST(wrong_arguments_of_references_are_refused)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v = t_eval(rt, "({})");
  napi_ref ref;

  FAILS(napi_invalid_arg, napi_create_reference(env, NULL, 1, &ref));
  FAILS(napi_invalid_arg, napi_create_reference(env, v, 1, NULL));
  FAILS(napi_invalid_arg, napi_delete_reference(env, NULL));
  FAILS(napi_invalid_arg, napi_reference_ref(env, NULL, NULL));
  FAILS(napi_invalid_arg, napi_reference_unref(env, NULL, NULL));
  FAILS(napi_invalid_arg, napi_get_reference_value(env, NULL, &v));
}

static void wrap_new(tenon_runtime *rt, const char *expression, int *data,
                     int *hint, napi_ref *ref)
{
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value v;
  void *back;

  OK(napi_open_handle_scope(env, &scope));
  v = t_eval(rt, expression);
  OK(napi_wrap(env, v, data, on_finalize, hint, ref));
  OK(napi_unwrap(env, v, &back));
  CHECK(back == data);
  FAILS(napi_invalid_arg, napi_wrap(env, v, data, NULL, NULL, NULL));
  OK(napi_close_handle_scope(env, scope));
}

TEST(a_wrap_is_finalized_by_the_loop)
{
  tenon_runtime *rt = t_runtime();
  int data = 1, hint = 0, before;

  finalized = 0;
  wrap_new(rt, "({})", &data, &hint, NULL);
  wrap_new(rt, "Object.freeze({})", &data, &hint, NULL);
  wrap_new(rt, "new Proxy({}, {})", &data, &hint, NULL);
  before = finalized;
  tenon_runtime_collect(rt);
  CHECK_INT(before, finalized);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(3, finalized);
  CHECK_INT(3, hint);
}

TEST(a_wrap_is_finalized_when_the_runtime_ends)
{
  tenon_runtime *rt = t_runtime();
  int data = 1;
  napi_ref ref;

  finalized = 0;
  wrap_new(rt, "globalThis", &data, NULL, &ref);
  wrap_new(rt, "({})", &data, NULL, NULL);
  t_free(rt);
  CHECK_INT(2, finalized);
}

TEST(a_finalizer_may_delete_its_reference)
{
  tenon_runtime *rt = t_runtime();
  int data = 1;

  finalized = 0;
  wrap_new(rt, "({})", &data, NULL, &to_delete);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, finalized);
  wrap_new(rt, "globalThis", &data, NULL, &to_delete);
  t_free(rt);
  CHECK_INT(2, finalized);
  CHECK(to_delete == NULL);
}

TEST(a_reference_that_is_deleted_is_not_finalized)
{
  tenon_runtime *rt = t_runtime();
  int data = 1;
  napi_ref ref;

  finalized = 0;
  wrap_new(rt, "({})", &data, NULL, &ref);
  OK(napi_delete_reference(tenon_runtime_env(rt), ref));
  CHECK_INT(0, tenon_runtime_run(rt));
  t_free(rt);
  CHECK_INT(0, finalized);
}

TEST(a_wrap_is_removed)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v = t_eval(rt, "({})"), u = t_undefined(env);
  int data = 1;
  void *back;
  napi_ref ref;

  finalized = 0;
  FAILS(napi_invalid_arg, napi_unwrap(env, v, &back));
  FAILS(napi_invalid_arg, napi_remove_wrap(env, v, &back));
  FAILS(napi_object_expected, napi_wrap(env, u, &data, NULL, NULL, NULL));
  FAILS(napi_object_expected, napi_unwrap(env, u, &back));
  FAILS(napi_invalid_arg, napi_wrap(env, v, &data, NULL, NULL, &ref));
  OK(napi_wrap(env, v, &data, on_finalize, NULL, NULL));
  OK(napi_remove_wrap(env, v, &back));
  CHECK(back == &data);
  OK(napi_wrap(env, v, &data, on_finalize, NULL, &ref));
  OK(napi_remove_wrap(env, v, NULL));
  FAILS(napi_invalid_arg, napi_unwrap(env, v, &back));
  CHECK(is_alive(env, ref));
  OK(napi_delete_reference(env, ref));
  t_free(rt);
  CHECK_INT(0, finalized);
}

TEST(an_external_has_its_pointer)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value v;
  int data = 1;
  void *back;

  finalized = 0;
  FAILS(napi_invalid_arg, napi_get_value_external(env, t_eval(rt, "1"), &back));
  OK(napi_open_handle_scope(env, &scope));
  OK(napi_create_external(env, &data, on_finalize, NULL, &v));
  CHECK_INT(napi_external, t_type(env, v));
  OK(napi_get_value_external(env, v, &back));
  CHECK(back == &data);
  FAILS(napi_invalid_arg,
        napi_get_value_external(env, t_eval(rt, "({})"), &back));
  FAILS(napi_invalid_arg, napi_create_external(env, &data, NULL, NULL, NULL));
  OK(napi_close_handle_scope(env, scope));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, finalized);
}

TEST(a_finalizer_is_added)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value v;
  int data = 1;

  finalized = 0;
  OK(napi_open_handle_scope(env, &scope));
  v = t_eval(rt, "({})");
  OK(napi_add_finalizer(env, v, &data, on_finalize, NULL, NULL));
  OK(napi_add_finalizer(env, v, &data, on_finalize, NULL, NULL));
  FAILS(napi_invalid_arg, napi_add_finalizer(env, v, &data, NULL, NULL, NULL));
  FAILS(napi_invalid_arg, napi_add_finalizer(env, t_undefined(env), &data,
                                             on_finalize, NULL, NULL));
  OK(napi_close_handle_scope(env, scope));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(2, finalized);
}

static void throw_at_end(napi_env env, void *data, void *hint)
{
  (void)napi_throw_error(env, NULL, "of a finalizer");
}

TEST(what_a_finalizer_throws_is_uncaught)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;

  OK(napi_open_handle_scope(env, &scope));
  OK(napi_add_finalizer(env, t_eval(rt, "({})"), NULL, throw_at_end, NULL,
                        NULL));
  OK(napi_close_handle_scope(env, scope));
  CHECK_INT(TENON_EEXCEPTION, tenon_runtime_run(rt));
  CHECK(strstr(tenon_runtime_exception(rt), "of a finalizer"));
}

static napi_status at_end;

static void run_at_end(napi_env env, void *data, void *hint)
{
  napi_value v;

  at_end = napi_coerce_to_bool(env, data, &v);
}

TEST(a_runtime_that_ends_runs_no_scripts)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);

  at_end = napi_ok;
  OK(napi_set_instance_data(env, NULL, run_at_end, NULL));
  t_free(rt);
  CHECK_INT(napi_cannot_run_js, at_end);
}

TEST(objects_are_tagged_once)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  static const napi_type_tag one = {1, 2}, other = {1, 3};
  napi_value v = t_eval(rt, "Object.freeze({})"), u = t_undefined(env);
  bool b;

  OK(napi_check_object_type_tag(env, v, &one, &b));
  CHECK(!b);
  OK(napi_type_tag_object(env, v, &one));
  FAILS(napi_invalid_arg, napi_type_tag_object(env, v, &other));
  OK(napi_check_object_type_tag(env, v, &one, &b));
  CHECK(b);
  OK(napi_check_object_type_tag(env, v, &other, &b));
  CHECK(!b);
  FAILS(napi_invalid_arg, napi_type_tag_object(env, NULL, &one));
  FAILS(napi_invalid_arg, napi_type_tag_object(env, v, NULL));
  FAILS(napi_invalid_arg, napi_check_object_type_tag(env, v, &one, NULL));
  FAILS(napi_pending_exception, napi_type_tag_object(env, u, &one));
}

TEST(the_environment_has_data)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  int first = 1, second = 10;
  void *data;

  finalized = 0;
  OK(napi_get_instance_data(env, &data));
  CHECK(data == NULL);
  OK(napi_set_instance_data(env, &first, on_finalize, NULL));
  OK(napi_set_instance_data(env, &second, on_finalize, NULL));
  OK(napi_get_instance_data(env, &data));
  CHECK(data == &second);
  FAILS(napi_invalid_arg, napi_get_instance_data(env, NULL));
  t_free(rt);
  CHECK_INT(10, finalized);
}
