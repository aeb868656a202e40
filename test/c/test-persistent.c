/* Values that C holds: how long, where, and what is refused. */
#include <tenon/persistent.h>
#include <tenon/realm.h>

#include "napi.h"

#include "engine/describe.h"
#include "napi/env.h"

/* What a script's expression makes and nobody else holds. */
static tenon_persistent *hold(tenon_runtime *rt, const char *expression)
{
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  tenon_persistent *p;

  OK(napi_open_handle_scope(env, &scope));
  CHECK_INT(0, tenon_persistent_new(env, t_eval(rt, expression), &p));
  OK(napi_close_handle_scope(env, scope));
  return p;
}

static tenon_persistent *hold_weakly(tenon_runtime *rt, const char *expression)
{
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  tenon_persistent *p;

  OK(napi_open_handle_scope(env, &scope));
  CHECK_INT(0, tenon_persistent_new_weak(env, t_eval(rt, expression), &p));
  OK(napi_close_handle_scope(env, scope));
  return p;
}

static napi_value get(napi_env env, const tenon_persistent *p)
{
  napi_value v = NULL;

  CHECK_INT(0, tenon_persistent_get(env, p, &v));
  return v;
}

/* What get returns; it has to give no value when it fails. */
static int try_get(napi_env env, const tenon_persistent *p)
{
  napi_value v = (napi_value)(void *)&v;
  int r = tenon_persistent_get(env, p, &v);

  if (r) CHECK(v == NULL);
  return r;
}

static bool is_there(napi_env env, const tenon_persistent *p)
{
  napi_handle_scope scope;
  bool there;

  OK(napi_open_handle_scope(env, &scope));
  there = get(env, p) != NULL;
  OK(napi_close_handle_scope(env, scope));
  return there;
}

/* --- Holding ------------------------------------------------------------------------ */

TEST(a_value_of_every_type_is_the_same_later)
{
  static const char *const expressions[] = {
      "undefined", "null",      "true",     "-0",        "1.5",
      "12n",       "2n ** 90n", "'text'",   "'\\ud800'", "({})",
      "[1]",       "() => 1",   "Symbol()", "NaN",       "Symbol.for('x')"};
  enum { N = tenon_p_countof(expressions) };
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p[N];
  napi_value global, is;
  size_t i;

  OK(napi_get_global(env, &global));
  t_run(rt, "globalThis.all = [];");
  for (i = 0; i < N; i++) {
    napi_value all, v = t_eval(rt, expressions[i]);
    OK(napi_get_named_property(env, global, "all", &all));
    OK(napi_set_element(env, all, (uint32_t)i, v));
    CHECK_INT(0, tenon_persistent_new(env, v, &p[i]));
  }
  tenon_runtime_collect(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  for (i = 0; i < N; i++) {
    char expression[64];
    napi_value argv[2];
    argv[0] = get(env, p[i]);
    snprintf(expression, sizeof expression, "all[%zu]", i);
    argv[1] = t_eval(rt, expression);
    OK(napi_call_function(env, global, t_eval(rt, "Object.is"), 2, argv, &is));
    CHECK_TEXT("true", t_string(env, is));
    tenon_persistent_free(p[i]);
  }
}

TEST(what_is_held_is_a_root)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = hold(rt, "({ inner: { text: 'held' } })");
  napi_value v;

  tenon_runtime_collect(rt);
  t_set(rt, "it", get(env, p));
  CHECK_TEXT("held", t_string(env, t_eval(rt, "it.inner.text")));
  OK(napi_get_named_property(env, get(env, p), "inner", &v));
  tenon_persistent_free(p);
}

TEST(what_is_freed_is_collected)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = hold(rt, "globalThis.it = {}"), *weak;

  weak = hold_weakly(rt, "globalThis.it");
  t_run(rt, "delete globalThis.it;");
  CHECK(is_there(env, weak));
  tenon_persistent_free(p);
  CHECK(!is_there(env, weak));
  tenon_persistent_free(weak);
}

TEST(one_that_is_held_twice_stays_until_both_are_freed)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *a = hold(rt, "globalThis.it = []"), *b, *weak;

  b = hold(rt, "globalThis.it");
  weak = hold_weakly(rt, "globalThis.it");
  t_run(rt, "delete globalThis.it;");
  tenon_persistent_free(a);
  CHECK(is_there(env, weak));
  tenon_persistent_free(b);
  CHECK(!is_there(env, weak));
  tenon_persistent_free(weak);
}

