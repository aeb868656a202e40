/* Realms that end: in use, with things in flight, in any order, many of them,
 * and for a lack of memory. */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "harness.h"

#include <tenon/export.h>
#include <uv.h>

#include "base/alloc.h"
#include "napi.h"

TENON_MODULE_THREADS(any);

static tenon_realm *subject;
static int freed_as;
static tenon_deferred *held;
static int told;
static sem_t may_end;

TENON_FUNCTION(i32, free_subject)
{
  freed_as = tenon_realm_free(subject);
  return freed_as;
}

static void on_close(tenon_deferred *d, void *p)
{
  told++;
  *(int *)p = tenon_deferred_reject(d, TENON_ERROR, "closed");
}

static int rejected_as;

TENON_ASYNC(i32, later)
{
  held = deferred;
  tenon_deferred_on_close(deferred, on_close, &rejected_as);
}

TENON_ASYNC(i32, later_untold)
{
  held = deferred;
}

TENON_BLOCKING(i32, slow)
{
  sem_wait(&may_end);
  return 1;
}

TENON_GETTER(i32, got)
{
  return 5;
}

static tenon_realm *make(tenon_runtime *rt)
{
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  return realm;
}

static tenon_runtime *start(void)
{
  tenon_runtime *rt = t_runtime();

  subject = NULL;
  held = NULL;
  told = 0;
  freed_as = rejected_as = 99;
  CHECK_INT(0, tenon_runtime_add_module(rt, "m", tenon_module_v1));
  t_run(rt, "import { log } from 'test'; globalThis.log = log;");
  return rt;
}

static int eval_in(tenon_realm *realm, const char *source)
{
  return tenon_realm_eval_module(realm, source, strlen(source), "realm.js");
}

static void run_in(tenon_realm *realm, const char *source)
{
  int r = eval_in(realm, source);

  if (r)
    fail_msg("%s: %s", tenon_error_name(r),
             tenon_runtime_exception(tenon_realm_runtime(realm)));
}

/* Gives `to` the global object of `from` as globalThis[name]. */
static void hand(tenon_realm *from, tenon_realm *to, const char *name)
{
  napi_env env = tenon_runtime_env(tenon_realm_runtime(from));
  napi_handle_scope scope;
  napi_value its, ours;

  napi_open_handle_scope(env, &scope);
  CHECK_INT(0, tenon_realm_enter(from));
  CHECK_INT(napi_ok, napi_get_global(env, &its));
  CHECK_INT(0, tenon_realm_leave(from));
  CHECK_INT(0, tenon_realm_enter(to));
  CHECK_INT(napi_ok, napi_get_global(env, &ours));
  CHECK_INT(napi_ok, napi_set_named_property(env, ours, name, its));
  CHECK_INT(0, tenon_realm_leave(to));
  napi_close_handle_scope(env, scope);
}

/* --- Wrong callers ------------------------------------------------------------------------ */

TEST(a_realm_that_was_freed_is_refused)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt);

  CHECK_INT(0, tenon_realm_free(a));
  CHECK_INT(TENON_EINVAL, tenon_realm_free(a));
  CHECK_INT(TENON_EINVAL, eval_in(a, ""));
  CHECK_INT(TENON_EINVAL, tenon_realm_eval_script(a, "", 0, NULL));
  CHECK_INT(TENON_EINVAL, tenon_realm_enter(a));
  CHECK_INT(TENON_EINVAL, tenon_realm_leave(a));
  CHECK_INT(TENON_EINVAL, tenon_realm_add_globals(a, tenon_module_v1));
  CHECK_INT(TENON_EINVAL,
            tenon_realm_run_glue(a, tenon_module_v1, "0", 1, NULL));
  CHECK(tenon_realm_runtime(a) == NULL);
  CHECK_INT(0, tenon_realm_free(NULL));
}

static tenon_runtime *owner;

