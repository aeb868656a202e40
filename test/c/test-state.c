/* State of native modules, of a realm and of a runtime: whose it is, how it is
 * made and fails to be, when it ends. */
#define TENON_MODULE states
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/napi.h>
#include <tenon/persistent.h>
#include <tenon/realm.h>
#include <tenon/state.h>

#include "base/alloc.h"

#define M tenon_module_states

TENON_MODULE_THREADS(any);

static char order[64];
static int made, ended;

/* --- One a realm, one a runtime --------------------------------------------------------- */

typedef struct cache {
  int64_t hits;
  char *text;
} cache;

static int cache_init(cache *c)
{
  if (c->hits || c->text) return -1; /* not zeroed */
  c->text = malloc(4);
  if (!c->text) return -1;
  strcpy(c->text, "yes");
  made++;
  return 0;
}

static void cache_release(cache *c)
{
  free(c->text);
  ended++;
  strcat(order, "c");
}

TENON_STATE(realm, cache, cache_init, cache_release)

typedef struct total {
  int64_t hits;
} total;

static void total_release(total *t)
{
  (void)t;
  ended++;
  strcat(order, "t");
}

TENON_STATE(runtime, total, NULL, total_release)

TENON_FUNCTION(i64, hit)
{
  cache *c = cache_state();

  if (!c || strcmp(c->text, "yes") != 0) return -1;
  return ++c->hits;
}

TENON_FUNCTION(i64, hit_any, (any, v))
{
  cache *c = cache_state();

  (void)v;
  return c ? ++c->hits : -1;
}

TENON_FUNCTION(i64, hit_total)
{
  total *t = total_state();

  return t ? ++t->hits : -1;
}

static tenon_runtime *runtime(void)
{
  tenon_runtime *rt = t_runtime();

  order[0] = '\0';
  made = ended = 0;
  CHECK_INT(0, tenon_runtime_add_module(rt, "m", M));
  return rt;
}

static tenon_realm *new_realm(tenon_runtime *rt)
{
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_add_globals(realm, M));
  return realm;
}

static int eval(tenon_realm *realm, const char *source)
{
  return tenon_realm_eval_script(realm, source, strlen(source), NULL);
}

TEST(a_state_is_made_once_and_zeroed)
{
  tenon_runtime *rt = runtime();

  CHECK_INT(0, made);
  t_run(rt, "import { log } from 'test'; import * as m from 'm';\n"
            "log(`${m.hit()} ${m.hit()} ${m.hit_any(1)} ${m.hit_total()}`);");
  CHECK_LOG("1 2 3 1\n");
  CHECK_INT(1, made);
  t_free(rt);
  CHECK_INT(2, ended);
}

TEST(each_realm_has_its_own_and_all_share_that_of_the_runtime)
{
  tenon_runtime *rt = runtime();
  tenon_realm *a = new_realm(rt), *b = new_realm(rt);

  CHECK_INT(0, eval(a, "if (hit() !== 1 || hit() !== 2) throw 1;"
                       "if (hit_total() !== 1) throw 2;"));
  CHECK_INT(0, eval(b, "if (hit() !== 1 || hit_total() !== 2) throw 1;"));
  t_run(rt, "import { log } from 'test'; import { hit, hit_total } from 'm';\n"
            "log(`${hit()} ${hit_total()}`);");
  CHECK_LOG("1 3\n");
  CHECK_INT(3, made);
}

TEST(runtimes_have_their_own)
{
  tenon_runtime *a = runtime(), *b = runtime();
  const char *source = "import { log } from 'test';\n"
                       "import { hit, hit_total } from 'm';\n"
                       "log(`${hit()} ${hit_total()}`);";

  t_run(a, source);
  t_run(a, source);
  t_run(b, source);
  CHECK_LOG("1 1\n2 2\n1 1\n");
}

/* --- Whose it is -------------------------------------------------------------------------- */

TENON_CALLBACK(i64, ask)

TENON_FUNCTION(str, around, (ask, f))
{
  cache *before = cache_state(), *behind;
  int64_t r = 0;

  if (ask_call(f, &r)) return tenon_str_of("failed");
  behind = cache_state();
  return tenon_str_of(before == behind ? "same" : "other");
}