TEST(a_handle_outlives_what_it_was_got_from)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = hold(rt, "({ a: 7 })");
  napi_value v = get(env, p), a;

  tenon_persistent_free(p);
  tenon_runtime_collect(rt);
  OK(napi_get_named_property(env, v, "a", &a));
  CHECK_TEXT("7", t_string(env, a));
}

TEST(what_is_held_lives_through_a_termination_and_a_pending_exception)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = hold(rt, "'text'"), *q;

  OK(napi_throw_error(env, NULL, "pending"));
  CHECK(is_there(env, p));
  CHECK_INT(0, tenon_persistent_new(env, get(env, p), &q));
  CHECK_TEXT("Error: pending", t_thrown(env));
  tenon_runtime_terminate(rt);
  CHECK(is_there(env, p));
  tenon_persistent_free(p);
  tenon_persistent_free(q);
  tenon_runtime_resume(rt);
  t_run(rt, "1 + 1");
}

TEST(a_hundred_thousand_cost_little_and_leave_nothing)
{
  enum { N = 100000 };
  static tenon_persistent *p[N];
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v = t_eval(rt, "({})");
  size_t before, with_all;
  uint64_t start = t_cpu_ms();
  int i, round;

  CHECK_INT(0, tenon_persistent_new(env, v, &p[0]));
  tenon_persistent_free(p[0]);
  before = tenon_runtime_memory(rt).used_bytes;
  for (round = 0; round < 3; round++) {
    for (i = 0; i < N; i++)
      if (i % 2)
        CHECK_INT(0, tenon_persistent_new(env, v, &p[i]));
      else
        CHECK_INT(0, tenon_persistent_new_weak(env, v, &p[i]));
    with_all = tenon_runtime_memory(rt).used_bytes;
    CHECK(with_all - before > N * sizeof(void *));
    CHECK(with_all - before < N * 300);
    /* From the oldest on, and from the newest on. */
    for (i = 0; i < N; i++)
      tenon_persistent_free(p[round % 2 ? i : N - 1 - i]);
    CHECK_INT(before, tenon_runtime_memory(rt).used_bytes);
  }
  CHECK(t_cpu_ms() - start < 20000);
}

TEST(what_is_not_freed_ends_with_the_runtime)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *p[3] = {hold(rt, "({ list: [1, 2] })"),
                            hold(rt, "Symbol('s')"),
                            hold_weakly(rt, "globalThis.it = {}")};
  size_t i;

  t_free(rt);
  for (i = 0; i < 3; i++)
    tenon_persistent_free(p[i]);
  tenon_persistent_free(NULL);
}

/* --- Weakly ------------------------------------------------------------------------- */

TEST(a_weak_one_keeps_nothing)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = hold_weakly(rt, "({})");

  CHECK(!is_there(env, p));
  CHECK(!is_there(env, p));
  tenon_persistent_free(p);
}

TEST(a_weak_one_of_a_cycle_goes_with_the_next_collection)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p =
      hold_weakly(rt, "(() => { const a = {}; a.self = { a }; return a })()");

  CHECK(is_there(env, p));
  tenon_runtime_collect(rt);
  CHECK(!is_there(env, p));
  tenon_persistent_free(p);
}

TEST(what_a_weak_one_gives_lives_as_long_as_its_handle)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p =
      hold_weakly(rt, "(() => { const a = { n: 3 }; a.self = a; return a })()");
  napi_handle_scope scope;
  napi_value v, n;

  OK(napi_open_handle_scope(env, &scope));
  v = get(env, p);
  tenon_runtime_collect(rt);
  OK(napi_get_named_property(env, v, "n", &n));
  CHECK_TEXT("3", t_string(env, n));
  OK(napi_close_handle_scope(env, scope));
  tenon_runtime_collect(rt);
  CHECK(!is_there(env, p));
  tenon_persistent_free(p);
}

TEST(a_weak_one_that_is_freed_first_is_forgotten_by_its_value)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *a = hold_weakly(rt, "globalThis.it = {}"), *b;

  b = hold_weakly(rt, "globalThis.it");
  tenon_persistent_free(a);
  t_run(rt, "delete globalThis.it;");
  CHECK(!is_there(env, b));
  tenon_persistent_free(b);
}

TEST(a_symbol_is_held_weakly)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = hold_weakly(rt, "globalThis.it = Symbol('s')");

  t_set(rt, "got", get(env, p));
  CHECK_TEXT("true", t_string(env, t_eval(rt, "got === it")));
  tenon_persistent_free(p);
  p = hold_weakly(rt, "Symbol('gone')");
  CHECK(!is_there(env, p));
  tenon_persistent_free(p);
}

