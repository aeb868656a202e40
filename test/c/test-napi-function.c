#include "napi.h"

/* A global function for a callback. */
static void expose(tenon_runtime *rt, const char *name, napi_callback cb,
                   void *data)
{
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value f, global;

  OK(napi_open_handle_scope(env, &scope));
  OK(napi_create_function(env, name, NAPI_AUTO_LENGTH, cb, data, &f));
  OK(napi_get_global(env, &global));
  OK(napi_set_named_property(env, global, name, f));
  OK(napi_close_handle_scope(env, scope));
}

static napi_value join(napi_env env, napi_callback_info info)
{
  char text[256] = "", *p = text;
  napi_value argv[4], this_arg, v;
  size_t argc = 4, i;
  void *data;

  OK(napi_get_cb_info(env, info, &argc, argv, &this_arg, &data));
  p += sprintf(p, "%s %zu:", (const char *)data, argc);
  for (i = 0; i < 4; i++)
    p += sprintf(p, " %s", t_string(env, argv[i]));
  sprintf(p, " of %s", t_string(env, this_arg));
  OK(napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &v));
  return v;
}

TEST(a_callback_gets_its_arguments)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);

  expose(rt, "join", join, "data");
  CHECK_TEXT("data 2: 1 b undefined undefined of me",
             t_string(env, t_eval(rt, "join.call('me', 1, 'b')")));
  CHECK_TEXT("data 5: 1 2 3 4 of undefined",
             t_string(env, t_eval(rt, "join(1, 2, 3, 4, 5)")));
  CHECK_TEXT(
      "join 0 true",
      t_string(env, t_eval(rt, "`${join.name} ${join.length} "
                               "${join.prototype.constructor === join}`")));
}

static napi_value nothing(napi_env env, napi_callback_info info)
{
  return NULL;
}

TEST(wrong_arguments_of_functions_are_refused)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v, f, u = t_undefined(env);
  size_t argc;

  FAILS(napi_invalid_arg, napi_create_function(env, NULL, 0, NULL, NULL, &v));
  FAILS(napi_invalid_arg,
        napi_create_function(env, NULL, 0, nothing, NULL, NULL));
  FAILS(napi_invalid_arg,
        napi_create_function(env, "", (size_t)1 << 40, nothing, NULL, &v));
  OK(napi_create_function(env, NULL, 0, nothing, NULL, &f));
  CHECK_INT(napi_function, t_type(env, f));
  OK(napi_call_function(env, u, f, 0, NULL, NULL));
  OK(napi_call_function(env, u, f, 0, NULL, &v));
  CHECK_INT(napi_undefined, t_type(env, v));
  FAILS(napi_invalid_arg, napi_call_function(env, NULL, f, 0, NULL, NULL));
  FAILS(napi_invalid_arg, napi_call_function(env, u, NULL, 0, NULL, NULL));
  FAILS(napi_invalid_arg, napi_call_function(env, u, u, 0, NULL, NULL));
  FAILS(napi_invalid_arg, napi_call_function(env, u, f, 1, NULL, NULL));
  FAILS(napi_invalid_arg, napi_new_instance(env, f, 0, NULL, NULL));
  FAILS(napi_invalid_arg, napi_get_cb_info(env, NULL, &argc, NULL, NULL, NULL));
  FAILS(napi_invalid_arg, napi_get_new_target(env, NULL, &v));
}

TEST(a_function_is_called_with_many_arguments)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value f = t_eval(rt, "(...a) => a.length + ':' + a.at(-1)");
  napi_value argv[20], v;
  int i;

  for (i = 0; i < 20; i++)
    argv[i] = t_number(env, i);
  OK(napi_call_function(env, t_undefined(env), f, 20, argv, &v));
  CHECK_TEXT("20:19", t_string(env, v));
  OK(napi_call_function(env, t_undefined(env), f, 3, argv, &v));
  CHECK_TEXT("3:2", t_string(env, v));
}

TEST(a_call_of_the_host_is_a_turn)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value f = t_eval(rt, "() => { Promise.resolve().then(() => {"
                            " globalThis.ran = 1; }); }");

  OK(napi_call_function(env, t_undefined(env), f, 0, NULL, NULL));
  CHECK_TEXT("1", t_string(env, t_eval(rt, "globalThis.ran")));
}

TEST(what_a_function_throws_is_pending)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value f = t_eval(rt, "() => { throw Error('thrown'); }"), v;

  FAILS(napi_pending_exception,
        napi_call_function(env, t_undefined(env), f, 0, NULL, &v));
  FAILS(napi_pending_exception,
        napi_call_function(env, t_undefined(env), f, 0, NULL, &v));
  CHECK_TEXT("Error: thrown", t_thrown(env));
  FAILS(napi_pending_exception, napi_new_instance(env, f, 0, NULL, &v));
  CHECK(strstr(t_thrown(env), "TypeError"));
}

static napi_value fail_and_go_on(napi_env env, napi_callback_info info)
{
  bool b;

  OK(napi_throw_range_error(env, "ERR_MINE", "too far"));
  OK(napi_is_exception_pending(env, &b));
  CHECK(b);
  FAILS(napi_pending_exception, napi_throw_error(env, NULL, "second"));
  /* The result goes nowhere. */
  return t_text(env, "result");
}