TEST(it_is_that_of_the_function_and_not_of_the_caller)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm = new_realm(rt);
  napi_env env = tenon_runtime_env(rt);
  napi_value global, f;

  CHECK_INT(0, tenon_realm_enter(realm));
  CHECK_INT(napi_ok, napi_get_global(env, &global));
  CHECK_INT(napi_ok, napi_get_named_property(env, global, "hit", &f));
  CHECK_INT(0, tenon_realm_leave(realm));
  CHECK_INT(napi_ok, napi_get_global(env, &global));
  CHECK_INT(napi_ok, napi_set_named_property(env, global, "theirs", f));
  t_run(rt, "import { log } from 'test'; import { hit, around } from 'm';\n"
            "hit(); hit();\n"
            "log(`${theirs()} ${hit()} ${theirs()}`);\n"
            "log(around(() => theirs()));\n"
            "log(`${theirs.call(globalThis)} ${hit()}`);");
  CHECK_LOG("1 3 2\nsame\n4 4\n");
}

TEST(there_is_none_outside_of_a_call)
{
  tenon_runtime *rt = runtime();

  CHECK(cache_state() == NULL && total_state() == NULL);
  t_run(rt, "import { hit } from 'm'; hit();");
  CHECK(cache_state() == NULL);
}

TEST(off_the_loop_a_call_that_asks_fails)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { hit, hit_total } from 'm';\n"
            "hit();\n"
            "for (const f of [hit, hit_total])\n"
            "  await f.async().catch((e) => log(e.message));");
  CHECK_LOG("cache: its state is there in functions on the loop only\n"
            "total: its state is there in functions on the loop only\n");
}

/* --- Failing to be made ------------------------------------------------------------------ */

typedef struct picky {
  int at;
} picky;

static int wish;

static int picky_init(picky *p)
{
  made++;
  p->at = made;
  if (wish == 1) return tenon_fail(TENON_RANGE_ERROR, "picky today"), -1;
  if (wish == 2) return -1;
  if (wish == 3) return tenon_fail(TENON_RANGE_ERROR, "picky, says 0"), 0;
  return 0;
}

static void picky_release(picky *p)
{
  (void)p;
  ended++;
}

TENON_STATE(realm, picky, picky_init, picky_release)

static int zero(void)
{
  return 0;
}

TENON_FUNCTION(i32, pick, (i32, how))
{
  picky *p;

  wish = how;
  p = picky_state();
  if (!p) return (int32_t)zero();
  return p->at;
}

TENON_FUNCTION(i32, pick_again, (i32, how))
{
  wish = how;
  if (!picky_state() && tenon_recover()) wish = 0;
  return picky_state() ? picky_state()->at : -1;
}

TENON_FUNCTION(i32, fail_before)
{
  wish = 0;
  tenon_fail(TENON_ERROR, "failed before");
  return picky_state() ? 1 : 2;
}

TEST(a_call_fails_by_what_its_state_failed_by_and_the_next_one_begins_anew)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import * as m from 'm';\n"
            "for (const how of [1, 2, 3])\n"
            "  try { m.pick(how); } catch (e) { log(`${e}`); }\n"
            "log(`${m.pick(0)} ${m.pick(1)}`);");
  CHECK_LOG("RangeError: picky today\nInternalError: out of memory\n"
            "RangeError: picky, says 0\n4 4\n");
  t_free(rt);
  CHECK_INT(4, made);
  CHECK_INT(1, ended);
}

TEST(a_function_may_recover_from_the_lack_of_its_state)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import * as m from 'm';\n"
            "log(`${m.pick_again(1)}`);");
  CHECK_LOG("2\n");
}

TEST(a_call_that_has_failed_before_still_gets_its_state)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import * as m from 'm';\n"
            "try { m.fail_before(); } catch (e) { log(e.message); }\n"
            "log(`${m.pick(1)}`);");
  CHECK_LOG("failed before\n1\n");
}

typedef struct large {
  char bytes[1 << 20];
} large;

TENON_STATE(runtime, large, NULL, NULL)

TENON_FUNCTION(bool, get_large)
{
  return large_state() != NULL;
}