TEST(what_cannot_be_held_weakly_is_refused)
{
  static const char *const expressions[] = {
      "undefined", "null", "false", "1", "1.5", "1n", "'s'", "Symbol.for('s')"};
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  size_t i;

  for (i = 0; i < tenon_p_countof(expressions); i++) {
    tenon_persistent *p = (tenon_persistent *)(void *)&i;
    CHECK_INT(TENON_EINVAL,
              tenon_persistent_new_weak(env, t_eval(rt, expressions[i]), &p));
    CHECK(p == NULL);
  }
}

static tenon_persistent *watched;
static napi_env watching;

static napi_value is_watched_there(napi_env env, napi_callback_info info)
{
  napi_value v;

  OK(napi_get_boolean(env, is_there(env, watched), &v));
  return v;
}

TEST(a_weak_one_is_gone_before_a_finalization_registry_says_so)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value f;

  OK(napi_create_function(env, "f", 1, is_watched_there, NULL, &f));
  t_set(rt, "isThere", f);
  t_run(rt,
        "import { log } from 'test';"
        "globalThis.registry = new FinalizationRegistry((name) => log(name + "
        "isThere() + ref.deref()));"
        "globalThis.it = { };"
        "it.self = it;"
        "globalThis.ref = new WeakRef(it);"
        "registry.register(it, 'told: ');");
  watched = hold_weakly(rt, "it");
  t_run(rt, "import { log } from 'test'; log('' + isThere()); delete "
            "globalThis.it;");
  tenon_runtime_collect(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  t_run(rt, "1");
  CHECK_LOG("true\ntold: falseundefined\n");
  tenon_persistent_free(watched);
}

/* --- While values are freed ----------------------------------------------------------- */

/* Called by the engine as an object of this class is freed. */
static struct {
  tenon_persistent *to_free, *to_get, *weak;
  napi_value handle;
  int calls, get_strong, get_weak, new_weak;
} freeing;

static void on_free(JSRuntime *rt, JSValueConst v)
{
  tenon_persistent *p;

  freeing.calls++;
  if (freeing.to_get) freeing.get_strong = try_get(watching, freeing.to_get);
  if (freeing.weak) freeing.get_weak = try_get(watching, freeing.weak);
  if (freeing.handle)
    freeing.new_weak = tenon_persistent_new_weak(watching, freeing.handle, &p);
  tenon_persistent_free(freeing.to_free);
  freeing.to_free = NULL;
}

/* A global `it` of that class. */
static void make_watched(tenon_runtime *rt)
{
  static const JSClassDef class = {"Watched", .finalizer = on_free};
  napi_env env = watching = tenon_runtime_env(rt);
  JSClassID id = JS_INVALID_CLASS_ID;
  JSValue global = JS_GetGlobalObject(env->ctx);

  memset(&freeing, 0, sizeof freeing);
  JS_NewClassID(env->engine->rt, &id);
  CHECK_INT(0, JS_NewClass(env->engine->rt, id, &class));
  CHECK(JS_SetPropertyStr(env->ctx, global, "it",
                          JS_NewObjectClass(env->ctx, id)) > 0);
  JS_FreeValue(env->ctx, global);
}

TEST(a_finalizer_of_the_engine_may_free_what_it_held)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *weak;

  make_watched(rt);
  freeing.to_free = hold(rt, "globalThis.other = {}");
  weak = hold_weakly(rt, "other");
  t_run(rt, "delete globalThis.other;");
  t_run(rt, "delete globalThis.it;");
  CHECK_INT(1, freeing.calls);
  CHECK(!is_there(watching, weak));
  tenon_persistent_free(weak);
}

TEST(what_is_freed_while_cycles_are_goes_on_a_later_turn)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *weak, *list;

  make_watched(rt);
  freeing.to_free = hold(rt, "globalThis.other = { a: [] }");
  weak = hold_weakly(rt, "other");
  list = hold_weakly(rt, "other.a");
  t_run(rt, "it.self = it; delete globalThis.other; delete globalThis.it;");
  tenon_runtime_collect(rt);
  CHECK_INT(1, freeing.calls);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(!is_there(watching, weak));
  CHECK(!is_there(watching, list));
  tenon_persistent_free(weak);
  tenon_persistent_free(list);
}

