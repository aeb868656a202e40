/* Values that C holds: how long, where, and what is refused. */
#include <stdlib.h>
#include <tenon/realm.h>

#include "persistent.h"

/* What get returns; it has to give no value when it fails. */
static int try_get(napi_env env, const tenon_persistent *p)
{
  napi_value v = (napi_value)(void *)&v;
  int r = tenon_persistent_get(env, p, &v);

  if (r) CHECK(v == NULL);
  return r;
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
    argv[0] = t_get(env, p[i]);
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
  tenon_persistent *p = t_hold(rt, "({ inner: { text: 'held' } })");
  napi_value v;

  tenon_runtime_collect(rt);
  t_set(rt, "it", t_get(env, p));
  CHECK_TEXT("held", t_string(env, t_eval(rt, "it.inner.text")));
  OK(napi_get_named_property(env, t_get(env, p), "inner", &v));
  tenon_persistent_free(p);
}

TEST(what_is_freed_is_collected)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = t_hold(rt, "globalThis.it = {}"), *weak;

  weak = t_hold_weakly(rt, "globalThis.it");
  t_run(rt, "delete globalThis.it;");
  CHECK(t_is_there(env, weak));
  tenon_persistent_free(p);
  CHECK(!t_is_there(env, weak));
  tenon_persistent_free(weak);
}

TEST(one_that_is_held_twice_stays_until_both_are_freed)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *a = t_hold(rt, "globalThis.it = []"), *b, *weak;

  b = t_hold(rt, "globalThis.it");
  weak = t_hold_weakly(rt, "globalThis.it");
  t_run(rt, "delete globalThis.it;");
  tenon_persistent_free(a);
  CHECK(t_is_there(env, weak));
  tenon_persistent_free(b);
  CHECK(!t_is_there(env, weak));
  tenon_persistent_free(weak);
}

TEST(a_handle_outlives_what_it_was_got_from)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = t_hold(rt, "({ a: 7 })");
  napi_value v = t_get(env, p), a;

  tenon_persistent_free(p);
  tenon_runtime_collect(rt);
  OK(napi_get_named_property(env, v, "a", &a));
  CHECK_TEXT("7", t_string(env, a));
}

TEST(what_is_held_lives_through_a_termination_and_a_pending_exception)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = t_hold(rt, "'text'"), *q;

  OK(napi_throw_error(env, NULL, "pending"));
  CHECK(t_is_there(env, p));
  CHECK_INT(0, tenon_persistent_new(env, t_get(env, p), &q));
  CHECK_TEXT("Error: pending", t_thrown(env));
  tenon_runtime_terminate(rt);
  CHECK(t_is_there(env, p));
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
  tenon_persistent *p[3] = {t_hold(rt, "({ list: [1, 2] })"),
                            t_hold(rt, "Symbol('s')"),
                            t_hold_weakly(rt, "globalThis.it = {}")};
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
  tenon_persistent *p = t_hold_weakly(rt, "({})");

  CHECK(!t_is_there(env, p));
  CHECK(!t_is_there(env, p));
  tenon_persistent_free(p);
}

TEST(a_weak_one_of_a_cycle_goes_with_the_next_collection)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p =
      t_hold_weakly(rt, "(() => { const a = {}; a.self = { a }; return a })()");

  CHECK(t_is_there(env, p));
  tenon_runtime_collect(rt);
  CHECK(!t_is_there(env, p));
  tenon_persistent_free(p);
}

TEST(what_a_weak_one_gives_lives_as_long_as_its_handle)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = t_hold_weakly(
      rt, "(() => { const a = { n: 3 }; a.self = a; return a })()");
  napi_handle_scope scope;
  napi_value v, n;

  OK(napi_open_handle_scope(env, &scope));
  v = t_get(env, p);
  tenon_runtime_collect(rt);
  OK(napi_get_named_property(env, v, "n", &n));
  CHECK_TEXT("3", t_string(env, n));
  OK(napi_close_handle_scope(env, scope));
  tenon_runtime_collect(rt);
  CHECK(!t_is_there(env, p));
  tenon_persistent_free(p);
}