TEST(a_state_counts_against_the_memory_limit)
{
  tenon_options options = {.size = sizeof options,
                           .memory_limit_bytes = 1 << 20};
  tenon_runtime *rt;

  CHECK_INT(0, t_runtime_new(&options, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "m", M));
  CHECK_THROWS(rt, "out of memory",
               "import { get_large } from 'm'; get_large();");
  rt = runtime();
  t_run(rt, "import { log } from 'test'; import { get_large } from 'm';\n"
            "log(`${get_large()} ${get_large()}`);");
  CHECK_LOG("true true\n");
  CHECK(tenon_runtime_memory(rt).used_bytes > 1 << 20);
}

/* --- Within each other --------------------------------------------------------------------- */

typedef struct knot {
  int n;
} knot;

static int knot_init(knot *k);

TENON_STATE(realm, knot, knot_init, NULL)

static int knot_init(knot *k)
{
  made++;
  k->n = made;
  return knot_state() ? 0 : -1;
}

TENON_FUNCTION(i32, tie)
{
  return knot_state() ? 1 : 2;
}

TEST(one_that_asks_for_itself_fails_and_does_not_hang)
{
  tenon_runtime *rt = runtime();

  CHECK_THROWS(rt, "Error: knot: its state is being made",
               "import { tie } from 'm'; tie();");
  CHECK_INT(1, made);
}

typedef struct first {
  char name;
} first;
typedef struct second {
  first *first;
} second;
typedef struct third {
  second *second;
} third;

static void first_release(first *f)
{
  (void)f;
  strcat(order, "1");
}

static void second_release(second *s)
{
  if (s->first->name == 'f') strcat(order, "2");
}

static void third_release(third *t)
{
  if (t->second->first->name == 'f') strcat(order, "3");
}

static int first_init(first *f)
{
  f->name = 'f';
  return 0;
}

TENON_STATE(runtime, first, first_init, first_release)

static int second_init(second *s)
{
  s->first = first_state();
  return s->first ? 0 : -1;
}

TENON_STATE(runtime, second, second_init, second_release)

static int third_init(third *t)
{
  t->second = second_state();
  return t->second ? 0 : -1;
}

TENON_STATE(realm, third, third_init, third_release)

TENON_FUNCTION(bool, get_third)
{
  return third_state() != NULL;
}

TEST(what_a_state_has_asked_for_ends_behind_it)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { get_third, hit, hit_total } from 'm';\n"
            "hit_total(); get_third(); hit();");
  t_free(rt);
  CHECK_TEXT("c321t", order);
}

/* Runs a script, which calls back. */
typedef struct scripted {
  int n;
} scripted;

static int scripted_init(scripted *s)
{
  napi_env env = tenon_env();
  napi_value global, f, r;

  s->n = 5;
  if (napi_get_global(env, &global) ||
      napi_get_named_property(env, global, "setup", &f) ||
      napi_call_function(env, global, f, 0, NULL, &r))
    return tenon_fail(TENON_ERROR, "not set up"), -1;
  return 0;
}

TENON_STATE(realm, scripted, scripted_init, NULL)

TENON_FUNCTION(i32, get_scripted)
{
  return scripted_state() ? scripted_state()->n : 0;
}

TEST(an_initializer_may_run_scripts_that_ask_for_others_and_the_same)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test';\n"
            "import { get_scripted, hit } from 'm';\n"
            "globalThis.setup = () => { log(`${hit()}`);\n"
            "  try { get_scripted(); } catch (e) { log(e.message); } };\n"
            "log(`${get_scripted()}`);\n"
            "setup = () => { throw 1; }; log(`${get_scripted()}`);");
  CHECK_LOG("1\nscripted: its state is being made\n5\n5\n");
}

/* --- Its end ---------------------------------------------------------------------------------- */

TEST(the_state_of_a_realm_ends_when_nothing_of_that_is_left)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm = new_realm(rt);

  CHECK_INT(0, eval(realm, "hit();"));
  t_run(rt, "import { hit } from 'm'; hit();");
  CHECK_INT(0, tenon_realm_free(realm));
  tenon_runtime_collect(rt);
  t_run(rt, "1;");
  CHECK_INT(1, ended);
  t_free(rt);
  CHECK_INT(2, ended);
}