static void *from_another_thread(void *p)
{
  tenon_realm *realm = p, *out;

  return (void *)(intptr_t)(tenon_realm_free(realm) == TENON_ETHREAD &&
                            tenon_realm_eval_script(realm, "", 0, NULL) ==
                                TENON_ETHREAD &&
                            tenon_realm_enter(realm) == TENON_ETHREAD &&
                            tenon_realm_leave(realm) == TENON_ETHREAD &&
                            tenon_realm_add_globals(realm, tenon_module_v1) ==
                                TENON_ETHREAD &&
                            tenon_realm_new(owner, NULL, &out) ==
                                TENON_ETHREAD &&
                            tenon_realm_runtime(realm) == NULL);
}

TEST(another_thread_is_refused)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt);
  pthread_t thread;
  void *right = NULL;

  owner = rt;
  pthread_create(&thread, NULL, from_another_thread, a);
  pthread_join(thread, &right);
  CHECK(right != NULL);
  CHECK_INT(0, tenon_realm_free(a));
}

TEST(a_realm_whose_code_is_on_the_stack_is_busy)
{
  tenon_runtime *rt = start();
  tenon_realm *main = tenon_runtime_realm(rt);

  subject = make(rt);
  run_in(subject, "import { free_subject } from 'm';\n"
                  "globalThis.direct = () => free_subject();\n"
                  "globalThis.sort = () => [1, 2].sort(() => main.free());\n"
                  "globalThis.bound = free_subject.bind(null);\n"
                  "globalThis.generator = function* () { main.free(); };\n"
                  "free_subject();");
  CHECK_INT(TENON_EBUSY, freed_as);
  hand(subject, main, "a");
  t_run(rt,
        "import { free_subject } from 'm'; globalThis.free = free_subject;");
  hand(main, subject, "main");
  t_run(rt, "for (const f of [a.direct, a.sort, a.bound])\n"
            "  log(`${f()}`);\n"
            "[...a.generator()]; [1].map(a.direct); a.Reflect.apply(free, null,"
            " []);");
  CHECK_INT(TENON_EBUSY, freed_as);
  CHECK_LOG("-5005\n1,2\n-5005\n");
  t_run(rt, "free();");
  CHECK_INT(0, freed_as);
}

TEST(a_realm_is_freed_by_a_function_of_another)
{
  tenon_runtime *rt = start();

  subject = make(rt);
  hand(subject, tenon_runtime_realm(rt), "a");
  t_run(rt, "import { free_subject } from 'm';\n"
            "const { Array, Error } = a; delete globalThis.a;\n"
            "log(`${free_subject()}`); log(`${new Array(3).length}`);\n"
            "log(`${new Error('e')}`);");
  CHECK_LOG("0\n3\nError: e\n");
}

static void freeing(napi_env env, void *data, void *hint)
{
  (void)env;
  (void)hint;
  *(int *)data = tenon_realm_free(subject);
}

TEST(a_realm_is_freed_by_a_finalizer)
{
  tenon_runtime *rt = start();
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value v;

  subject = make(rt);
  CHECK_INT(0, tenon_realm_enter(subject));
  napi_open_handle_scope(env, &scope);
  CHECK_INT(napi_ok, napi_create_external(env, &freed_as, freeing, NULL, &v));
  napi_close_handle_scope(env, scope);
  CHECK_INT(0, tenon_realm_leave(subject));
  tenon_runtime_collect(rt);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(0, freed_as);
}

TEST(a_job_frees_the_realm_that_the_host_evaluates_in)
{
  tenon_runtime *rt = start();

  subject = make(rt);
  t_run(rt,
        "import { free_subject } from 'm'; globalThis.free = free_subject;");
  hand(tenon_runtime_realm(rt), subject, "main");
  CHECK_INT(0, eval_in(subject, "main.queueMicrotask(main.free);"));
  CHECK_INT(0, freed_as);
  CHECK_INT(0, tenon_runtime_run(rt));
}

/* --- What outlives it --------------------------------------------------------------------- */