TEST(a_finalizer_of_the_engine_gets_what_is_held_but_nothing_weak)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  int i;

  for (i = 0; i < 2; i++) {
    napi_handle_scope scope;
    make_watched(rt);
    freeing.to_get = hold(rt, "({})");
    /* The dying one itself, whose memory is still there. */
    freeing.weak = hold_weakly(rt, "it");
    OK(napi_open_handle_scope(env, &scope));
    freeing.handle = t_eval(rt, "({})");
    freeing.get_strong = -1;
    if (i) t_run(rt, "it.self = it;");
    t_run(rt, "delete globalThis.it;");
    tenon_runtime_collect(rt);
    CHECK_INT(1, freeing.calls);
    CHECK_INT(0, freeing.get_strong);
    CHECK_INT(TENON_EBUSY, freeing.get_weak);
    CHECK_INT(TENON_EBUSY, freeing.new_weak);
    OK(napi_close_handle_scope(env, scope));
    CHECK(!is_there(env, freeing.weak));
    tenon_persistent_free(freeing.weak);
    tenon_persistent_free(freeing.to_get);
  }
}

TEST(one_value_may_free_the_next_in_a_long_chain)
{
  tenon_runtime *rt = t_runtime();

  make_watched(rt);
  freeing.to_free = hold(rt, "'last'");
  {
    tenon_persistent *first = hold(rt, "it");
    t_run(rt, "delete globalThis.it;");
    CHECK_INT(0, freeing.calls);
    tenon_persistent_free(first);
  }
  CHECK_INT(1, freeing.calls);
  CHECK(freeing.to_free == NULL);
}

/* --- Realms and runtimes -------------------------------------------------------------- */

TEST(a_value_is_the_same_in_every_realm_of_its_runtime)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = hold(rt, "globalThis.it = []");
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_enter(realm));
  t_set(rt, "it", get(env, p));
  CHECK_INT(0, tenon_realm_leave(realm));
  CHECK_INT(0, tenon_realm_eval_script(realm, "it.push(1)", 10, NULL));
  CHECK_TEXT("1", t_string(env, t_eval(rt, "it.length")));
  CHECK_INT(0, tenon_realm_free(realm));
  tenon_persistent_free(p);
}

TEST(a_value_of_a_realm_that_was_freed_is_as_good_as_before)
{
  static const char source[] =
      "globalThis.f = (x) => [x, typeof Map, globalThis.own].join()";
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value global, f, x, v;
  tenon_persistent *p, *weak;
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_eval_script(realm, source, strlen(source), NULL));
  CHECK_INT(0, tenon_realm_eval_script(realm, "var own = 1", 11, NULL));
  OK(napi_open_handle_scope(env, &scope));
  CHECK_INT(0, tenon_realm_enter(realm));
  OK(napi_get_global(env, &global));
  OK(napi_get_named_property(env, global, "f", &f));
  CHECK_INT(0, tenon_persistent_new(env, f, &p));
  CHECK_INT(0, tenon_persistent_new_weak(env, f, &weak));
  CHECK_INT(0, tenon_realm_leave(realm));
  OK(napi_close_handle_scope(env, scope));
  CHECK_INT(0, tenon_realm_free(realm));
  tenon_runtime_collect(rt);
  OK(napi_open_handle_scope(env, &scope));
  x = t_text(env, "x");
  OK(napi_call_function(env, t_undefined(env), get(env, p), 1, &x, &v));
  CHECK_TEXT("x,function,1", t_string(env, v));
  OK(napi_close_handle_scope(env, scope));
  tenon_persistent_free(p);
  tenon_runtime_collect(rt);
  CHECK(!is_there(env, weak));
  tenon_persistent_free(weak);
}

TEST(another_runtime_of_the_thread_is_refused)
{
  tenon_runtime *a = t_runtime(), *b = t_runtime();
  tenon_persistent *p = hold(a, "({})"), *weak = hold_weakly(a, "globalThis");

  CHECK_INT(TENON_EFOREIGN, try_get(tenon_runtime_env(b), p));
  CHECK_INT(TENON_EFOREIGN, try_get(tenon_runtime_env(b), weak));
  CHECK_TEXT("it belongs to another runtime", tenon_strerror(TENON_EFOREIGN));
  CHECK(is_there(tenon_runtime_env(a), p));
  tenon_persistent_free(p);
  tenon_persistent_free(weak);
}