TEST(a_weak_one_that_is_freed_first_is_forgotten_by_its_value)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *a = t_hold_weakly(rt, "globalThis.it = {}"), *b;

  b = t_hold_weakly(rt, "globalThis.it");
  tenon_persistent_free(a);
  t_run(rt, "delete globalThis.it;");
  CHECK(!t_is_there(env, b));
  tenon_persistent_free(b);
}

TEST(one_value_may_be_held_weakly_a_hundred_thousand_times)
{
  enum { N = 100000 };
  static tenon_persistent *p[N];
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  uint64_t start = t_cpu_ms();
  napi_handle_scope scope;
  size_t before;
  napi_value v;
  int i, round;

  tenon_persistent_free(t_hold_weakly(rt, "globalThis.it = {}"));
  before = tenon_runtime_memory(rt).used_bytes;
  /* From the oldest on, from the newest on, and with the value. */
  for (round = 0; round < 3; round++) {
    OK(napi_open_handle_scope(env, &scope));
    v = t_eval(rt, "it");
    for (i = 0; i < N; i++)
      CHECK_INT(0, tenon_persistent_new_weak(env, v, &p[i]));
    OK(napi_close_handle_scope(env, scope));
    if (round == 2) t_run(rt, "delete globalThis.it;");
    CHECK(t_is_there(env, p[N / 2]) == (round < 2));
    for (i = 0; i < N; i++)
      tenon_persistent_free(p[round ? N - 1 - i : i]);
    CHECK(tenon_runtime_memory(rt).used_bytes < before + 4096);
  }
  CHECK(t_cpu_ms() - start < 4000);
}

TEST(of_those_that_hold_one_value_weakly_each_can_go_first)
{
  static const int orders[][3] = {{0, 1, 2}, {1, 0, 2}, {2, 1, 0}};
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p[3];
  size_t i, k;

  for (i = 0; i < tenon_p_countof(orders); i++) {
    p[0] = t_hold_weakly(rt, "globalThis.it = {}");
    p[1] = t_hold_weakly(rt, "it");
    p[2] = t_hold_weakly(rt, "it");
    for (k = 0; k < 3; k++) {
      CHECK(t_is_there(env, p[orders[i][2]]));
      if (k == 2) t_run(rt, "delete globalThis.it;");
      if (k == 2) CHECK(!t_is_there(env, p[orders[i][2]]));
      tenon_persistent_free(p[orders[i][k]]);
    }
  }
}