TEST(objects_and_functions_of_a_freed_realm_are_usable)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt);

  run_in(a, "import m, { slow } from 'm';\n"
            "let n = 0; var self = globalThis;\n"
            "globalThis.f = function () { n++; return [n, self.Math.PI > 3,\n"
            "  slow.name, m.got, new Map([[1, n]]).get(1)].join(); };\n"
            "globalThis.later = async (x) => { await x; return n; };\n"
            "globalThis.list = [1, 2]; globalThis.re = /x(.)/;\n"
            "globalThis.show = (v) => console.log.name + JSON.stringify(v);\n"
            "globalThis.registry = new FinalizationRegistry(() => {});\n"
            "globalThis.lazy = globalThis;");
  hand(a, tenon_runtime_realm(rt), "a");
  t_run(rt,
        "const { f, later, list, re, show, registry, Proxy } = a;\n"
        "Object.assign(globalThis, { f, later, list, re, show, registry });"
        "\nglobalThis.proxy = new Proxy({ a: 1 }, {}); delete globalThis.a;");
  CHECK_INT(0, tenon_realm_free(a));
  tenon_runtime_collect(rt);
  t_run(rt, "log(f()); log(f()); log(`${list.map((x) => x + 1)}`);\n"
            "log(`${re.exec('xy')[1]} ${show([1])} ${await later(1)}`);\n"
            "log(`${proxy.a}`);\n"
            "Object.setPrototypeOf(registry, null);\n"
            "FinalizationRegistry.prototype.register.call(registry, {}, 1);");
  CHECK_LOG("1,true,slow,5,1\n2,true,slow,5,2\n2,3\ny log[1] 2\n1\n");
  t_run(rt, "for (const k of ['f', 'later', 'list', 're', 'show', 'proxy'])\n"
            "  delete globalThis[k];");
  tenon_runtime_collect(rt);
  t_run(rt, "Object.getPrototypeOf(registry) === null || log('?');\n"
            "FinalizationRegistry.prototype.register.call(registry, {}, 1);");
}

TEST(what_a_freed_realm_would_begin_is_refused)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt);

  run_in(a, "import { later, slow, free_subject } from 'm';\n"
            "globalThis.later = later; globalThis.slow = slow;\n"
            "globalThis.twin = free_subject.async;\n"
            "globalThis.load = (s) => import(s);");
  hand(a, tenon_runtime_realm(rt), "a");
  CHECK_INT(0, tenon_realm_free(a));
  t_run(rt, "for (const f of [a.later, a.slow, a.twin])\n"
            "  await f().catch((e) => log(`${e.name}: ${e.message}`));\n"
            "a.setTimeout(() => log('never'), 0);\n"
            "a.setInterval(() => log('never'), 0); a.clearTimeout(1);\n"
            "log(`${(await a.load('test')).log.name}`);");
  CHECK_LOG("Error: later: its realm was freed\n"
            "Error: slow: its realm was freed\n"
            "Error: free_subject: its realm was freed\nlog\n");
}

TEST(errors_of_a_freed_realm_are_the_hosts)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt);

  run_in(a, "addEventListener('error', (e) => e.preventDefault());\n"
            "onunhandledrejection = () => false;\n"
            "globalThis.fail = () => { throw new Error('late'); };");
  hand(a, tenon_runtime_realm(rt), "a");
  t_run(rt, "globalThis.fail = a.fail; delete globalThis.a;");
  CHECK_INT(0, tenon_realm_free(a));
  CHECK_THROWS(rt, "Error: late", "setTimeout(fail);");
}

/* --- What is in flight -------------------------------------------------------------------- */

TEST(timers_of_a_freed_realm_stop)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt), *b = make(rt);

  hand(tenon_runtime_realm(rt), a, "main");
  hand(tenon_runtime_realm(rt), b, "main");
  run_in(a, "setTimeout(() => main.log('a'), 1, {}); setInterval(() =>\n"
            "  main.log('a'), 1); setTimeout(() => {}, 1e6);");
  run_in(b, "setTimeout(() => main.log('b'), 5);");
  CHECK_INT(0, tenon_realm_free(a));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("b\n");
}

TEST(a_timer_frees_its_own_realm_by_a_function_of_another)
{
  tenon_runtime *rt = start();

  subject = make(rt);
  hand(subject, tenon_runtime_realm(rt), "a");
  t_run(rt, "import { free_subject } from 'm';\n"
            "a.setInterval(() => { free_subject(); }, 1, {}, 2);\n"
            "delete globalThis.a;");
  CHECK_INT(0, freed_as);
}