TEST(one_of_a_runtime_that_was_freed_is_refused_with_any_environment)
{
  tenon_runtime *a = t_runtime(), *b;
  napi_env env = tenon_runtime_env(a);
  tenon_persistent *p = hold(a, "({})"), *weak = hold_weakly(a, "globalThis");
  int i;

  t_free(a);
  CHECK_INT(TENON_ECLOSING, try_get(env, p));
  CHECK_INT(TENON_ECLOSING, try_get(env, weak));
  /* Some runtime may have the memory of the first one. */
  for (i = 0; i < 3; i++) {
    b = t_runtime();
    CHECK_INT(TENON_ECLOSING, try_get(tenon_runtime_env(b), p));
    CHECK_INT(TENON_ECLOSING, try_get(tenon_runtime_env(b), weak));
    t_free(b);
  }
  tenon_persistent_free(p);
  tenon_persistent_free(weak);
}

static bool nobody(const tenon_kept *kept, void *data)
{
  return true;
}

static struct {
  tenon_persistent *p;
  napi_value v;
  int calls, get, new, new_weak, each, report;
} closing;

static void on_close(napi_env env, void *data, void *hint)
{
  tenon_persistent *p = (tenon_persistent *)(void *)&closing;

  closing.calls++;
  closing.get = try_get(env, closing.p);
  closing.new = tenon_persistent_new(env, closing.v, &p);
  CHECK(p == NULL);
  closing.new_weak = tenon_persistent_new_weak(env, closing.v, &p);
  CHECK(p == NULL);
  closing.each = tenon_kept_each(env, nobody, NULL);
  closing.report = tenon_kept_report(env, nobody, NULL);
  tenon_persistent_free(closing.p);
}

TEST(while_a_runtime_is_freed_all_but_free_is_refused)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);

  memset(&closing, 0, sizeof closing);
  closing.p = hold(rt, "({ a: [] })");
  closing.v = t_eval(rt, "globalThis.it = {}");
  OK(napi_wrap(env, closing.v, &closing, on_close, NULL, NULL));
  t_free(rt);
  CHECK_INT(1, closing.calls);
  CHECK_INT(TENON_ECLOSING, closing.get);
  CHECK_INT(TENON_ECLOSING, closing.new);
  CHECK_INT(TENON_ECLOSING, closing.new_weak);
  CHECK_INT(TENON_ECLOSING, closing.each);
  CHECK_INT(TENON_ECLOSING, closing.report);
}

TEST(what_is_missing_is_refused)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v = t_undefined(env), got;
  tenon_persistent *p;

  CHECK_INT(TENON_EINVAL, tenon_persistent_new(NULL, v, &p));
  CHECK(p == NULL);
  CHECK_INT(TENON_EINVAL, tenon_persistent_new(env, NULL, &p));
  CHECK_INT(TENON_EINVAL, tenon_persistent_new(env, v, NULL));
  CHECK_INT(TENON_EINVAL, tenon_persistent_new_weak(NULL, v, &p));
  CHECK_INT(TENON_EINVAL, tenon_persistent_new_weak(env, NULL, &p));
  CHECK_INT(TENON_EINVAL, tenon_persistent_new_weak(env, v, NULL));
  CHECK_INT(TENON_EINVAL, tenon_persistent_get(env, NULL, &got));
  CHECK(got == NULL);
  p = hold(rt, "1");
  CHECK_INT(TENON_EINVAL, tenon_persistent_get(NULL, p, &got));
  CHECK_INT(TENON_EINVAL, tenon_persistent_get(env, p, NULL));
  CHECK_INT(TENON_EINVAL, tenon_kept_each(NULL, nobody, NULL));
  CHECK_INT(TENON_EINVAL, tenon_kept_each(env, NULL, NULL));
  CHECK_INT(TENON_EINVAL, tenon_kept_report(NULL, nobody, NULL));
  tenon_persistent_free(p);
}

/* --- Looking at what is held ------------------------------------------------------------ */

typedef struct list {
  napi_env env;
  char text[2048];
  size_t count, most;
  tenon_persistent *at[16];
} list;

/* Kind and text, one a line. */
static bool add(const tenon_kept *kept, void *data)
{
  list *l = data;

  CHECK_INT(strlen(kept->text), kept->text_len);
  snprintf(l->text + strlen(l->text), sizeof l->text - strlen(l->text),
           "%s%s\n", kept->kind == TENON_KEPT_WEAK ? "weak " : "", kept->text);
  if (l->count < tenon_p_countof(l->at)) l->at[l->count] = kept->persistent;
  return ++l->count != l->most;
}