TEST(the_functions_of_a_realm_that_was_freed_have_its_state)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm = new_realm(rt);
  napi_env env = tenon_runtime_env(rt);
  napi_value global, f;
  napi_handle_scope scope;

  CHECK_INT(napi_ok, napi_open_handle_scope(env, &scope));
  CHECK_INT(0, tenon_realm_enter(realm));
  CHECK_INT(napi_ok, napi_get_global(env, &global));
  CHECK_INT(napi_ok, napi_get_named_property(env, global, "hit", &f));
  CHECK_INT(0, tenon_realm_leave(realm));
  CHECK_INT(napi_ok, napi_get_global(env, &global));
  CHECK_INT(napi_ok, napi_set_named_property(env, global, "theirs", f));
  CHECK_INT(napi_ok, napi_close_handle_scope(env, scope));
  CHECK_INT(0, tenon_realm_free(realm));
  t_run(rt, "import { log } from 'test'; log(`${theirs()} ${theirs()}`);");
  CHECK_LOG("1 2\n");
  CHECK_INT(0, ended);
  t_run(rt, "theirs = null;");
  tenon_runtime_collect(rt);
  t_run(rt, "1;");
  CHECK_INT(1, ended);
}

/* Keeps what can be kept, and lets go of it at the very end. */
typedef struct keeper {
  ask *callback;
  tenon_persistent *value;
} keeper;

static void keeper_release(keeper *k)
{
  int64_t r;

  CHECK(cache_state() == NULL);
  CHECK(ask_call(k->callback, &r) != 0);
  tenon_callback_release(k->callback);
  tenon_persistent_free(k->value);
  CHECK(tenon_alloc(10) != NULL);
  tenon_fail(TENON_ERROR, "is dropped");
  strcat(order, "k");
}

TENON_STATE(runtime, keeper, NULL, keeper_release)

typedef struct local_keeper {
  ask *callback;
} local_keeper;

static void local_keeper_release(local_keeper *k)
{
  tenon_callback_release(k->callback);
  strcat(order, "l");
}

TENON_STATE(realm, local_keeper, NULL, local_keeper_release)

TENON_FUNCTION(i32, keep, (ask, f), (any, v))
{
  keeper *k = keeper_state();
  local_keeper *l = local_keeper_state();

  if (!k || !l) return -1;
  k->callback = ask_keep(f);
  l->callback = ask_keep(f);
  return tenon_persistent_new(tenon_env(), v, &k->value);
}

TEST(callbacks_and_values_are_let_go_of_when_the_state_ends)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { keep } from 'm';\n"
            "const o = {}; if (keep(() => o, o)) throw 1;");
  t_free(rt);
  CHECK_TEXT("lk", order);
}

TEST(a_realm_lets_go_of_a_callback_while_the_runtime_goes_on)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm = new_realm(rt);

  CHECK_INT(0, eval(realm, "keep(Math.random, 1);"));
  t_run(rt, "1;");
  CHECK_INT(0, tenon_realm_free(realm));
  t_free(rt);
  CHECK_TEXT("lk", order);
}

typedef struct asker {
  char c;
} asker;

static void asker_release(asker *a)
{
  (void)a;
  strcat(order, third_state() || first_state() ? "!" : "a");
}

TENON_STATE(realm, asker, NULL, asker_release)

TENON_FUNCTION(bool, get_asker)
{
  return asker_state() && third_state();
}

TEST(what_ends_something_asks_for_no_state)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm = new_realm(rt);

  CHECK_INT(0, eval(realm, "get_asker();"));
  CHECK_INT(0, tenon_realm_free(realm));
  tenon_runtime_collect(rt);
  t_run(rt, "1;");
  CHECK_TEXT("3a", order);
}

/* --- Together with functions that have their own --------------------------------------------- */

TENON_CLOSURE(i64, char, counted)
{
  cache *c = cache_state();

  return c ? c->hits += (unsigned char)*state : -1;
}

static void end_counted(void *p)
{
  (void)p;
  strcat(order, "f");
}

TENON_FUNCTION(any, make_counted)
{
  static char by = 10;

  return counted_new(&by, end_counted);
}

