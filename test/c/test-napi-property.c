/* Keys that are made once, property descriptors, and a look at all of them. */
#include <stdlib.h>
#include <string.h>
#include <tenon/property.h>
#include <tenon/realm.h>

#include "base/alloc.h"
#include "napi.h"

typedef struct fixture {
  tenon_runtime *rt;
  napi_env env;
} fixture;

static fixture start(void)
{
  fixture f = {.rt = t_runtime()};

  f.env = tenon_runtime_env(f.rt);
  CHECK(f.env != NULL);
  return f;
}

static napi_value eval(napi_env env, const char *source)
{
  napi_value v = NULL;

  OK(napi_run_script(env, t_text(env, source), &v));
  return v;
}

static tenon_key *key_of(napi_env env, const char *name)
{
  tenon_key *key;

  OK(tenon_key_new(env, name, NAPI_AUTO_LENGTH, &key));
  return key;
}

/* --- Keys --------------------------------------------------------------------------------- */

TEST(a_key_names_a_property)
{
  fixture f = start();
  tenon_key *x = key_of(f.env, "x"), *one = key_of(f.env, "1"), *symbol;
  napi_value o = eval(f.env, "({ x: 'a', get y() { return 2; } })"), v;
  bool has;

  OK(tenon_key_get(f.env, o, x, &v));
  CHECK_TEXT("a", t_string(f.env, v));
  OK(tenon_key_set(f.env, o, one, t_text(f.env, "first")));
  OK(napi_get_element(f.env, o, 1, &v));
  CHECK_TEXT("first", t_string(f.env, v));
  OK(tenon_key_of(f.env, eval(f.env, "Symbol.iterator"), &symbol));
  OK(tenon_key_has(f.env, eval(f.env, "[]"), symbol, &has));
  CHECK(has);
  OK(tenon_key_has(f.env, o, symbol, &has));
  CHECK(!has);
  OK(tenon_key_value(f.env, x, &v));
  CHECK_TEXT("x", t_string(f.env, v));
  OK(tenon_key_get(f.env, t_text(f.env, "text"), key_of(f.env, "length"), &v));
  CHECK_TEXT("4", t_string(f.env, v));
  tenon_key_free(x);
  tenon_key_free(NULL);
  /* The others end with the runtime. */
}

TEST(a_key_is_good_in_all_realms)
{
  fixture f = start();
  tenon_key *key = key_of(f.env, "name");
  tenon_realm *a;
  napi_value global, v;

  CHECK_INT(0, tenon_realm_new(f.rt, NULL, &a));
  CHECK_INT(0, tenon_realm_enter(a));
  OK(napi_get_global(f.env, &global));
  OK(tenon_key_set(f.env, global, key, t_text(f.env, "a")));
  OK(tenon_key_get(f.env, global, key, &v));
  CHECK_TEXT("a", t_string(f.env, v));
  CHECK_INT(0, tenon_realm_leave(a));
  OK(napi_get_global(f.env, &global));
  OK(tenon_key_get(f.env, global, key, &v));
  CHECK_TEXT("undefined", t_string(f.env, v));
}

TEST(wrong_keys_are_refused)
{
  fixture f = start(), g = start();
  tenon_key *key, *other = key_of(g.env, "x");
  napi_value o = eval(f.env, "({})"), v;
  bool has;

  FAILS(napi_invalid_arg, tenon_key_new(NULL, "x", 1, &key));
  FAILS(napi_invalid_arg, tenon_key_new(f.env, NULL, 1, &key));
  CHECK(key == NULL);
  FAILS(napi_invalid_arg, tenon_key_new(f.env, "x", 1, NULL));
  FAILS(napi_name_expected, tenon_key_of(f.env, o, &key));
  FAILS(napi_name_expected, tenon_key_of(f.env, t_undefined(f.env), &key));
  FAILS(napi_invalid_arg, tenon_key_get(f.env, o, other, &v));
  FAILS(napi_invalid_arg, tenon_key_set(f.env, o, other, o));
  FAILS(napi_invalid_arg, tenon_key_has(f.env, o, other, &has));
  FAILS(napi_invalid_arg, tenon_key_value(f.env, other, &v));
  FAILS(napi_invalid_arg, tenon_key_get(f.env, o, NULL, &v));
  key = key_of(f.env, "x");
  FAILS(napi_object_expected,
        tenon_key_get(f.env, t_undefined(f.env), key, &v));
}