static const char *listed(tenon_runtime *rt)
{
  static list l;

  l = (list){.text = ""};
  CHECK_INT(0, tenon_kept_each(tenon_runtime_env(rt), add, &l));
  return l.text;
}

TEST(what_is_held_is_listed_the_oldest_first)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *a = hold(rt, "'a'"),
                   *b = hold_weakly(rt, "globalThis.b=[]"),
                   *c = hold(rt, "'c'");

  CHECK_TEXT("string \"a\"\nweak Array(0)\nstring \"c\"\n", listed(rt));
  t_run(rt, "delete globalThis.b;");
  tenon_persistent_free(a);
  CHECK_TEXT("weak gone\nstring \"c\"\n", listed(rt));
  tenon_persistent_free(b);
  tenon_persistent_free(c);
  CHECK_TEXT("", listed(rt));
}

TEST(looking_ends_where_it_is_told_to)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *a = hold(rt, "1"), *b = hold(rt, "2"), *c = hold(rt, "3");
  list l = {.most = 2};

  CHECK_INT(0, tenon_kept_each(tenon_runtime_env(rt), add, &l));
  CHECK_TEXT("number 1\nnumber 2\n", l.text);
  CHECK(l.at[0] == a && l.at[1] == b);
  tenon_persistent_free(a);
  tenon_persistent_free(b);
  tenon_persistent_free(c);
}

static tenon_persistent *victims[4];
static tenon_persistent *made[64];
static int made_count;

static bool change(const tenon_kept *kept, void *data)
{
  list *l = data;
  list inner = {.text = ""};
  napi_value v;
  size_t i;

  add(kept, data);
  /* Itself, the one before, and the one behind. */
  for (i = 0; l->count == 2 && i < tenon_p_countof(victims); i++) {
    tenon_persistent_free(victims[i]);
    victims[i] = NULL;
  }
  OK(napi_get_undefined(l->env, &v));
  CHECK_INT(0, tenon_persistent_new(l->env, v, &made[made_count++]));
  CHECK_INT(0, tenon_kept_each(l->env, add, &inner));
  CHECK(inner.count > 0);
  return true;
}

TEST(all_may_change_while_it_is_looked_at)
{
  tenon_runtime *rt = t_runtime();
  list l = {.env = tenon_runtime_env(rt)};
  tenon_persistent *last;

  made_count = 0;
  victims[0] = hold(rt, "'first'");
  victims[1] = hold(rt, "({ itself: 1 })");
  victims[2] = hold(rt, "'next'");
  victims[3] = hold(rt, "'behind it'");
  last = hold(rt, "'last'");
  CHECK_INT(0, tenon_kept_each(l.env, change, &l));
  CHECK_TEXT("string \"first\"\nObject\nstring \"last\"\n", l.text);
  CHECK_INT(3, made_count);
  CHECK_TEXT("string \"last\"\nundefined\nundefined\nundefined\n", listed(rt));
  while (made_count)
    tenon_persistent_free(made[--made_count]);
  tenon_persistent_free(last);
}

static bool free_it(const tenon_kept *kept, void *data)
{
  if (kept->kind == TENON_KEPT_PERSISTENT)
    tenon_persistent_free(kept->persistent);
  return true;
}

TEST(what_is_freed_while_it_is_looked_at_goes_with_that)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *weak;

  hold(rt, "globalThis.it = {}");
  weak = hold_weakly(rt, "it");
  t_run(rt, "delete globalThis.it;");
  CHECK_INT(0, tenon_kept_each(tenon_runtime_env(rt), free_it, NULL));
  CHECK_TEXT("weak gone\n", listed(rt));
  tenon_persistent_free(weak);
}

TEST(after_a_termination_nobody_is_told)
{
  tenon_runtime *rt = t_runtime();
  list l = {.text = ""};

  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_ETERMINATED, tenon_kept_each(tenon_runtime_env(rt), add, &l));
  CHECK_INT(0, l.count);
}