TEST(a_symbol_is_held_weakly)
{
  tenon_runtime *rt = t_runtime();
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *p = t_hold_weakly(rt, "globalThis.it = Symbol('s')");

  t_set(rt, "got", t_get(env, p));
  CHECK_TEXT("true", t_string(env, t_eval(rt, "got === it")));
  tenon_persistent_free(p);
  p = t_hold_weakly(rt, "Symbol('gone')");
  CHECK(!t_is_there(env, p));
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

  OK(napi_get_boolean(env, t_is_there(env, watched), &v));
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
  watched = t_hold_weakly(rt, "it");
  t_run(rt, "import { log } from 'test'; log('' + isThere()); delete "
            "globalThis.it;");
  tenon_runtime_collect(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  t_run(rt, "1");
  CHECK_LOG("true\ntold: falseundefined\n");
  tenon_persistent_free(watched);
}

/* --- At random ------------------------------------------------------------------------ */

enum { OBJECTS = 6, SLOTS = 48 };

typedef struct model {
  bool is_in_script[OBJECTS]; /* held by a global array */
  int strong[OBJECTS];
  struct {
    tenon_persistent *p;
    int object;
    bool is_weak;
  } slots[SLOTS];
} model;

static bool lives(const model *m, int object)
{
  return m->is_in_script[object] || m->strong[object] > 0;
}

static void act(tenon_runtime *rt, model *m, int slot, int object, int what)
{
  napi_env env = tenon_runtime_env(rt);
  char text[64];

  if (m->slots[slot].p) {
    tenon_persistent_free(m->slots[slot].p);
    if (!m->slots[slot].is_weak) m->strong[m->slots[slot].object]--;
    m->slots[slot].p = NULL;
  } else if (what == 0) {
    snprintf(text, sizeof text, "delete all[%d];", object);
    CHECK_INT(0, t_eval_script(rt, text));
    m->is_in_script[object] = false;
  } else if (!lives(m, object)) {
    snprintf(text, sizeof text, "all[%d] = { n: %d };", object, object);
    CHECK_INT(0, t_eval_script(rt, text));
    m->is_in_script[object] = true;
    /* What held the one before holds another object than this. */
    for (slot = 0; slot < SLOTS; slot++)
      if (m->slots[slot].p && m->slots[slot].object == object) {
        CHECK(m->slots[slot].is_weak && !t_is_there(env, m->slots[slot].p));
        tenon_persistent_free(m->slots[slot].p);
        m->slots[slot].p = NULL;
      }
  } else if (m->is_in_script[object]) {
    snprintf(text, sizeof text, "all[%d]", object);
    m->slots[slot].p = t_hold_as(rt, text, what % 2);
    m->slots[slot].object = object;
    m->slots[slot].is_weak = what % 2;
    if (what % 2 == 0) m->strong[object]++;
  }
}

static void compare(tenon_runtime *rt, const model *m, int slot)
{
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value v, n;

  if (!m->slots[slot].p) return;
  OK(napi_open_handle_scope(env, &scope));
  v = t_get(env, m->slots[slot].p);
  CHECK((v != NULL) == lives(m, m->slots[slot].object));
  if (v) {
    OK(napi_get_named_property(env, v, "n", &n));
    CHECK_INT(m->slots[slot].object, atoi(t_string(env, n)));
  }
  OK(napi_close_handle_scope(env, scope));
}

static bool count(const tenon_kept *kept, void *data)
{
  ++*(int *)data;
  return true;
}

TEST(lives_at_random_are_what_a_model_says)
{
  tenon_runtime *rt = t_runtime();
  unsigned seed = 20;
  model m = {{false}, {0}, {{NULL, 0, false}}};
  int i, slot, counted = 0, used = 0;

  CHECK_INT(0, t_eval_script(rt, "var all = {};"));
  for (i = 0; i < 20000; i++) {
    int object;
    seed = seed * 1664525u + 1013904223u;
    slot = (int)(seed >> 8) % SLOTS;
    object = (int)(seed >> 16) % OBJECTS;
    act(rt, &m, slot, object, (int)(seed >> 24) % 8);
    compare(rt, &m, (slot + i) % SLOTS);
    if (i % 1000 == 0) tenon_runtime_collect(rt);
  }
  for (slot = 0; slot < SLOTS; slot++) {
    compare(rt, &m, slot);
    used += m.slots[slot].p != NULL;
  }
  CHECK_INT(0, tenon_kept_each(tenon_runtime_env(rt), count, &counted));
  CHECK_INT(used, counted);
  CHECK(used > 0);
  /* Half of them behind the runtime. */
  for (slot = 0; slot < SLOTS; slot++) {
    if (slot == SLOTS / 2) t_free(rt);
    tenon_persistent_free(m.slots[slot].p);
  }
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

static void make_watched(tenon_runtime *rt)
{
  memset(&freeing, 0, sizeof freeing);
  watching = tenon_runtime_env(rt);
  t_make_watched(rt, on_free);
}

TEST(a_finalizer_of_the_engine_may_free_what_it_held)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *weak;

  make_watched(rt);
  freeing.to_free = t_hold(rt, "globalThis.other = {}");
  weak = t_hold_weakly(rt, "other");
  t_run(rt, "delete globalThis.other;");
  t_run(rt, "delete globalThis.it;");
  CHECK_INT(1, freeing.calls);
  CHECK(!t_is_there(watching, weak));
  tenon_persistent_free(weak);
}

TEST(what_is_freed_while_cycles_are_goes_on_a_later_turn)
{
  tenon_runtime *rt = t_runtime();
  tenon_persistent *weak, *list;

  make_watched(rt);
  freeing.to_free = t_hold(rt, "globalThis.other = { a: [] }");
  weak = t_hold_weakly(rt, "other");
  list = t_hold_weakly(rt, "other.a");
  t_run(rt, "it.self = it; delete globalThis.other; delete globalThis.it;");
  tenon_runtime_collect(rt);
  CHECK_INT(1, freeing.calls);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK(!t_is_there(watching, weak));
  CHECK(!t_is_there(watching, list));
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
    freeing.to_get = t_hold(rt, "({})");
    /* The dying one itself, whose memory is still there. */
    freeing.weak = t_hold_weakly(rt, "it");
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
    CHECK(!t_is_there(env, freeing.weak));
    tenon_persistent_free(freeing.weak);
    tenon_persistent_free(freeing.to_get);
  }
}