TEST(what_a_getter_throws_is_pending)
{
  fixture f = start();
  napi_value o = eval(f.env, "({ get x() { throw 'thrown'; } })"), v;

  FAILS(napi_pending_exception,
        tenon_key_get(f.env, o, key_of(f.env, "x"), &v));
  OK(napi_get_and_clear_last_exception(f.env, &v));
  CHECK_TEXT("thrown", t_string(f.env, v));
}

/* --- Descriptors ---------------------------------------------------------------------------- */

TEST(a_data_property_has_its_value_and_attributes)
{
  fixture f = start();
  napi_value o = eval(f.env, "Object.defineProperty({ a: 1 }, 'b',\n"
                             "  { value: 'v', configurable: true })");
  tenon_property p;
  bool is_there;

  OK(tenon_property_own(f.env, o, t_text(f.env, "a"), &p, &is_there));
  CHECK(is_there && p.value && !p.get && !p.set);
  CHECK_INT(TENON_PROPERTY_ALL, p.attributes);
  CHECK_INT(TENON_PROPERTY_ALL, p.given);
  OK(tenon_property_own(f.env, o, t_text(f.env, "b"), &p, &is_there));
  CHECK_TEXT("v", t_string(f.env, p.value));
  CHECK_INT(TENON_PROPERTY_CONFIGURABLE, p.attributes);
  OK(tenon_property_own(f.env, o, t_text(f.env, "toString"), &p, &is_there));
  CHECK(!is_there && !p.value && !p.given);
}

TEST(an_accessor_has_its_functions_and_is_not_called)
{
  fixture f = start();
  napi_value o = eval(f.env, "({ get a() { throw 1; } })");
  tenon_property p;
  bool is_there;

  OK(tenon_property_own(f.env, o, t_text(f.env, "a"), &p, &is_there));
  CHECK(is_there && !p.value && p.get && p.set);
  CHECK_INT(napi_function, t_type(f.env, p.get));
  CHECK_INT(napi_undefined, t_type(f.env, p.set));
  CHECK_INT(TENON_PROPERTY_ENUMERABLE | TENON_PROPERTY_CONFIGURABLE,
            p.attributes);
  CHECK_INT(TENON_PROPERTY_ENUMERABLE | TENON_PROPERTY_CONFIGURABLE, p.given);
}

TEST(a_property_is_read_and_defined_again)
{
  fixture f = start();
  napi_value o = eval(f.env, "({ get a() { return 'got'; } })"), copy, v;
  tenon_property p;
  bool is_there, defined;

  OK(napi_create_object(f.env, &copy));
  OK(tenon_property_own(f.env, o, t_text(f.env, "a"), &p, &is_there));
  OK(tenon_property_define(f.env, copy, t_text(f.env, "a"), &p, &defined));
  CHECK(defined);
  OK(napi_get_named_property(f.env, copy, "a", &v));
  CHECK_TEXT("got", t_string(f.env, v));
}

TEST(what_is_not_given_stays_or_is_off)
{
  fixture f = start();
  napi_value o = eval(f.env, "globalThis.o = { a: 1 }; o");
  tenon_property p = {.attributes = 0, .given = TENON_PROPERTY_ENUMERABLE};
  bool defined;

  OK(tenon_property_define(f.env, o, t_text(f.env, "a"), &p, &defined));
  CHECK(defined);
  p = (tenon_property){.value = t_text(f.env, "b")};
  OK(tenon_property_define(f.env, o, t_text(f.env, "b"), &p, NULL));
  CHECK_TEXT(
      "[{\"value\":1,\"writable\":true,\"enumerable\":false,"
      "\"configurable\":true},{\"value\":\"b\",\"writable\":false,"
      "\"enumerable\":false,\"configurable\":false}]",
      t_string(f.env, eval(f.env, "JSON.stringify(['a', 'b'].map((k) =>\n"
                                  "Object.getOwnPropertyDescriptor(o, k"
                                  ")))")));
}

TEST(a_refusal_is_told_or_thrown)
{
  fixture f = start();
  napi_value o = eval(f.env, "Object.freeze({ a: 1 })"), v;
  tenon_property p = {.value = o};
  bool defined = true;

  OK(tenon_property_define(f.env, o, t_text(f.env, "a"), &p, &defined));
  CHECK(!defined);
  FAILS(napi_pending_exception,
        tenon_property_define(f.env, o, t_text(f.env, "a"), &p, NULL));
  OK(napi_get_and_clear_last_exception(f.env, &v));
  CHECK(strncmp(t_string(f.env, v), "TypeError", 9) == 0);
}