TEST(a_deferred_of_a_freed_realm_is_told)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt);

  hand(tenon_runtime_realm(rt), a, "main");
  run_in(a, "import { later } from 'm';\n"
            "later().then(main.log, main.log); later().finally(main.log);");
  CHECK_INT(0, tenon_realm_free(a));
  CHECK_INT(2, told);
  CHECK_INT(TENON_ECLOSING, rejected_as);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("");
}

TEST(a_deferred_of_another_realm_goes_on)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt), *b = make(rt);

  hand(tenon_runtime_realm(rt), b, "main");
  run_in(b,
         "import { later } from 'm'; later().then((n) => main.log(`${n}`));");
  CHECK_INT(0, tenon_realm_free(a));
  CHECK_INT(0, told);
  CHECK_INT(0, TENON_RESOLVE(later, held, 7));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("7\n");
}

TEST(a_deferred_is_settled_after_its_realm_was_freed)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt);

  run_in(a, "import { later_untold } from 'm'; later_untold();");
  CHECK_INT(0, tenon_realm_free(a));
  CHECK_INT(0, told);
  CHECK_INT(TENON_ECLOSING, TENON_RESOLVE(later_untold, held, 7));
  CHECK_INT(0, tenon_runtime_run(rt));
}

static void *settle_there(void *d)
{
  return (void *)(intptr_t)TENON_RESOLVE(later_untold, (tenon_deferred *)d, 7);
}

TEST(another_thread_settles_before_and_after_its_realm_was_freed)
{
  tenon_runtime *rt = start();
  tenon_realm *a;
  pthread_t thread;
  void *r;
  int after;

  for (after = 0; after < 2; after++) {
    a = make(rt);
    hand(tenon_runtime_realm(rt), a, "main");
    run_in(a, "import { later_untold } from 'm';\n"
              "later_untold().then(() => main.log('settled'));");
    if (after) CHECK_INT(0, tenon_realm_free(a));
    pthread_create(&thread, NULL, settle_there, held);
    pthread_join(thread, &r);
    CHECK_INT(after ? TENON_ECLOSING : 0, (intptr_t)r);
    if (!after) CHECK_INT(0, tenon_realm_free(a));
    CHECK_INT(0, tenon_runtime_run(rt));
    CHECK_LOG("");
  }
}

TEST(work_of_a_freed_realm_gives_no_result)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt);
  int i;

  sem_init(&may_end, 0, 0);
  hand(tenon_runtime_realm(rt), a, "main");
  run_in(a, "import { slow } from 'm';\n"
            "for (let i = 0; i < 20; i++)\n"
            "  slow().then(() => main.log('done'), () => main.log('failed'));");
  CHECK_INT(0, tenon_realm_free(a));
  for (i = 0; i < 20; i++)
    sem_post(&may_end);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("");
  sem_destroy(&may_end);
}

TEST(a_module_waits_for_a_promise_of_another_realm_when_its_own_is_freed)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt);

  t_run(rt, "globalThis.p = new Promise((f) => { globalThis.go = f; });");
  hand(tenon_runtime_realm(rt), a, "main");
  CHECK_INT(0, eval_in(a, "await main.p; main.log('went on');"));
  CHECK_INT(0, tenon_realm_free(a));
  tenon_runtime_collect(rt);
  t_run(rt, "go();");
  /* Its code goes on, as any function that a promise holds. */
  CHECK_LOG("went on\n");
}

/* --- Callbacks ------------------------------------------------------------------------------ */

TENON_CALLBACK(i32, ask, (i32, n))

static ask *kept;

TENON_FUNCTION(none, keep, (ask, f))
{
  kept = ask_keep(f);
  CHECK_INT(0, tenon_callback_hold(kept, true));
}

TENON_FUNCTION(none, drop)
{
  tenon_callback_release(kept);
  kept = NULL;
}

static void *post_later(void *p)
{
  usleep(30000);
  return (void *)(intptr_t)ask_post(p, 1);
}