TEST(functions_end_before_their_realm_and_that_before_the_runtime)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test';\n"
            "import { make_counted, hit, hit_total } from 'm';\n"
            "hit(); hit_total(); globalThis.f = make_counted();\n"
            "log(`${f()} ${f()}`);");
  CHECK_LOG("11 21\n");
  t_free(rt);
  CHECK_TEXT("fct", order);
}

TEST(a_realm_that_is_collected_as_a_whole_ends_in_the_same_order)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm = new_realm(rt);

  CHECK_INT(0, eval(realm, "hit(); globalThis.f = make_counted(); f.f = f;"));
  CHECK_INT(0, tenon_realm_free(realm));
  tenon_runtime_collect(rt);
  t_run(rt, "1;");
  CHECK_TEXT("fc", order);
}

/* --- Hosts -------------------------------------------------------------------------------------- */

TEST(a_host_sets_up_what_functions_find)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm = new_realm(rt);
  void *found, *again;

  CHECK_INT(0, tenon_runtime_state(rt, TENON_STATE_TYPE(total), &found));
  ((total *)found)->hits = 40;
  CHECK_INT(0, tenon_runtime_state(rt, TENON_STATE_TYPE(total), &again));
  CHECK(found == again);
  CHECK_INT(0, tenon_realm_state(realm, TENON_STATE_TYPE(cache), &found));
  ((cache *)found)->hits = 7;
  CHECK_INT(0, tenon_realm_state(tenon_runtime_realm(rt),
                                 TENON_STATE_TYPE(cache), &again));
  CHECK(found != again && ((cache *)again)->hits == 0);
  CHECK_INT(0, eval(realm, "if (hit() !== 8 || hit_total() !== 41) throw 1;"));
}

static void ask_elsewhere(void *p)
{
  void *found = p;

  CHECK_INT(TENON_ETHREAD,
            tenon_runtime_state(p, TENON_STATE_TYPE(total), &found));
  CHECK(found == NULL);
}

TEST(a_host_that_asks_wrongly_is_refused)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm = new_realm(rt), *mine = tenon_runtime_realm(rt);
  tenon_state_type bad = *TENON_STATE_TYPE(total);
  void *found = &bad;

  CHECK_INT(TENON_EINVAL,
            tenon_runtime_state(NULL, TENON_STATE_TYPE(total), &found));
  CHECK(found == NULL);
  CHECK_INT(TENON_EINVAL, tenon_runtime_state(rt, NULL, &found));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_state(rt, TENON_STATE_TYPE(total), NULL));
  CHECK_INT(TENON_EINVAL,
            tenon_runtime_state(rt, TENON_STATE_TYPE(cache), &found));
  CHECK_INT(TENON_EINVAL,
            tenon_realm_state(mine, TENON_STATE_TYPE(total), &found));
  CHECK_INT(TENON_EINVAL,
            tenon_realm_state(NULL, TENON_STATE_TYPE(cache), &found));
  bad.size = 8;
  CHECK_INT(TENON_EINVAL, tenon_runtime_state(rt, &bad, &found));
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK_INT(TENON_EINVAL,
            tenon_realm_state(realm, TENON_STATE_TYPE(cache), &found));
  t_elsewhere(ask_elsewhere, rt);
  CHECK_INT(0, made);
}

TEST(a_host_is_told_what_the_initializer_failed_by)
{
  tenon_runtime *rt = runtime();
  tenon_realm *realm = tenon_runtime_realm(rt);
  void *found = rt;

  wish = 1;
  CHECK_INT(TENON_EEXCEPTION,
            tenon_realm_state(realm, TENON_STATE_TYPE(picky), &found));
  CHECK(found == NULL);
  CHECK(strstr(tenon_runtime_exception(rt), "RangeError: picky today"));
  wish = 0;
  CHECK_INT(0, tenon_realm_state(realm, TENON_STATE_TYPE(picky), &found));
  CHECK(found != NULL);
}

TEST(a_host_does_not_get_one_of_a_program_that_was_ended)
{
  tenon_runtime *rt = runtime();
  void *found = rt;

  tenon_runtime_terminate(rt);
  CHECK_INT(TENON_ETERMINATED,
            tenon_runtime_state(rt, TENON_STATE_TYPE(total), &found));
  CHECK(found == NULL);
}