TEST(a_definition_that_contradicts_itself_is_refused)
{
  fixture f = start();
  napi_value o = eval(f.env, "({})"), fn = eval(f.env, "() => 1");
  napi_value a = t_text(f.env, "a");
  tenon_property p = {.value = o, .get = fn};

  FAILS(napi_invalid_arg, tenon_property_define(f.env, o, a, &p, NULL));
  p = (tenon_property){.get = fn, .given = TENON_PROPERTY_WRITABLE};
  FAILS(napi_invalid_arg, tenon_property_define(f.env, o, a, &p, NULL));
  p = (tenon_property){.get = o};
  FAILS(napi_invalid_arg, tenon_property_define(f.env, o, a, &p, NULL));
  p = (tenon_property){.value = o, .given = 8};
  FAILS(napi_invalid_arg, tenon_property_define(f.env, o, a, &p, NULL));
  p = (tenon_property){.value = o, .attributes = 1};
  FAILS(napi_invalid_arg, tenon_property_define(f.env, o, a, &p, NULL));
  p = (tenon_property){.value = o};
  FAILS(napi_object_expected, tenon_property_define(f.env, a, a, &p, NULL));
  FAILS(napi_name_expected, tenon_property_define(f.env, o, o, &p, NULL));
  FAILS(napi_invalid_arg, tenon_property_define(f.env, o, a, NULL, NULL));
}

TEST(a_proxy_is_asked)
{
  fixture f = start();
  napi_value o = eval(f.env,
                      "new Proxy({}, {\n"
                      "  getOwnPropertyDescriptor(t, k) {\n"
                      "    if (k === 'bad') throw 'trap';\n"
                      "    return { value: k + '!', configurable: true };"
                      "\n  },\n"
                      "  defineProperty() { return false; },\n"
                      "})"),
             v;
  tenon_property p;
  bool is;

  OK(tenon_property_own(f.env, o, t_text(f.env, "a"), &p, &is));
  CHECK_TEXT("a!", t_string(f.env, p.value));
  FAILS(napi_pending_exception,
        tenon_property_own(f.env, o, t_text(f.env, "bad"), &p, &is));
  CHECK(!is);
  OK(napi_get_and_clear_last_exception(f.env, &v));
  CHECK_TEXT("trap", t_string(f.env, v));
  OK(tenon_property_define(f.env, o, t_text(f.env, "a"), &p, &is));
  CHECK(!is);
}

/* --- All properties --------------------------------------------------------------------------- */

typedef struct told {
  char text[400];
  int most; /* 0: no end */
  const char *run;
} told;

static bool tell(napi_env env, napi_value key, const tenon_property *p,
                 void *data)
{
  told *t = data;
  napi_value v;

  if (t_type(env, key) == napi_symbol) {
    OK(napi_get_named_property(env, key, "description", &v));
    strcat(t->text, "@");
    key = v;
  }
  strcat(t->text, t_string(env, key));
  strcat(t->text, p->value ? " " : "() ");
  if (t->run && napi_run_script(env, t_text(env, t->run), &v)) return true;
  return !t->most || --t->most;
}

static const char *each(napi_env env, const char *source, uint32_t filter)
{
  static told t;

  t = (told){.most = 0};
  OK(tenon_property_each(env, eval(env, source), filter, tell, &t));
  return t.text;
}

TEST(all_own_properties_are_told)
{
  fixture f = start();
  static const char source[] =
      "({ b: 1, [Symbol('s')]: 2, 1: 3, get a() { throw 1; }, __proto__: {c: 1}"
      " })";

  CHECK_TEXT("1 b a() @s ", each(f.env, source, 0));
  CHECK_TEXT("1 b a() ", each(f.env, source, TENON_EACH_NO_SYMBOLS));
  CHECK_TEXT("@s ", each(f.env, source, TENON_EACH_NO_STRINGS));
  CHECK_TEXT(
      "", each(f.env, source, TENON_EACH_NO_STRINGS | TENON_EACH_NO_SYMBOLS));
  CHECK_TEXT("0 1 length ", each(f.env, "[1, 2]", 0));
  CHECK_TEXT("0 1 ", each(f.env, "[1, 2]", TENON_EACH_ENUMERABLE));
}