TEST(a_kept_callback_of_a_freed_realm_does_not_hold_the_loop)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt);

  run_in(a, "import { keep } from 'm'; keep((n) => n + 1);");
  CHECK_INT(0, tenon_realm_free(a));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(TENON_ECLOSING, tenon_callback_hold(kept, true));
  CHECK_INT(0, tenon_callback_hold(kept, false));
  CHECK_INT(0, tenon_runtime_run(rt));
  tenon_callback_release(kept);
}

TEST(a_kept_callback_of_another_realm_goes_on_holding_it)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt), *b = make(rt);
  pthread_t thread;
  void *r;
  ask *gone;

  hand(tenon_runtime_realm(rt), b, "main");
  run_in(a, "import { keep } from 'm'; keep(() => 1);");
  gone = kept;
  run_in(b, "import { keep, drop } from 'm';\n"
            "keep(() => { main.log('called'); drop(); return 1; });");
  CHECK_INT(0, tenon_realm_free(a));
  pthread_create(&thread, NULL, post_later, kept);
  CHECK_INT(0, tenon_runtime_run(rt));
  pthread_join(thread, &r);
  CHECK_INT(0, (intptr_t)r);
  CHECK_LOG("called\n");
  tenon_callback_release(gone);
}

static int answer;

static void *ask_and_wait(void *p)
{
  int32_t r = 7;
  int code = ask_await(p, &r, 1);

  answer = r;
  return (void *)(intptr_t)code;
}

TEST(a_thread_that_awaits_a_callback_of_a_freed_realm_is_told)
{
  tenon_runtime *rt = start();
  pthread_t thread;
  void *r;

  subject = make(rt);
  t_run(rt, "import { free_subject } from 'm';\n"
            "globalThis.end = () => setTimeout(free_subject, 1);");
  hand(tenon_runtime_realm(rt), subject, "main");
  run_in(subject, "import { keep } from 'm';\n"
                  "keep(() => { main.end(); return new Promise(() => {}); });");
  pthread_create(&thread, NULL, ask_and_wait, kept);
  CHECK_INT(0, tenon_runtime_run(rt));
  pthread_join(thread, &r);
  CHECK_INT(0, freed_as);
  CHECK_INT(TENON_ECLOSING, (intptr_t)r);
  CHECK_INT(0, answer);
  tenon_callback_release(kept);
}

/* --- The end of the runtime ----------------------------------------------------------------- */

TEST(realms_end_with_their_runtime)
{
  tenon_runtime *rt = start();
  tenon_realm *a = make(rt), *b = make(rt), *c = make(rt);

  hand(a, b, "a");
  hand(b, a, "b");
  hand(c, tenon_runtime_realm(rt), "c");
  hand(tenon_runtime_realm(rt), c, "main");
  run_in(a, "import { later } from 'm'; later(); setTimeout(() => {}, 1e6);\n"
            "console.log; new Event('x'); Promise.reject(b);\n"
            "addEventListener('unhandledrejection', (e) =>\n"
            "  e.preventDefault());");
  CHECK_INT(0, tenon_realm_free(c));
  t_free(rt);
  CHECK_INT(1, told);
}

TEST(a_realm_is_freed_while_scripts_run_and_then_the_runtime)
{
  tenon_runtime *rt = start();

  subject = make(rt);
  t_run(rt, "import { free_subject } from 'm'; free_subject();");
  CHECK_INT(0, freed_as);
  t_free(rt);
}

/* --- Many ------------------------------------------------------------------------------------ */

TEST(ten_thousand_realms_leave_nothing)
{
  tenon_runtime *rt = start();
  tenon_realm *main = tenon_runtime_realm(rt);
  size_t before = 0, after;
  int i, most = getenv("TENON_OOM_SAMPLE") ? 300 : 10000;

  for (i = 0; i < most; i++) {
    tenon_realm *a = make(rt);
    CHECK_INT(0, tenon_realm_add_globals(a, tenon_module_v1));
    hand(main, a, "main");
    hand(a, main, "a");
    run_in(a, "import m from 'm'; class A { static x = m; }\n"
              "globalThis.A = A; setTimeout(() => {}, 1e6);\n"
              "const e = new Event('x'); console.log;");
    CHECK_INT(0, tenon_realm_free(a));
    if (i == most / 5) {
      tenon_runtime_collect(rt);
      before = tenon_runtime_memory(rt).used_bytes;
    }
  }
  tenon_runtime_collect(rt);
  after = tenon_runtime_memory(rt).used_bytes;
  if (after > before + before / 50)
    fail_msg("%zu bytes, then %zu", before, after);
}