TEST(one_value_may_free_the_next_in_a_long_chain)
{
  tenon_runtime *rt = t_runtime();

  make_watched(rt);
  freeing.to_free = t_hold(rt, "'last'");
  {
    tenon_persistent *first = t_hold(rt, "it");
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
  tenon_persistent *p = t_hold(rt, "globalThis.it = []");
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_enter(realm));
  t_set(rt, "it", t_get(env, p));
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
  OK(napi_call_function(env, t_undefined(env), t_get(env, p), 1, &x, &v));
  CHECK_TEXT("x,function,1", t_string(env, v));
  OK(napi_close_handle_scope(env, scope));
  tenon_persistent_free(p);
  tenon_runtime_collect(rt);
  CHECK(!t_is_there(env, weak));
  tenon_persistent_free(weak);
}

TEST(another_runtime_of_the_thread_is_refused)
{
  tenon_runtime *a = t_runtime(), *b = t_runtime();
  tenon_persistent *p = t_hold(a, "({})"),
                   *weak = t_hold_weakly(a, "globalThis");

  CHECK_INT(TENON_EFOREIGN, try_get(tenon_runtime_env(b), p));
  CHECK_INT(TENON_EFOREIGN, try_get(tenon_runtime_env(b), weak));
  CHECK_TEXT("it belongs to another runtime", tenon_strerror(TENON_EFOREIGN));
  CHECK(t_is_there(tenon_runtime_env(a), p));
  tenon_persistent_free(p);
  tenon_persistent_free(weak);
}

TEST(one_of_a_runtime_that_was_freed_is_refused_with_any_environment)
{
  tenon_runtime *a = t_runtime(), *b;
  napi_env env = tenon_runtime_env(a);
  tenon_persistent *p = t_hold(a, "({})"),
                   *weak = t_hold_weakly(a, "globalThis");
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
  closing.p = t_hold(rt, "({ a: [] })");
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
  p = t_hold(rt, "1");
  CHECK_INT(TENON_EINVAL, tenon_persistent_get(NULL, p, &got));
  CHECK_INT(TENON_EINVAL, tenon_persistent_get(env, p, NULL));
  CHECK_INT(TENON_EINVAL, tenon_kept_each(NULL, nobody, NULL));
  CHECK_INT(TENON_EINVAL, tenon_kept_each(env, NULL, NULL));
  CHECK_INT(TENON_EINVAL, tenon_kept_report(NULL, nobody, NULL));
  tenon_persistent_free(p);
}