TEST(inherited_properties_are_told_once)
{
  fixture f = start();

  CHECK_TEXT("a b c ",
             each(f.env, "({ a: 1, b: 2, __proto__: { a: 3, c: 4 } })",
                  TENON_EACH_INHERITED | TENON_EACH_ENUMERABLE));
  /* One that is not enumerable hides another, as in for-in. */
  CHECK_TEXT("c ", each(f.env,
                        "Object.defineProperty({ __proto__: { a: 3, c: 4 } },\n"
                        "  'a', { value: 1 })",
                        TENON_EACH_INHERITED | TENON_EACH_ENUMERABLE));
}

TEST(a_visitor_ends_it_or_changes_the_object)
{
  fixture f = start();
  told t = {.most = 2};

  OK(tenon_property_each(f.env, eval(f.env, "({ a: 1, b: 2, c: 3 })"), 0, tell,
                         &t));
  CHECK_TEXT("a b ", t.text);
  t = (told){.run = "delete o.b; o.d = 1; o = { z: 1 }"};
  OK(tenon_property_each(
      f.env, eval(f.env, "globalThis.o = { a: 1, b: 2, c: 3 }"), 0, tell, &t));
  CHECK_TEXT("a c ", t.text);
  t = (told){.run = "throw 'visitor'"};
  FAILS(
      napi_pending_exception,
      tenon_property_each(f.env, eval(f.env, "({ a: 1, b: 2 })"), 0, tell, &t));
  CHECK_TEXT("a ", t.text);
}

TEST(wrong_walks_are_refused)
{
  fixture f = start();
  told t = {.most = 0};
  napi_value o = eval(f.env, "({})");

  FAILS(napi_invalid_arg, tenon_property_each(f.env, o, 16, tell, &t));
  FAILS(napi_invalid_arg, tenon_property_each(f.env, o, 0, NULL, &t));
  FAILS(napi_invalid_arg, tenon_property_each(f.env, NULL, 0, tell, &t));
  FAILS(napi_object_expected,
        tenon_property_each(f.env, t_undefined(f.env), 0, tell, &t));
}

TEST(an_endless_chain_of_proxies_ends_with_the_program)
{
  fixture f = start();
  told t = {.most = 0};
  napi_value o = eval(f.env, "const next = () => new Proxy({},\n"
                             "  { getPrototypeOf: next }); next()");

  CHECK_INT(0, tenon_runtime_set_time_limit(f.rt, 50));
  CHECK(tenon_property_each(f.env, o, TENON_EACH_INHERITED, tell, &t) !=
        napi_ok);
  CHECK_INT(TENON_LIMIT_TIME, tenon_runtime_limit(f.rt));
}

/* --- Memory ------------------------------------------------------------------------------------ */

static bool count(napi_env env, napi_value key, const tenon_property *p,
                  void *data)
{
  (void)env;
  (void)key;
  (void)p;
  ++*(int *)data;
  return true;
}

static napi_status live(napi_env env, napi_value o)
{
  napi_handle_scope scope;
  napi_status status = napi_open_handle_scope(env, &scope);
  tenon_key *key = NULL;
  tenon_property p;
  napi_value v;
  bool is;
  int n = 0;

  if (status) return status;
  status = tenon_key_new(env, "made once", NAPI_AUTO_LENGTH, &key);
  if (status == napi_ok) status = tenon_key_set(env, o, key, o);
  if (status == napi_ok) status = tenon_key_get(env, o, key, &v);
  if (status == napi_ok) status = tenon_key_value(env, key, &v);
  if (status == napi_ok) status = tenon_property_own(env, o, v, &p, &is);
  if (status == napi_ok) status = tenon_property_define(env, o, v, &p, &is);
  if (status == napi_ok)
    status = tenon_property_each(env, o, TENON_EACH_INHERITED, count, &n);
  if (status == napi_ok) CHECK(is && n > 3);
  tenon_key_free(key);
  napi_close_handle_scope(env, scope);
  return status;
}

TEST(every_allocation_fails_once)
{
  uint64_t total, at;
  napi_value o, v;
  fixture f;

  tenon_p_alloc_inject(0, false);
  f = start();
  o = eval(f.env, "({ a: 1, get b() { return 1; }, __proto__: { c: {} } })");
  tenon_p_alloc_inject(0, false);
  OK(live(f.env, o));
  total = tenon_p_alloc_stop();
  CHECK(total > 3);
  for (at = 1; at <= total; at++) {
    tenon_p_alloc_inject(at, false);
    (void)live(f.env, o);
    tenon_p_alloc_stop();
    OK(napi_get_and_clear_last_exception(f.env, &v));
  }
  OK(live(f.env, o));
}