TEST(cycles_across_realms_are_collected)
{
  tenon_runtime *rt = start();
  size_t before, after;
  int i;

  tenon_runtime_collect(rt);
  for (i = 0; i < 20; i++) {
    tenon_realm *a = make(rt), *b = make(rt);
    hand(a, b, "a");
    hand(b, a, "b");
    run_in(a, "b.f = () => globalThis; b.x = class extends b.Array {};\n"
              "console.log;");
    run_in(
        b,
        "a.f = (async () => { await new Promise(() => {}); f; })();\n"
        "a.g = new WeakMap([[a, globalThis]]); new FinalizationRegistry(() => {})"
        "\n.register(a, globalThis);");
    CHECK_INT(0, tenon_realm_free(i % 2 ? a : b));
    CHECK_INT(0, tenon_realm_free(i % 2 ? b : a));
    tenon_runtime_collect(rt);
    if (i == 3) before = tenon_runtime_memory(rt).used_bytes;
  }
  after = tenon_runtime_memory(rt).used_bytes;
  if (after > before + before / 100)
    fail_msg("%zu bytes, then %zu", before, after);
}

/* --- What is left out ------------------------------------------------------------------------- */

/* Every pair of flags, alone and as the only ones there: none of it may crash
 * what runs. */
static const char everything[] =
    "const attempts = [() => eval('1'), () => new Date(), () => /a(b)/.exec('ab')"
    ",\n"
    "  () => 'abc'.match('b'), () => 'a-b'.replaceAll('-', ''),\n"
    "  () => 'a'.search('a'), () => [...'a'.matchAll('a')], () => 'b'.split('b'),"
    "\n"
    "  () => JSON.parse('{}'), () => new Proxy({}, {}), () => new Map([[1, 2]]),\n"
    "  () => Object.groupBy([1], (x) => x), () => Map.groupBy([1], (x) => x),\n"
    "  () => new Set([1]).union(new Set()), () => new Uint8Array(3).map((x) => x),"
    "\n"
    "  () => new ArrayBuffer(8, { maxByteLength: 9 }), () => Atomics.load,\n"
    "  () => Promise.resolve(1).then(() => 2), () => new WeakRef({}),\n"
    "  () => (async () => { await 1; for await (const x of [1]); })(),\n"
    "  () => (async function* () { yield 1; })().next(), () => import('test'),\n"
    "  () => (function* () { yield* [1]; })().next(), () => atob('?'),\n"
    "  () => Array.fromAsync([1]), () => new DOMException('a'), () => btoa('a'),\n"
    "  () => performance.now(), () => console.log.name,\n"
    "  () => console.assert(true, {}), () => console.countReset.name,\n"
    "  () => setTimeout(() => {}, 0), () => new Event('x'), () => process.argv,\n"
    "  () => { onerror = () => true; }, () => addEventListener('error', () => {}),"
    "\n"
    "  () => reportError, () => queueMicrotask(() => { [].x.y; }),\n"
    "  () => new FinalizationRegistry(() => {}).register({}, 1),\n"
    "  () => 10n ** 30n, () => BigInt.asIntN(8, 3n), () => Symbol('a').toString(),"
    "\n"
    "  () => Iterator.from([1]).map((x) => x).toArray(), () => `${[1, [2]]}`,\n"
    "  () => Reflect.construct(Array, [1], Object), () => structuredClone({}),\n"
    "  () => new Error('x', { cause: 1 }).stack, () => { null.x; },\n"
    "  () => new AggregateError([1]), () => new Intl.Collator(),\n"
    "  () => new DisposableStack().use({ [Symbol.dispose]() {} }),\n"
    "  () => new AsyncDisposableStack(), () => [3, 1].toSorted(),\n"
    "  () => class A extends Array { #x = 1; static { new this(); } },\n"
    "  () => Function.prototype.toString.call(Map), () => decodeURI('%41'),\n"
    "  () => Promise.withResolvers(), () => Promise.try(() => 1),\n"
    "  () => Promise.all([1]), () => new Uint8Array([1]).toBase64(),\n"
    "  () => Uint8Array.fromHex('00'), () => new Float16Array(2), () => Date.now(),"
    "\n"
    "  () => RegExp.escape('a'), () => new RegExp('a', 'v'), () => function () {\n"
    "    return arguments[Symbol.iterator]; }(1), () => ((x, y = 1) => x)`a${1}`,\n"
    "  () => { 'use strict'; undefined_name; }, () => Promise.reject(1)];\n"
    "let n = 0;\n"
    "for (const f of attempts) try { f(); } catch (e) { n += `${e}`.length; }\n";

