#include "napi.h"

/* What JSON says of a value. */
static const char *json(tenon_runtime *rt, napi_value v)
{
  napi_env env = tenon_runtime_env(rt);
  napi_value global;

  OK(napi_get_global(env, &global));
  OK(napi_set_named_property(env, global, "shown", v));
  return t_string(env, t_eval(rt, "JSON.stringify(shown)"));
}

TEST(properties_are_set_and_read)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value o, v, key = t_text(env, "a");
  bool b;

  OK(napi_create_object(env, &o));
  OK(napi_set_property(env, o, key, t_number(env, 1)));
  OK(napi_set_named_property(env, o, "b\xc3\xa9", t_number(env, 2)));
  OK(napi_set_element(env, o, 4294967295u, t_number(env, 3)));
  CHECK_TEXT("{\"a\":1,\"b\xc3\xa9\":2,\"4294967295\":3}", json(rt, o));
  OK(napi_get_property(env, o, key, &v));
  CHECK_TEXT("1", t_string(env, v));
  OK(napi_get_named_property(env, o, "b\xc3\xa9", &v));
  CHECK_TEXT("2", t_string(env, v));
  OK(napi_get_element(env, o, 4294967295u, &v));
  CHECK_TEXT("3", t_string(env, v));
  OK(napi_get_named_property(env, o, "none", &v));
  CHECK_INT(napi_undefined, t_type(env, v));
  OK(napi_has_property(env, o, key, &b));
  CHECK(b);
  OK(napi_has_named_property(env, o, "toString", &b));
  CHECK(b);
  OK(napi_has_own_property(env, o, t_text(env, "toString"), &b));
  CHECK(!b);
  OK(napi_has_element(env, o, 1, &b));
  CHECK(!b);
  OK(napi_delete_property(env, o, key, &b));
  CHECK(b);
  OK(napi_delete_element(env, o, 4294967295u, NULL));
  CHECK_TEXT("{\"b\xc3\xa9\":2}", json(rt, o));
}

TEST(a_primitive_has_the_properties_of_its_object)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value v, text = t_text(env, "abc");

  OK(napi_get_named_property(env, text, "length", &v));
  CHECK_TEXT("3", t_string(env, v));
  OK(napi_get_element(env, text, 1, &v));
  CHECK_TEXT("b", t_string(env, v));
}

TEST(undefined_has_no_properties)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value v, u = t_undefined(env), key = t_text(env, "a");
  bool b;

  FAILS(napi_object_expected, napi_get_property(env, u, key, &v));
  CHECK(strstr(t_thrown(env), "TypeError"));
  FAILS(napi_object_expected, napi_set_element(env, u, 0, key));
  CHECK(strstr(t_thrown(env), "TypeError"));
  FAILS(napi_object_expected, napi_has_own_property(env, u, key, &b));
  CHECK(strstr(t_thrown(env), "TypeError"));
}

TEST(wrong_arguments_of_properties_are_refused)
{
  napi_env env = tenon_runtime_env(t_runtime());
  napi_value o, v, key = t_text(env, "a");
  bool b;

  OK(napi_create_object(env, &o));
  FAILS(napi_invalid_arg, napi_get_property(env, NULL, key, &v));
  FAILS(napi_invalid_arg, napi_get_property(env, o, NULL, &v));
  FAILS(napi_invalid_arg, napi_get_property(env, o, key, NULL));
  FAILS(napi_invalid_arg, napi_set_property(env, o, key, NULL));
  FAILS(napi_invalid_arg, napi_set_named_property(env, o, NULL, key));
  FAILS(napi_invalid_arg, napi_get_named_property(env, o, NULL, &v));
  FAILS(napi_invalid_arg, napi_has_named_property(env, o, NULL, &b));
  FAILS(napi_invalid_arg, napi_has_named_property(env, o, "a", NULL));
  FAILS(napi_name_expected,
        napi_has_own_property(env, o, t_number(env, 1), &b));
  FAILS(napi_invalid_arg, napi_create_object(env, NULL));
  FAILS(napi_invalid_arg, napi_define_properties(env, o, 1, NULL));
}