TEST(a_value_is_described_in_one_line_without_running_anything)
{
  static const char *const pairs[][2] = {
      {"undefined", "undefined"},
      {"null", "null"},
      {"true", "boolean true"},
      {"-0", "number -0"},
      {"0.1", "number 0.1"},
      {"1e300", "number 1e+300"},
      {"NaN", "number NaN"},
      {"-Infinity", "number -Infinity"},
      {"-5n", "bigint -5n"},
      {"2n ** 99n", "bigint"},
      {"''", "string \"\""},
      {"'caf\\xe9 \\u20ac \\u{1f600}'", "string \"caf\xc3\xa9 \xe2\x82\xac "
                                        "\xf0\x9f\x98\x80\""},
      {"'a\\n\\0\"\\\\\\x7f'", "string \"a\\n\\x00\\\"\\\\\\x7f\""},
      {"'\\ud800'", "string \"\xef\xbf\xbd\""},
      {"'x'.repeat(24)", "string \"xxxxxxxxxxxxxxxxxxxxxxxx\""},
      {"'x'.repeat(25)", "string \"xxxxxxxxxxxxxxxxxxxxxxxx\xe2\x80\xa6\""},
      {"'y'.repeat(9000) + 'x'.repeat(9000)",
       "string \"yyyyyyyyyyyyyyyyyyyyyyyy\xe2\x80\xa6\""},
      {"Symbol()", "Symbol()"},
      {"Symbol('s')", "Symbol(s)"},
      {"Symbol.iterator", "Symbol(Symbol.iterator)"},
      {"({})", "Object"},
      {"Object.create(null)", "Object"},
      {"[1, , 3]", "Array(3)"},
      {"new (class List extends Array {})(2)", "List(2)"},
      {"new Uint8Array(4)", "Uint8Array(4)"},
      {"new ArrayBuffer(4)", "ArrayBuffer"},
      {"new Map([[1, 2]])", "Map(1)"},
      {"new Set()", "Set(0)"},
      {"new WeakMap()", "WeakMap"},
      {"Promise.resolve()", "Promise"},
      {"/x/", "RegExp"},
      {"new Date()", "Date"},
      {"new (class Foo {})", "Foo"},
      {"new TypeError('no\\nway')", "TypeError: no\\nway"},
      {"new Error()", "Error"},
      {"function onData() {}", "function onData"},
      {"(() => {})", "function"},
      {"class Bar {}", "function Bar"},
      {"Math.max", "function max"},
      {"(function () {}).bind()", "function bound "},
      {"async function* all() {}", "function all"},
      {"new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 2 } })",
       "Proxy"},
      {"new Proxy(function f() {}, {})", "Proxy"},
      {"Object.defineProperty(() => 1, 'name', { get() { throw 1 } })",
       "function"},
      {"({ __proto__: { get constructor() { throw 1 } } })", "Object"},
      {"({ __proto__: { constructor: { get name() { throw 1 } } } })",
       "Object"},
      {"({ __proto__: { constructor: { name: 5 } } })", "Object"},
      {"({ __proto__: { constructor: new Proxy({}, { get() { throw 1 } }) } })",
       "Object"},
      {"({ __proto__: new Proxy({}, { get() { throw 1 } }) })", "Object"},
      {"({ __proto__: { constructor: { name: '\\u20ac'.repeat(30) } } })",
       "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82"
       "\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2"
       "\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac"
       "\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\xe2\x82"
       "\xac\xe2\x82\xac\xe2\x80\xa6"},
  };
  tenon_runtime *rt = t_runtime();
  size_t i;

  for (i = 0; i < tenon_p_countof(pairs); i++) {
    tenon_persistent *p = hold(rt, pairs[i][0]);
    char want[512];
    snprintf(want, sizeof want, "%s\n", pairs[i][1]);
    if (strcmp(want, listed(rt)) != 0) print_error("%s\n", pairs[i][0]);
    CHECK_TEXT(want, listed(rt));
    tenon_persistent_free(p);
  }
}

TEST(the_longest_description_fits)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent
      *p = hold(
          rt,
          "Object.assign(Object.create({ constructor: { name: '\\x01'.repeat("
          "99) } }), {})"),
      *q;

  CHECK(strlen(listed(rt)) > 90);
  tenon_persistent_free(p);
  q = hold(rt, "(() => { const e = new Error('\\x02'.repeat(99));"
               "Object.setPrototypeOf(e, { constructor: { name: "
               "'\\x01'.repeat(99) } }); return e })()");
  CHECK_INT(24 * 4 + 3 + 2 + 24 * 4 + 3 + 1, strlen(listed(rt)));
  tenon_persistent_free(q);
}

/* --- What was not released --------------------------------------------------------------- */

static bool name_place(const tenon_kept *kept, void *data)
{
  list *l = data;
  const char *slash = kept->file ? strrchr(kept->file, '/') : NULL;

  snprintf(l->text + strlen(l->text), sizeof l->text - strlen(l->text),
           "%s:%d: %s%s\n",
           slash        ? slash + 1
           : kept->file ? kept->file
                        : "?",
           kept->line, kept->kind == TENON_KEPT_WEAK ? "weak " : "",
           kept->text);
  l->at[l->count++] = kept->persistent;
  return l->count != l->most;
}