TEST(an_exception_leaves_the_callback)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  bool b;

  expose(rt, "fail", fail_and_go_on, NULL);
  CHECK_TEXT(
      "RangeError ERR_MINE too far true",
      t_string(env, t_eval(rt, "(() => { try { fail(); } catch (e) {"
                               " return `${e.name} ${e.code} ${e.message}"
                               " ${e.stack.includes('fail')}`; } })()")));
  OK(napi_is_exception_pending(env, &b));
  CHECK(!b);
}

static napi_value construct(napi_env env, napi_callback_info info)
{
  napi_value new_target, this_arg, argv[1];
  size_t argc = 1;
  napi_valuetype type;

  OK(napi_get_cb_info(env, info, &argc, argv, &this_arg, NULL));
  OK(napi_get_new_target(env, info, &new_target));
  if (!new_target) return t_text(env, "called");
  OK(napi_set_named_property(env, this_arg, "target", new_target));
  OK(napi_typeof(env, argv[0], &type));
  return argc && type == napi_object ? argv[0] : t_text(env, "ignored");
}

TEST(a_function_constructs)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v, c;
  bool b;

  expose(rt, "C", construct, NULL);
  CHECK_TEXT("true true called",
             t_string(env, t_eval(rt, "`${new C().target === C} "
                                      "${new C() instanceof C} ${C()}`")));
  CHECK_TEXT("true true",
             t_string(env, t_eval(rt, "(() => { class D extends C {}"
                                      " const d = new D(); return `${d.target "
                                      "=== D} ${d instanceof D}`; })()")));
  CHECK_TEXT("3", t_string(env, t_eval(rt, "new C({ x: 3 }).x")));
  CHECK_TEXT("true", t_string(env, t_eval(rt, "Reflect.construct(C, [], Array)"
                                              " instanceof Array")));
  c = t_eval(rt, "C");
  OK(napi_new_instance(env, c, 0, NULL, &v));
  OK(napi_instanceof(env, v, c, &b));
  CHECK(b);
  OK(napi_instanceof(env, t_number(env, 1), c, &b));
  CHECK(!b);
  FAILS(napi_function_expected, napi_instanceof(env, v, v, &b));
  CHECK(strstr(t_thrown(env), "Constructor must be a function"));
  FAILS(napi_object_expected, napi_instanceof(env, v, t_undefined(env), &b));
  t_thrown(env);
}

TEST(a_class_has_members)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_property_descriptor p[] = {
      {"method", NULL, join, NULL, NULL, NULL, napi_default_method, "m"},
      {"make", NULL, join, NULL, NULL, NULL, napi_static, "s"},
      {"getter", NULL, NULL, join, NULL, NULL, napi_default, "g"},
  };
  napi_value c, global;

  OK(napi_define_class(env, "Name", 4, construct, NULL, 3, p, &c));
  OK(napi_get_global(env, &global));
  OK(napi_set_named_property(env, global, "Name", c));
  CHECK_TEXT(
      "Name m 0: s 1: true",
      t_string(env, t_eval(rt, "[Name.name, new Name().method().slice(0,"
                               " 4), Name.make(1).slice(0, 4), new Name()"
                               ".getter.startsWith('g 0')].join(' ')")));
  FAILS(napi_invalid_arg,
        napi_define_class(env, NULL, 0, construct, NULL, 0, NULL, &c));
  FAILS(napi_invalid_arg,
        napi_define_class(env, "N", 1, construct, NULL, 1, NULL, &c));
}

static napi_value itself(napi_env env, napi_callback_info info)
{
  napi_value this_arg;

  OK(napi_get_cb_info(env, info, NULL, NULL, &this_arg, NULL));
  return this_arg;
}

static napi_value seven(napi_env env, napi_callback_info info)
{
  return t_number(env, 7);
}

/* What node 20 answers to the same class and the same calls. */
TEST(methods_of_a_class_refuse_other_receivers)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_property_descriptor p[] = {
      {"m", NULL, seven, NULL, NULL, NULL, napi_default_method, NULL},
      {"s", NULL, seven, NULL, NULL, NULL, napi_static, NULL},
      {"g", NULL, NULL, seven, seven, NULL, napi_default, NULL},
  };
  napi_value k;

  OK(napi_define_class(env, "K", 1, itself, NULL, 3, p, &k));
  t_set(rt, "K", k);
  OK(napi_define_class(env, "L", 1, itself, NULL, 0, NULL, &k));
  t_set(rt, "L", k);
  CHECK_INT(0, t_eval_script(
                   rt, "globalThis.k = new K(); globalThis.m = K.prototype.m;"
                       "globalThis.t = f => {"
                       " try { return f(); } catch (e) { return String(e); } };"
                       "globalThis.refused = f => t(f) === 'TypeError: Illegal"
                       " invocation';"));
  CHECK_TEXT("true,true,true,true,true,true,true,true,true",
             t_string(env, t_eval(rt, "[() => m.call({}), () => m.call(),"
                                      "() => m.call(5), () => m(),"
                                      "() => Object.create(k).m(),"
                                      "() => K.prototype.m(),"
                                      "() => new Proxy(k, {}).m(),"
                                      "() => m.call(new L()),"
                                      "() => ({ __proto__: K.prototype }).m()]"
                                      ".map(refused)")));
  CHECK_TEXT("7,7,7,7,7,7,object",
             t_string(env, t_eval(rt, "[() => k.m(),"
                                      "() => new (class extends K {})().m(),"
                                      "() => m.call(Reflect.construct("
                                      "K, [], Array)),"
                                      "() => Object.getOwnPropertyDescriptor("
                                      "K.prototype, 'g').get.call({}),"
                                      "() => K.s.call(1), () => {"
                                      " Object.setPrototypeOf(k, null);"
                                      " return m.call(k); },"
                                      "() => typeof new m()].map(t)")));
}