TEST(what_a_getter_throws_is_pending)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v, o = t_eval(rt, "({ get a() { throw Error('no'); } })");
  napi_value key = t_eval(rt, "({ toString() { throw Error('key'); } })");

  FAILS(napi_pending_exception, napi_get_named_property(env, o, "a", &v));
  FAILS(napi_pending_exception, napi_get_named_property(env, o, "b", &v));
  CHECK_TEXT("Error: no", t_thrown(env));
  FAILS(napi_pending_exception, napi_get_property(env, o, key, &v));
  CHECK_TEXT("Error: key", t_thrown(env));
  OK(napi_get_named_property(env, o, "b", &v));
}

TEST(a_frozen_object_refuses_in_silence)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value o = t_eval(rt, "({ a: 1 })"), v;
  napi_property_descriptor p = {"a",  NULL, NULL,         NULL,
                                NULL, NULL, napi_default, NULL};
  bool b;

  OK(napi_object_seal(env, o));
  OK(napi_set_named_property(env, o, "b", t_number(env, 2)));
  OK(napi_set_named_property(env, o, "a", t_number(env, 3)));
  OK(napi_object_freeze(env, o));
  OK(napi_set_named_property(env, o, "a", t_number(env, 4)));
  CHECK_TEXT("{\"a\":3}", json(rt, o));
  OK(napi_delete_property(env, o, t_text(env, "a"), &b));
  CHECK(!b);
  p.value = t_number(env, 5);
  FAILS(napi_invalid_arg, napi_define_properties(env, o, 1, &p));
  OK(napi_is_exception_pending(env, &b));
  CHECK(!b);
  OK(napi_get_prototype(env, o, &v));
  OK(napi_strict_equals(env, v, t_eval(rt, "Object.prototype"), &b));
  CHECK(b);
}

static napi_value get_data(napi_env env, napi_callback_info info)
{
  napi_value v;
  void *data;

  OK(napi_get_cb_info(env, info, NULL, NULL, NULL, &data));
  OK(napi_create_int32(env, *(int *)data, &v));
  return v;
}

static napi_value set_data(napi_env env, napi_callback_info info)
{
  size_t argc = 1;
  napi_value v;
  void *data;

  OK(napi_get_cb_info(env, info, &argc, &v, NULL, &data));
  OK(napi_get_value_int32(env, v, data));
  return NULL;
}

TEST(properties_are_defined)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  int data = 7;
  napi_property_descriptor p[] = {
      {"plain", NULL, NULL, NULL, NULL, NULL, napi_default, NULL},
      {"shown", NULL, NULL, NULL, NULL, NULL, napi_default_jsproperty, NULL},
      {"accessor", NULL, NULL, get_data, set_data, NULL, napi_enumerable,
       &data},
      {"method", NULL, get_data, NULL, NULL, NULL, napi_default_method, &data},
      {NULL, NULL, NULL, get_data, NULL, NULL, napi_configurable, &data},
  };
  napi_value o, global;

  p[0].value = p[1].value = t_text(env, "x");
  p[4].name = t_eval(rt, "Symbol.for('s')");
  OK(napi_create_object(env, &o));
  OK(napi_define_properties(env, o, 5, p));
  OK(napi_get_global(env, &global));
  OK(napi_set_named_property(env, global, "o", o));
  CHECK_TEXT("{\"shown\":\"x\",\"accessor\":7}", json(rt, o));
  CHECK_TEXT(
      "8,8,8,x,method",
      t_string(env, t_eval(rt, "(o.accessor = 8, [o.accessor, o.method(),"
                               " o[Symbol.for('s')], o.plain,"
                               " o.method.name])")));
  CHECK_TEXT(
      "{\"value\":\"x\",\"writable\":false,\"enumerable\":false,"
      "\"configurable\":false}",
      json(rt, t_eval(rt, "Object.getOwnPropertyDescriptor(o, 'plain')")));
  p[0].utf8name = NULL;
  p[0].name = t_number(env, 1);
  FAILS(napi_name_expected, napi_define_properties(env, o, 1, p));
  OK(napi_define_properties(env, o, 0, NULL));
}