TEST(what_was_not_freed_is_named_with_its_place)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  napi_value v = t_eval(rt, "globalThis.it = function onData() {}");
  tenon_persistent *p[4];
  list l = {.text = ""};
  char want[256];
  int line;

  CHECK_INT(0, tenon_kept_report(env, name_place, &l));
  line = __LINE__ + 1;
  CHECK_INT(0, tenon_persistent_new(env, v, &p[0]));
  CHECK_INT(0, tenon_persistent_new(env, v, &p[1]));
  CHECK_INT(0, tenon_persistent_new_weak(env, v, &p[2]));
  CHECK_INT(0, tenon_persistent_new_at(env, t_text(env, "x"), NULL, 0, &p[3]));
  tenon_persistent_free(p[1]);
  t_free(rt);
  snprintf(want, sizeof want,
           "test-persistent.c:%d: function onData\n"
           "test-persistent.c:%d: weak function onData\n"
           "?:0: string \"x\"\n",
           line, line + 2);
  CHECK_TEXT(want, l.text);
  CHECK(l.at[0] == p[0] && l.at[1] == p[2] && l.at[2] == p[3]);
  tenon_persistent_free(p[0]);
  tenon_persistent_free(p[2]);
  tenon_persistent_free(p[3]);
}

TEST(nothing_is_reported_where_all_was_freed)
{
  tenon_runtime *rt = t_runtime();
  list l = {.text = ""};

  CHECK_INT(0, tenon_kept_report(tenon_runtime_env(rt), name_place, &l));
  tenon_persistent_free(hold(rt, "({})"));
  t_free(rt);
  CHECK_TEXT("", l.text);
}

TEST(a_report_that_was_taken_back_is_none)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = hold(rt, "({})");
  list l = {.text = ""};

  CHECK_INT(0, tenon_kept_report(env, name_place, &l));
  CHECK_INT(0, tenon_kept_report(env, NULL, NULL));
  t_free(rt);
  CHECK_TEXT("", l.text);
  tenon_persistent_free(p);
}

TEST(a_report_ends_where_it_is_told_to)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *p = hold(rt, "1"), *q = hold(rt, "2");
  list l = {.most = 1};

  CHECK_INT(0, tenon_kept_report(tenon_runtime_env(rt), name_place, &l));
  t_free(rt);
  CHECK_INT(1, l.count);
  tenon_persistent_free(p);
  tenon_persistent_free(q);
}

/* Frees two at once, of which one was not told yet. */
static bool free_all(const tenon_kept *kept, void *data)
{
  list *l = data;

  l->count++;
  while (l->most)
    tenon_persistent_free(l->at[--l->most]);
  return true;
}

TEST(a_report_may_free_what_it_is_told_and_others)
{
  tenon_runtime *rt = t_runtime();
  list l = {.most = 3};

  l.at[0] = hold(rt, "({})");
  l.at[1] = hold(rt, "[]");
  l.at[2] = hold_weakly(rt, "globalThis");
  CHECK_INT(0, tenon_kept_report(tenon_runtime_env(rt), free_all, &l));
  t_free(rt);
  CHECK_INT(1, l.count);
}

TEST(what_a_destructor_frees_while_the_runtime_ends_is_not_reported)
{
  tenon_runtime *rt = t_runtime();
  list l = {.text = ""};

  /* The object goes with the heap, behind all that is held. */
  make_watched(rt);
  freeing.to_free = hold(rt, "({ a: 1 })");
  CHECK_INT(0, tenon_kept_report(watching, name_place, &l));
  t_free(rt);
  CHECK_INT(1, freeing.calls);
  CHECK(freeing.to_free == NULL);
  CHECK_TEXT("", l.text);
}

TEST(what_a_destructor_that_is_held_itself_frees_is_not_reported)
{
  tenon_runtime *rt = t_runtime();
  list l = {.text = ""};
  tenon_persistent *p;

  make_watched(rt);
  p = hold(rt, "it");
  t_run(rt, "delete globalThis.it;");
  freeing.to_free = hold(rt, "({ a: 1 })");
  CHECK_INT(0, tenon_kept_report(watching, name_place, &l));
  t_free(rt);
  CHECK_INT(1, freeing.calls);
  CHECK_INT(1, l.count);
  CHECK(strstr(l.text, "Watched"));
  tenon_persistent_free(p);
}