static napi_handle_scope opened_outside;

static napi_value close_outside(napi_env env, napi_callback_info info)
{
  napi_handle_scope left_open;

  FAILS(napi_handle_scope_mismatch,
        napi_close_handle_scope(env, opened_outside));
  OK(napi_open_handle_scope(env, &left_open));
  return t_text(env, "fine");
}

TEST(a_callback_cannot_close_the_scopes_of_others)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);

  expose(rt, "close", close_outside, NULL);
  OK(napi_open_handle_scope(env, &opened_outside));
  CHECK_TEXT("fine", t_string(env, t_eval(rt, "close()")));
  OK(napi_close_handle_scope(env, opened_outside));
}

static napi_value recurse(napi_env env, napi_callback_info info)
{
  napi_value global, f, v = NULL;

  /* No check may end the test here: it would jump over the engine's frames. */
  if (napi_get_global(env, &global) == napi_ok &&
      napi_get_named_property(env, global, "recurse", &f) == napi_ok)
    (void)napi_call_function(env, global, f, 0, NULL, &v);
  return v;
}

TEST(endless_recursion_is_a_range_error)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);

  expose(rt, "recurse", recurse, NULL);
  CHECK_TEXT("RangeError",
             t_string(env, t_eval(rt, "(() => { try { recurse(); } catch (e) {"
                                      " return e.name; } })()")));
}

TEST(errors_are_made)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value e, code = t_text(env, "CODE"), msg = t_text(env, "message"), v;
  bool b;

  OK(napi_create_error(env, code, msg, &e));
  CHECK_TEXT("Error: message", t_string(env, e));
  OK(napi_get_named_property(env, e, "code", &v));
  CHECK_TEXT("CODE", t_string(env, v));
  OK(napi_create_type_error(env, NULL, msg, &e));
  CHECK_TEXT("TypeError: message", t_string(env, e));
  OK(napi_has_named_property(env, e, "code", &b));
  CHECK(!b);
  OK(napi_create_range_error(env, NULL, msg, &e));
  CHECK_TEXT("RangeError: message", t_string(env, e));
  OK(node_api_create_syntax_error(env, NULL, msg, &e));
  CHECK_TEXT("SyntaxError: message", t_string(env, e));
  OK(napi_is_error(env, e, &b));
  CHECK(b);
  OK(napi_is_error(env, msg, &b));
  CHECK(!b);
  FAILS(napi_string_expected,
        napi_create_error(env, t_number(env, 1), msg, &e));
  FAILS(napi_string_expected,
        napi_create_error(env, NULL, t_number(env, 1), &e));
  FAILS(napi_invalid_arg, napi_create_error(env, NULL, NULL, &e));
}

TEST(errors_are_thrown)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);

  OK(napi_throw_error(env, NULL, "a"));
  CHECK_TEXT("Error: a", t_thrown(env));
  OK(napi_throw_type_error(env, "C", "b"));
  CHECK_TEXT("TypeError: b", t_thrown(env));
  OK(node_api_throw_syntax_error(env, NULL, "c"));
  CHECK_TEXT("SyntaxError: c", t_thrown(env));
  OK(napi_throw(env, t_number(env, 5)));
  FAILS(napi_pending_exception, napi_throw(env, NULL));
  CHECK_TEXT("5", t_thrown(env));
  FAILS(napi_invalid_arg, napi_throw(env, NULL));
  FAILS(napi_invalid_arg, napi_throw_error(env, NULL, NULL));
}

TEST(a_script_is_run)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v;

  OK(napi_run_script(env, t_text(env, "var x = 'caf\xc3\xa9'; x + 1"), &v));
  CHECK_TEXT("caf\xc3\xa9"
             "1",
             t_string(env, v));
  CHECK_TEXT("caf\xc3\xa9", t_string(env, t_eval(rt, "globalThis.x")));
  FAILS(napi_pending_exception, napi_run_script(env, t_text(env, "let ="), &v));
  CHECK(strstr(t_thrown(env), "SyntaxError"));
  FAILS(napi_string_expected, napi_run_script(env, t_number(env, 1), &v));
  FAILS(napi_invalid_arg, napi_run_script(env, NULL, &v));
  FAILS(napi_invalid_arg, napi_run_script(env, v, NULL));
}