TEST(keys_are_listed_by_each_filter)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value o =
      t_eval(rt, "Object.defineProperties(Object.create({ up: 1, plain: 2 }),"
                 " { plain: { value: 1 }, w: { value: 1, writable: true },"
                 "   e: { value: 1, enumerable: true },"
                 "   c: { value: 1, configurable: true }, 7: { value: 1,"
                 "   enumerable: true }, '07': { value: 1, enumerable: true },"
                 "   [Symbol.iterator]: { value: 1, enumerable: true } })");
  napi_value v;

  OK(napi_get_property_names(env, o, &v));
  CHECK_TEXT("[\"7\",\"e\",\"07\",\"up\"]", json(rt, v));
  OK(napi_get_all_property_names(env, o, napi_key_own_only,
                                 napi_key_skip_symbols, napi_key_keep_numbers,
                                 &v));
  CHECK_TEXT("[7,\"plain\",\"w\",\"e\",\"c\",\"07\"]", json(rt, v));
  OK(napi_get_all_property_names(
      env, o, napi_key_own_only,
      (napi_key_filter)(napi_key_writable | napi_key_skip_symbols),
      napi_key_numbers_to_strings, &v));
  CHECK_TEXT("[\"w\"]", json(rt, v));
  OK(napi_get_all_property_names(
      env, o, napi_key_own_only,
      (napi_key_filter)(napi_key_configurable | napi_key_skip_symbols),
      napi_key_numbers_to_strings, &v));
  CHECK_TEXT("[\"c\"]", json(rt, v));
  OK(napi_get_all_property_names(env, o, napi_key_own_only,
                                 napi_key_skip_strings,
                                 napi_key_numbers_to_strings, &v));
  OK(napi_get_element(env, v, 0, &v));
  CHECK_INT(napi_symbol, t_type(env, v));
  FAILS(napi_invalid_arg, napi_get_all_property_names(
                              env, o, (napi_key_collection_mode)9,
                              napi_key_enumerable, napi_key_keep_numbers, &v));
  FAILS(napi_invalid_arg, napi_get_property_names(env, o, NULL));
}

TEST(a_trap_that_throws_ends_a_listing)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v, o = t_eval(rt, "new Proxy({ a: 1 }, { ownKeys() {"
                               " throw Error('trap'); } })");

  FAILS(napi_pending_exception, napi_get_property_names(env, o, &v));
  CHECK_TEXT("Error: trap", t_thrown(env));
}

TEST(arrays_have_their_length)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value a, o;
  uint32_t n;
  bool b;

  OK(napi_create_array(env, &a));
  OK(napi_set_element(env, a, 2, t_number(env, 1)));
  OK(napi_get_array_length(env, a, &n));
  CHECK_INT(3, n);
  CHECK_TEXT("[null,null,1]", json(rt, a));
  OK(napi_create_array_with_length(env, 5, &a));
  OK(napi_get_array_length(env, a, &n));
  CHECK_INT(5, n);
  OK(napi_is_array(env, a, &b));
  CHECK(b);
  OK(napi_create_object(env, &o));
  OK(napi_is_array(env, o, &b));
  CHECK(!b);
  FAILS(napi_array_expected, napi_get_array_length(env, o, &n));
  FAILS(napi_invalid_arg, napi_get_array_length(env, NULL, &n));
  FAILS(napi_invalid_arg, napi_create_array_with_length(env, 1, NULL));
}