static void try_without(tenon_runtime *rt, uint32_t without)
{
  tenon_realm_options o = {.size = sizeof o, .without = without};
  tenon_realm *realm;
  int r;

  CHECK_INT(0, tenon_realm_new(rt, &o, &realm));
  r = tenon_realm_eval_script(realm, everything, strlen(everything), NULL);
  if (r == TENON_EEXCEPTION) tenon_runtime_clear_exception(rt);
  r = eval_in(realm, "await 1; const x = await (async () => 1)();\n"
                     "export default x; import.meta.url;");
  while (r == TENON_EEXCEPTION) {
    tenon_runtime_clear_exception(rt);
    r = tenon_runtime_run(rt);
  }
  do {
    r = tenon_runtime_run(rt);
    tenon_runtime_clear_exception(rt);
  } while (r == TENON_EEXCEPTION);
  CHECK_INT(0, tenon_realm_free(realm));
}

TEST(no_choice_of_intrinsics_crashes)
{
  tenon_runtime *rt = start();
  uint32_t i, k;

  for (i = 0; i < 17; i++) {
    for (k = i; k < 17; k++) {
      uint32_t flags = 1u << i | 1u << k;
      if (getenv("TENON_OOM_SAMPLE") && i != k && (i + k) % 5) continue;
      try_without(rt, flags);
      try_without(rt, ~flags);
    }
  }
  try_without(rt, 0);
  try_without(rt, UINT32_MAX);
  tenon_runtime_collect(rt);
  t_run(rt, "log('here');");
  CHECK_LOG("here\n");
}

/* --- Memory ----------------------------------------------------------------------------------- */

static int live_realms(tenon_runtime *rt)
{
  static const char right[] =
      "import m from 'm'; setTimeout(() => {}, 0, 1);\n"
      "const e = new Event('x'); globalThis.n = m.got;\n"
      "await Promise.resolve(1);";
  tenon_realm *a = NULL;
  int r = tenon_realm_new(rt, NULL, &a);

  if (r == 0) r = tenon_realm_add_globals(a, tenon_module_v1);
  if (r == 0)
    r = tenon_realm_run_glue(a, tenon_module_v1, "(n) => { globalThis.g = n; }",
                             28, NULL);
  if (r == 0) r = tenon_realm_eval_module(a, right, strlen(right), "r.js");
  if (r == 0) r = tenon_realm_enter(a);
  if (r == 0) r = tenon_realm_leave(a);
  if (r == 0) r = tenon_runtime_run(rt);
  tenon_runtime_clear_exception(rt);
  if (a) CHECK_INT(0, tenon_realm_free(a));
  return r;
}

TEST(every_allocation_of_a_realm_fails_once)
{
  uint64_t count, at, step;
  tenon_runtime *rt;
  int r;

  tenon_p_alloc_inject(0, false);
  rt = start();
  tenon_p_alloc_inject(0, false);
  CHECK_INT(0, live_realms(rt));
  count = tenon_p_alloc_stop();
  CHECK(count > 500);
  step = t_oom_step(count);
  for (at = 1; at <= count; at += step) {
    tenon_p_alloc_inject(at, false);
    r = live_realms(rt);
    tenon_p_alloc_stop();
    if (r && r != TENON_ENOMEM && r != TENON_EEXCEPTION)
      fail_msg("%s at %llu", tenon_error_name(r), (unsigned long long)at);
  }
  CHECK_INT(0, live_realms(rt));
}
