/* Options of calls that give a Promise, and what ends their wait. */
#define TENON_MODULE cancel
#include "harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <tenon/pool.h>
#include <tenon/realm.h>
#include <unistd.h>
#include <uv.h>

#include "base/alloc.h"

TENON_MODULE_THREADS(any);

static tenon_runtime *here;

/* --- Functions on the pool ------------------------------------------------------- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int begun, ended, seen_cancelled, freed;
static bool is_open;

static void count(int *n)
{
  pthread_mutex_lock(&mutex);
  ++*n;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
}

static void wait_for(const int *n, int least)
{
  pthread_mutex_lock(&mutex);
  while (*n < least)
    pthread_cond_wait(&changed, &mutex);
  pthread_mutex_unlock(&mutex);
}

static bool gate_is_open(void)
{
  bool r;

  pthread_mutex_lock(&mutex);
  r = is_open;
  pthread_mutex_unlock(&mutex);
  return r;
}

static void count_freed(void *p)
{
  (void)p;
  count(&freed);
}

/* Ends when it is cancelled, or the gate is open. */
TENON_BLOCKING(str, work, (str, what))
{
  char *copy = tenon_alloc(what.len + 1);
  bool was_cancelled = false;

  tenon_defer(count_freed, &freed);
  count(&begun);
  while (!gate_is_open() && !(was_cancelled = tenon_is_cancelled()))
    usleep(200);
  if (was_cancelled) count(&seen_cancelled);
  if (copy) memcpy(copy, what.data, what.len);
  count(&ended);
  return (tenon_str){copy, copy ? what.len : 0};
}

/* Does not ask: ends when the gate is open. */
TENON_BLOCKING(str, deaf, (str, what))
{
  count(&begun);
  while (!gate_is_open())
    usleep(200);
  count(&ended);
  return what;
}

TENON_BLOCKING(i32, quick, (i32, n), (i32, more, 0))
{
  count(&begun);
  return n + more;
}

TENON_BLOCKING(i32, exact, (i32, n))
{
  return n;
}
TENON_BLOCKING(u32, many, (rest(i32), all))
{
  return (uint32_t)all.len;
}
TENON_FUNCTION(i32, plain, (i32, n))
{
  return n;
}
TENON_BLOCKING(exhaustive(i32), strict, (i32, n))
{
  return n;
}

TENON_FUNCTION_AS("open", none, open_gate)
{
  pthread_mutex_lock(&mutex);
  is_open = true;
  pthread_mutex_unlock(&mutex);
}

TENON_FUNCTION(none, until_begun, (i32, n))
{
  wait_for(&begun, n);
}
TENON_FUNCTION(none, until_ended, (i32, n))
{
  wait_for(&ended, n);
}

TENON_FUNCTION(str, counts)
{
  char *text = tenon_alloc(64);

  if (!text) abort();
  pthread_mutex_lock(&mutex);
  snprintf(text, 64, "%d %d %d", begun, ended, seen_cancelled);
  pthread_mutex_unlock(&mutex);
  return tenon_str_of(text);
}

TENON_FUNCTION(str, usage)
{
  return t_pool_usage(here);
}

static void set(uint32_t running, uint32_t queued, tenon_when_full when_full)
{
  t_set_pool(here, running, queued, when_full);
}

T_SERIAL(serial_module, tenon_module_cancel)

static tenon_runtime *with_modules(void)
{
  here = t_runtime();
  CHECK_INT(0, tenon_runtime_add_module(here, "c", tenon_module_cancel));
  CHECK_INT(0, tenon_runtime_add_module(here, "serial", serial_module));
  begun = ended = seen_cancelled = freed = 0;
  is_open = false;
  return here;
}

#define IMPORT                                                            \
  "import { log } from 'test';\n"                                         \
  "import * as c from 'c';\n"                                             \
  "import * as serial from 'serial';\n"                                   \
  "const say = (p) => p.then((v) => log(`+${v}`), (e) => log(`${e}`));\n" \
  "const turn = () => new Promise((r) => setTimeout(r, 0));\n"            \
  "const controller = new AbortController(), { signal } = controller;\n"

/* --- Which argument is the options ------------------------------------------------- */

TEST(other_arguments_behind_the_parameters_are_ignored_as_ever)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT
        "class C { signal = 1 }\n"
        "for (const v of [1, 'signal', null, undefined, [], ['signal'], {},\n"
        "                 { other: 1 }, new Map([['signal', 1]]), new C(),\n"
        "                 () => 0, new Proxy({ signal: 1 }, {}), Symbol(),\n"
        "                 Object.create({ signal: 1 })])\n"
        "  await say(c.quick(1, 2, v));\n"
        "log(`${await Promise.all([5, 6].map(c.exact))}`);");
  CHECK_LOG("+3\n+3\n+3\n+3\n+3\n+3\n+3\n+3\n+3\n+3\n+3\n+3\n+3\n+3\n5,6\n");
}

TEST(options_stand_behind_all_parameters)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT
        "controller.abort('why');\n"
        "await say(c.quick(1, { signal }));\n"
        "await say(c.quick(1, 2, { signal }));\n"
        "await say(c.quick(1, undefined, { signal }));\n"
        "await say(c.quick(1, 2, 3, { signal }));\n"
        "await say(c.quick(1, 2, { __proto__: null, signal }));\n"
        "await say(c.quick(1, 2, { signal: undefined, timeout: undefined }));");
  CHECK_LOG("TypeError: quick: argument 2 'more': expected integer, got "
            "object\nwhy\nwhy\n+3\nwhy\n+3\n");
  CHECK_INT(2, begun);
}

TEST(a_function_that_counts_its_arguments_takes_options_all_the_same)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "await say(c.strict(1, { signal }));\n"
                   "await say(c.strict(1, 2));\n"
                   "await say(c.strict(1, { signal }, 2));\n"
                   "await say(c.strict(1, {}));\n"
                   "controller.abort('why');\n"
                   "await say(c.strict(1, { signal }));");
  CHECK_LOG("+1\nTypeError: strict: expected 1 argument, got 2\n"
            "TypeError: strict: expected 1 argument, got 3\n"
            "TypeError: strict: expected 1 argument, got 2\nwhy\n");
}

TEST(options_of_wrong_types_reject)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT
        "for (const o of [{ signal: null }, { signal: 'x' }, { signal: {} },\n"
        "    { signal: controller }, { timeout: '5' }, { timeout: -1 },\n"
        "    { timeout: NaN }, { timeout: 5n }, { onFull: 'never' },\n"
        "    { onFull: 1 },\n"
        "    { get timeout() { throw new Error('of the getter'); } }])\n"
        "  await say(c.exact(1, o));");
  CHECK_LOG(
      "TypeError: exact: option 'signal': expected AbortSignal, got null\n"
      "TypeError: exact: option 'signal': expected AbortSignal, got string\n"
      "TypeError: exact: option 'signal': expected AbortSignal, got object\n"
      "TypeError: exact: option 'signal': expected AbortSignal, got object\n"
      "TypeError: exact: option 'timeout': expected number, got string\n"
      "RangeError: exact: option 'timeout': expected milliseconds from 0, got "
      "-1\n"
      "RangeError: exact: option 'timeout': expected milliseconds from 0, got "
      "NaN\n"
      "TypeError: exact: option 'timeout': expected number, got 5n\n"
      "TypeError: exact: option 'onFull': expected one of 'error', 'wait', got "
      "'never'\n"
      "TypeError: exact: option 'onFull': expected one of 'error', 'wait', got "
      "1\n"
      "Error: of the getter\n");
}

TEST(a_function_on_the_loop_has_no_options)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "controller.abort('why');\n"
                   "log(`${c.plain(1, { signal })} ${'withOptions' in c.plain}"
                   " ${'withOptions' in c.plain.async}`);\n"
                   "await say(c.plain.async(1, { signal }));");
  CHECK_LOG("1 false true\nwhy\n");
}

/* --- withOptions --------------------------------------------------------------------- */

TEST(with_options_makes_a_function_of_the_same_parameters)
{
  tenon_runtime *rt = with_modules();

  t_run(rt,
        IMPORT "const f = c.quick.withOptions({ signal });\n"
               "log(`${typeof f} ${f.name} ${f.length} ${f !== c.quick}`);\n"
               "await say(f(1)); await say(f(1, 2)); await say(f('x'));\n"
               "const g = c.many.withOptions({ signal });\n"
               "await say(g(1, 2, 3)); await say(c.many(1, 2, 3));\n"
               "controller.abort('why');\n"
               "await say(f(1)); await say(g(1, 2)); await say(c.quick(1));\n"
               "await say(c.many(1, { signal }));\n"
               "await say(c.plain.async.withOptions({ signal })(1));");
  CHECK_LOG(
      "function quick 1 true\n+1\n+3\n"
      "TypeError: quick: argument 1 'n': expected integer, got string\n"
      "+3\n+3\nwhy\nwhy\n+1\n"
      "TypeError: many: argument 2 'all[1]': expected integer, got object\n"
      "why\n");
}

TEST(with_options_adds_to_those_that_are_there)
{
  tenon_runtime *rt = with_modules();

  set(1, 1, TENON_FULL_WAIT);
  t_run(rt,
        IMPORT "const f = c.deaf.withOptions({ onFull: 'error' })\n"
               "  .withOptions({ signal });\n"
               "const all = [c.deaf('a'), c.deaf('b')];\n"
               "await f('c').catch((e) => log(e.code));\n"
               "const d = f('d', { onFull: 'wait' });\n"
               "controller.abort('why');\n"
               "await say(d); await say(f('e'));\n"
               "const other = new AbortController();\n"
               "all.push(f('f', { signal: other.signal, onFull: 'wait' }));\n"
               "c.open();\n"
               "log(`${await Promise.all(all)}`);");
  CHECK_LOG("EFULL\nwhy\nwhy\na,b,f\n");
}

TEST(with_options_refuses_what_it_cannot_use)
{
  tenon_runtime *rt = with_modules();

  t_run(
      rt, IMPORT
      "const w = c.quick.withOptions;\n"
      "for (const f of [() => w.call(c.plain, {}), () => w.call(1, {}),\n"
      "    () => w.call(() => 0, {}), () => c.quick.withOptions(),\n"
      "    () => c.quick.withOptions(null), () => c.quick.withOptions(5),\n"
      "    () => c.quick.withOptions({ timeout: 'x' }),\n"
      "    () => c.quick.withOptions({ signal: 1 })])\n"
      "  try { f(); log('no'); } catch (e) { log(`${e}`); }\n"
      "await say(c.quick.withOptions({})(2));\n"
      "await say(c.quick.withOptions([])(2));\n"
      "try { new (c.quick.withOptions({})); } catch (e) { log(`${e.name}`); }");
  CHECK_LOG(
      "TypeError: withOptions: this: expected a native function that gives a "
      "Promise\n"
      "TypeError: withOptions: this: expected a native function that gives a "
      "Promise\n"
      "TypeError: withOptions: this: expected a native function that gives a "
      "Promise\n"
      "TypeError: quick: options: expected object, got undefined\n"
      "TypeError: quick: options: expected object, got null\n"
      "TypeError: quick: options: expected object, got 5\n"
      "TypeError: quick: option 'timeout': expected number, got string\n"
      "TypeError: quick: option 'signal': expected AbortSignal, got 1\n"
      "+2\n+2\nTypeError\n");
}

TEST(with_options_holds_its_function_and_signal_as_long_as_it_lives)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, "import { log } from 'test'; globalThis.log = log;\n"
            "globalThis.k = new AbortController();\n"
            "globalThis.f = (await import('c')).quick.withOptions("
            "{ signal: k.signal });\n"
            "f.self = f; k.signal.f = f;");
  tenon_runtime_collect(rt);
  t_run(rt, "log(`${await f(3)}`); k.abort('why'); k = null;\n"
            "await f(3).catch(log); f = null;");
  tenon_runtime_collect(rt);
  CHECK_LOG("3\nwhy\n");
}

/* --- Signals ------------------------------------------------------------------------ */

TEST(a_signal_that_is_aborted_keeps_a_function_from_being_called)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT
        "const reason = { of: 'mine' };\n"
        "const r = await c.quick(1, 2, { signal: AbortSignal.abort(reason) })\n"
        "  .catch((e) => e);\n"
        "log(`${r === reason}`);\n"
        "const e = await c.quick(1, 2, { signal: AbortSignal.abort() })\n"
        "  .catch((e) => e);\n"
        "log(`${e.name} ${e instanceof DOMException}`);");
  CHECK_LOG("true\nAbortError true\n");
  CHECK_INT(0, begun);
}

TEST(an_abort_takes_a_queued_call_out)
{
  tenon_runtime *rt = with_modules();

  set(1, 10, TENON_FULL_WAIT);
  t_run(rt, IMPORT "const a = c.deaf('a'), b = c.deaf('b', { signal }),\n"
                   "  d = c.deaf('d');\n"
                   "c.until_begun(1);\n"
                   "log(c.usage());\n"
                   "controller.abort('why');\n"
                   "log(c.usage());\n"
                   "await say(b);\n"
                   "c.open();\n"
                   "await say(a); await say(d);\n"
                   "log(c.usage());");
  CHECK_LOG("1 2 0\n1 1 0\nwhy\n+a\n+d\n0 0 0\n");
  CHECK_INT(2, begun);
}

TEST(an_abort_takes_a_call_out_that_waits_for_room)
{
  tenon_runtime *rt = with_modules();

  set(1, 1, TENON_FULL_WAIT);
  t_run(rt, IMPORT "const all = [c.deaf('a'), c.deaf('b')];\n"
                   "c.until_begun(1);\n"
                   "const d = c.deaf('d', { signal });\n"
                   "all.push(c.deaf('e'));\n"
                   "log(c.usage());\n"
                   "controller.abort('why');\n"
                   "log(c.usage());\n"
                   "await say(d);\n"
                   "c.open();\n"
                   "log(`${await Promise.all(all)}`);");
  CHECK_LOG("1 1 2\n1 1 1\nwhy\na,b,e\n");
}

TEST(an_abort_of_a_queued_call_lets_one_in_that_waits)
{
  tenon_runtime *rt = with_modules();

  set(1, 1, TENON_FULL_WAIT);
  t_run(rt, IMPORT "const a = c.deaf('a'), b = c.deaf('b', { signal }),\n"
                   "  d = c.deaf('d');\n"
                   "c.until_begun(1);\n"
                   "controller.abort('why');\n"
                   "log(c.usage());\n"
                   "c.open();\n"
                   "await say(b); await say(d);");
  CHECK_LOG("1 1 0\nwhy\n+d\n");
}

TEST(a_call_that_runs_rejects_at_once_and_is_told)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "const p = c.work('a', { signal });\n"
                   "c.until_begun(1);\n"
                   "controller.abort('why');\n"
                   "await say(p);\n"
                   "c.until_ended(1);\n"
                   "log(c.counts());");
  CHECK_LOG("why\n1 1 1\n");
  CHECK_INT(1, freed);
}

TEST(a_call_that_does_not_ask_goes_on_and_its_result_is_dropped)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "const p = c.deaf('a'.repeat(1000), { signal });\n"
                   "c.until_begun(1);\n"
                   "controller.abort('why');\n"
                   "await say(p);\n"
                   "log(c.counts());\n"
                   "c.open();");
  CHECK_LOG("why\n1 0 0\n");
  CHECK_INT(1, ended);
}

TEST(one_call_is_cancelled_and_others_are_not)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "const a = c.work('a'), b = c.work('b', { signal });\n"
                   "c.until_begun(2);\n"
                   "controller.abort('why');\n"
                   "await say(b);\n"
                   "c.until_ended(1);\n"
                   "c.open();\n"
                   "await say(a);\n"
                   "log(c.counts());");
  CHECK_LOG("why\n+a\n2 2 1\n");
}

TEST(an_abort_of_a_call_that_is_done_but_not_settled_wins)
{
  tenon_runtime *rt = with_modules();

  is_open = true;
  t_run(rt, IMPORT "const p = c.deaf('a', { signal });\n"
                   "c.until_ended(1);\n"
                   "controller.abort('why');\n"
                   "await say(p);");
  CHECK_LOG("why\n");
}

TEST(an_abort_behind_the_end_changes_nothing)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "const p = c.quick(1, 2, { signal });\n"
                   "await say(p);\n"
                   "controller.abort('why');\n"
                   "await say(p);\n"
                   "await say(c.quick(1, 2, { signal }));");
  CHECK_LOG("+3\n+3\nwhy\n");
}

TEST(an_abort_in_a_getter_of_an_argument_keeps_the_function_from_being_called)
{
  tenon_runtime *rt = with_modules();

  t_run(rt,
        IMPORT "await say(c.shape({ get n() { controller.abort('getter');\n"
               "                              return 1; } }, { signal }));\n"
               "const other = new AbortController();\n"
               "await say(c.shape({ n: 1 }, { signal: other.signal,\n"
               "  get timeout() { other.abort('option'); return 5; } }));");
  CHECK_LOG("getter\noption\n");
  CHECK_INT(0, begun);
}

TENON_STRUCT(shaped, (i32, n))

TENON_BLOCKING(i32, shape, (shaped, s))
{
  count(&begun);
  return s.n;
}

TEST(an_abort_in_an_argument_of_another_call_is_no_trouble)
{
  tenon_runtime *rt = with_modules();

  set(1, 10, TENON_FULL_WAIT);
  t_run(
      rt, IMPORT
      "const a = c.deaf('a'), b = c.deaf('b', { signal });\n"
      "const d = c.shape({ get n() { controller.abort('why'); return 4; } });\n"
      "await say(b);\n"
      "c.open();\n"
      "await say(a); await say(d);");
  CHECK_LOG("why\n+a\n+4\n");
}

TEST(a_thousand_calls_of_one_signal_are_all_aborted_quickly)
{
  tenon_runtime *rt = with_modules();
  uint64_t start = t_now_ms();

  set(2, 0, TENON_FULL_WAIT);
  t_run(rt, IMPORT "const all = Array.from({ length: 20000 }, (_, i) =>\n"
                   "  (i % 2 ? c : serial).work(`${i}`, { signal }));\n"
                   "c.until_begun(2);\n"
                   "controller.abort('why');\n"
                   "const r = await Promise.allSettled(all);\n"
                   "log(`${r.every((x) => x.reason === 'why')} ${r.length}`);\n"
                   "while (c.usage() !== '0 0 0') await turn();");
  CHECK_LOG("true 20000\n");
  CHECK(begun < 10000);
  CHECK(t_now_ms() - start < 60000);
}

TEST(calls_that_have_ended_leave_nothing_at_a_signal)
{
  tenon_runtime *rt = with_modules();
  tenon_memory_usage before = {.size = sizeof before}, after = before;

  t_run(rt, IMPORT "globalThis.go = async (n) => {\n"
                   "  for (let i = 0; i < n; i++)\n"
                   "    await Promise.all([c.quick(1, 2, { signal }),\n"
                   "      c.quick(1, 2, { timeout: 1e6 }),\n"
                   "      c.quick(1, 2, { timeout: 1e6 + i, signal })]);\n"
                   "};\n"
                   "await go(1000);");
  tenon_runtime_collect(rt);
  CHECK_INT(0, tenon_runtime_memory_usage(rt, &before));
  t_run(rt, "await go(10000);");
  tenon_runtime_collect(rt);
  CHECK_INT(0, tenon_runtime_memory_usage(rt, &after));
  CHECK(after.used_bytes < before.used_bytes + 20000);
}

TEST(an_abort_that_races_with_the_end_has_one_outcome)
{
  tenon_runtime *rt = with_modules();

  t_run(rt,
        IMPORT "let done = 0, aborted = 0, wrong = 0;\n"
               "for (let i = 0; i < 3000; i++) {\n"
               "  const k = new AbortController();\n"
               "  const p = c.quick(1, 2, { signal: k.signal });\n"
               "  let n = 0;\n"
               "  p.then((v) => { done++; n++; if (v !== 3) wrong++; },\n"
               "         (e) => { aborted++; n++; if (e !== i) wrong++; });\n"
               "  for (let j = 0; j < i % 200; j++) n *= 1;\n"
               "  if (i % 3) await null; else if (i % 7 === 0) await turn();\n"
               "  k.abort(i);\n"
               "  await p.catch(() => 0);\n"
               "  if (n !== 1) wrong++;\n"
               "}\n"
               "log(`${done + aborted} ${wrong}`);");
  CHECK_LOG("3000 0\n");
}

TEST(a_signal_of_several_reaches_a_call)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT
        "let any = AbortSignal.any([signal, new AbortController().signal]);\n"
        "const p = c.work('a', { signal: any });\n"
        "any = null;\n"
        "c.until_begun(1);\n"
        "setTimeout(() => controller.abort('why'), 1);\n"
        "await say(p);\n"
        "await say(c.work('b', { signal: AbortSignal.timeout(5) }));");
  CHECK_LOG("why\nTimeoutError: The operation timed out\n");
}

/* A function of one realm that another one calls. */
TENON_CALLBACK(any, bridge, (any, v))

static bridge *kept;

TENON_FUNCTION(none, keep, (bridge, f))
{
  kept = bridge_keep(f);
}

TENON_FUNCTION(any, call_kept, (any, v))
{
  struct napi_value__ *r = NULL;

  (void)!bridge_call(kept, &r, v);
  return r;
}

static tenon_realm *other_realm(const char *source)
{
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(here, NULL, &realm));
  CHECK_INT(0, tenon_realm_eval_module(realm, source, strlen(source), "x.js"));
  CHECK_INT(0, tenon_runtime_run(here));
  return realm;
}

TEST(an_abort_of_another_realm_s_signal_reaches_a_call)
{
  tenon_runtime *rt = with_modules();
  tenon_realm *realm =
      other_realm("import { keep } from 'c';\n"
                  "const k = new AbortController();\n"
                  "keep((x) => x ? k.abort('there') : k.signal);");

  t_run(rt, IMPORT "const p = c.work('a', { signal: c.call_kept(null) });\n"
                   "const q = c.work('b', { signal: c.call_kept(null) });\n"
                   "c.call_kept(true);\n"
                   "await say(p); await say(q);");
  CHECK_LOG("there\nthere\n");
  tenon_callback_release(kept);
  CHECK_INT(0, tenon_realm_free(realm));
}

/* --- Times --------------------------------------------------------------------------- */

TEST(a_call_is_over_when_its_time_is)
{
  tenon_runtime *rt = with_modules();

  set(1, 10, TENON_FULL_WAIT);
  t_run(rt, IMPORT
        "const a = c.work('a', { timeout: 500 });\n"
        "const b = c.work('b', { timeout: 1 });\n"
        "for (const p of [b, a]) {\n"
        "  const e = await p.catch((e) => e);\n"
        "  log(`${e} ${e.name} ${e.code} ${e instanceof DOMException}`);\n"
        "}\n"
        "c.until_ended(1);\n"
        "log(c.counts());");
  CHECK_LOG("TimeoutError: The operation timed out TimeoutError 23 true\n"
            "TimeoutError: The operation timed out TimeoutError 23 true\n"
            "1 1 1\n");
}

TEST(a_time_of_zero_is_over_with_the_next_turn)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "const p = c.work('a', { timeout: 0 });\n"
                   "log('here');\n"
                   "await say(p);");
  CHECK_LOG("here\nTimeoutError: The operation timed out\n");
}

TEST(a_time_that_is_not_over_keeps_nothing_alive)
{
  tenon_runtime *rt = with_modules();
  uint64_t start = t_now_ms();

  t_run(rt, IMPORT "await say(c.quick(1, 2, { timeout: 60000 }));\n"
                   "await say(c.quick(1, 2, { timeout: Infinity }));\n"
                   "await say(c.quick(1, 2, { timeout: 1e300 }));\n"
                   "await say(c.quick(1, 2, { timeout: 0.5 + 60000 }));");
  CHECK_LOG("+3\n+3\n+3\n+3\n");
  CHECK(t_now_ms() - start < 30000);
}

TEST(of_a_signal_and_a_time_the_first_one_counts)
{
  tenon_runtime *rt = with_modules();

  t_run(rt, IMPORT "const a = c.work('a', { signal, timeout: 60000 });\n"
                   "const b = c.work('b', { signal, timeout: 2 });\n"
                   "await say(b);\n"
                   "controller.abort('why');\n"
                   "await say(a); await say(b);");
  CHECK_LOG("TimeoutError: The operation timed out\nwhy\n"
            "TimeoutError: The operation timed out\n");
}

TEST(times_of_many_calls_are_over_in_their_order)
{
  tenon_runtime *rt = with_modules();

  set(1, 1000, TENON_FULL_WAIT);
  t_run(rt, IMPORT
        "const order = [];\n"
        "await Promise.all([9, 3, 7, 1, 5, 3].map((n, i) =>\n"
        "  c.deaf('x', { timeout: n * 10 }).catch(() => order.push(n))));\n"
        "log(`${order}`);\n"
        "c.open();");
  CHECK_LOG("1,3,3,5,7,9\n");
}

static void close_uv(uv_handle_t *h, void *p)
{
  (void)p;
  if (!uv_is_closing(h)) uv_close(h, NULL);
}

TEST(a_time_is_over_in_a_loop_that_is_the_host_s)
{
  static const char source[] =
      "import { work } from 'c'; import { log } from 'test';\n"
      "work('a', { timeout: 5 }).catch((e) => { globalThis.name = e.name; });";
  tenon_options options = {.size = sizeof options};
  tenon_runtime *rt;
  uv_loop_t loop;

  with_modules();
  CHECK_INT(0, uv_loop_init(&loop));
  options.loop = &loop;
  CHECK_INT(0, t_runtime_new(&options, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "c", tenon_module_cancel));
  CHECK_INT(0, tenon_runtime_eval_module(rt, source, sizeof source - 1, "x"));
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK_INT(0, tenon_runtime_eval_script(
                   rt, "if (name !== 'TimeoutError') throw name;", 40, "y"));
  t_free(rt);
  uv_walk(&loop, close_uv, NULL);
  uv_run(&loop, UV_RUN_DEFAULT);
  CHECK_INT(0, uv_loop_close(&loop));
}

/* --- onFull -------------------------------------------------------------------------- */

TEST(a_call_says_what_becomes_of_it_when_the_queue_is_full)
{
  tenon_runtime *rt = with_modules();

  set(1, 1, TENON_FULL_ERROR);
  t_run(rt, IMPORT "const all = [c.deaf('a'), c.deaf('b'),\n"
                   "  c.deaf('d', { onFull: 'wait' })];\n"
                   "await c.deaf('e').catch((e) => log(`${e}`));\n"
                   "await c.deaf('e', { onFull: 'error', signal })\n"
                   "  .catch((e) => log(e.code));\n"
                   "controller.abort();\n"
                   "c.open();\n"
                   "log(`${await Promise.all(all)}`);");
  CHECK_LOG("RangeError: deaf: as many calls are queued as there may be (1)\n"
            "EFULL\na,b,d\n");
}

/* --- serial -------------------------------------------------------------------------- */

TEST(calls_in_a_lane_can_be_taken_out_of_it)
{
  tenon_runtime *rt = with_modules();

  set(2, 10, TENON_FULL_WAIT);
  t_run(rt, IMPORT
        "const k = [0, 1, 2, 3].map(() => new AbortController());\n"
        "const p = k.map(({ signal }, i) => serial.work(`${i}`, { signal }));\n"
        "p.forEach((x) => x.catch(() => 0));\n"
        "c.until_begun(1);\n"
        "k[2].abort('two');\n"
        "await say(p[2]);\n"
        "k[0].abort('zero');\n"
        "await say(p[0]);\n"
        "c.until_begun(2);\n"
        "k[3].abort('three');\n"
        "c.open();\n"
        "await say(p[1]); await say(p[3]);\n"
        "await say(serial.work('4'));\n"
        "log(c.usage());");
  CHECK_LOG("two\nzero\n+1\nthree\n+4\n0 0 0\n");
}

/* The one that has taken the lane, and waits for a thread. */
TEST(a_lane_moves_on_when_its_first_call_is_taken_out)
{
  tenon_runtime *rt = with_modules();

  set(1, 10, TENON_FULL_WAIT);
  t_run(rt, IMPORT "const a = c.deaf('a');\n"
                   "c.until_begun(1);\n"
                   "const b = serial.deaf('b', { signal }),\n"
                   "  d = serial.deaf('d'), e = serial.deaf('e');\n"
                   "log(c.usage());\n"
                   "controller.abort('why');\n"
                   "log(c.usage());\n"
                   "c.open();\n"
                   "await say(b); await say(d); await say(e); await say(a);");
  CHECK_LOG("1 3 0\n1 2 0\nwhy\n+d\n+e\n+a\n");
}

/* --- Deferreds ------------------------------------------------------------------------ */

static tenon_deferred *open_one;
static int told, told_of_close, last_code;
static const char *last_arg;
static bool settles_when_told;

static void on_cancel(tenon_deferred *d, void *p)
{
  CHECK(d == open_one);
  ++*(int *)p;
  CHECK(tenon_deferred_is_cancelled(d));
  if (settles_when_told) last_code = tenon_deferred_reject(d, TENON_ERROR, "x");
}

static void on_close(tenon_deferred *d, void *p)
{
  ++*(int *)p;
  last_code = tenon_deferred_reject(d, TENON_ERROR, "closing");
}

TENON_ASYNC(str, later, (str, what), (bool, listens, true))
{
  open_one = deferred;
  last_arg = what.data;
  count(&begun);
  if (listens) last_code = tenon_deferred_on_cancel(deferred, on_cancel, &told);
}

TENON_FUNCTION(str, settle)
{
  last_code = TENON_RESOLVE(later, open_one, tenon_str_of(last_arg));
  return tenon_str_of(last_code ? tenon_error_name(last_code) : "0");
}

static void settle_there(void *p)
{
  (void)p;
  last_code = TENON_RESOLVE(later, open_one, tenon_str_of(last_arg));
}

TENON_FUNCTION(str, settle_elsewhere)
{
  t_elsewhere(settle_there, NULL);
  return tenon_str_of(last_code ? tenon_error_name(last_code) : "0");
}

TENON_FUNCTION(bool, is_cancelled)
{
  return tenon_deferred_is_cancelled(open_one);
}

static tenon_runtime *with_deferreds(void)
{
  told = told_of_close = last_code = 0;
  settles_when_told = false;
  return with_modules();
}

TEST(a_deferred_is_told_and_its_promise_rejects_at_once)
{
  tenon_runtime *rt = with_deferreds();

  t_run(rt, IMPORT "const p = c.later('what', true, { signal });\n"
                   "log(`${c.is_cancelled()}`);\n"
                   "controller.abort('why');\n"
                   "log(`${c.is_cancelled()}`);\n"
                   "await say(p);\n"
                   "log(c.settle());\n"
                   "await say(p);");
  CHECK_LOG("false\ntrue\nwhy\nECANCELED\nwhy\n");
  CHECK_INT(1, told);
}

TEST(a_deferred_that_was_cancelled_may_be_settled_by_another_thread)
{
  tenon_runtime *rt = with_deferreds();

  t_run(rt, IMPORT "for (const what of ['a', 'b'.repeat(1000)]) {\n"
                   "  const k = new AbortController();\n"
                   "  const p = c.later(what, true, { signal: k.signal });\n"
                   "  k.abort('why');\n"
                   "  await say(p); await turn();\n"
                   "  log(c.settle_elsewhere());\n"
                   "}");
  CHECK_LOG("why\nECANCELED\nwhy\nECANCELED\n");
  CHECK_INT(2, told);
}

TEST(a_deferred_may_be_settled_when_it_is_told)
{
  tenon_runtime *rt = with_deferreds();

  settles_when_told = true;
  t_run(rt, IMPORT "const p = c.later('a', true, { signal });\n"
                   "controller.abort('why');\n"
                   "await say(p);");
  CHECK_LOG("why\n");
  CHECK_INT(1, told);
  CHECK_INT(TENON_ECANCELED, last_code);
}

TEST(a_deferred_that_was_settled_is_not_cancelled)
{
  tenon_runtime *rt = with_deferreds();

  t_run(rt,
        IMPORT "const p = c.later('here', true, { signal, timeout: 1e5 });\n"
               "log(c.settle());\n"
               "controller.abort('why');\n"
               "await say(p);\n"
               "const k = new AbortController();\n"
               "const q = c.later('there', true, { signal: k.signal });\n"
               "log(c.settle_elsewhere());\n"
               "k.abort('why');\n"
               "await say(q);");
  CHECK_LOG("0\n+here\n0\n+there\n");
  CHECK_INT(0, told);
}

TEST(a_deferred_s_time_is_over)
{
  tenon_runtime *rt = with_deferreds();

  t_run(rt, IMPORT "await say(c.later('a', true, { timeout: 2 }));\n"
                   "log(c.settle());");
  CHECK_LOG("TimeoutError: The operation timed out\nECANCELED\n");
  CHECK_INT(1, told);
}

static void abort_now(tenon_runtime *rt)
{
  CHECK_INT(0, tenon_runtime_eval_script(rt, "k.abort('why');", 15, "y"));
}

TEST(who_listens_after_the_abort_is_told_at_once)
{
  tenon_runtime *rt = with_deferreds();
  static const char source[] =
      "import { later } from 'c'; import { log } from 'test';\n"
      "globalThis.k = new AbortController();\n"
      "later('a', false, { signal: k.signal }).catch(log);";

  CHECK_INT(0, tenon_runtime_eval_module(rt, source, sizeof source - 1, "x"));
  abort_now(rt);
  CHECK_INT(0, told);
  CHECK_INT(0, tenon_deferred_on_cancel(open_one, on_cancel, &told));
  CHECK_INT(1, told);
  CHECK_INT(0, tenon_deferred_on_cancel(open_one, NULL, NULL));
  CHECK_INT(TENON_ECANCELED,
            tenon_deferred_reject(open_one, TENON_ERROR, "late"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("why\n");
}

TENON_CALLBACK(none, during)

TENON_ASYNC(none, calls, (during, f), (bool, fails))
{
  open_one = deferred;
  tenon_deferred_on_cancel(deferred, on_cancel, &told);
  if (during_call(f)) return;
  if (!tenon_is_cancelled()) abort();
  if (fails)
    tenon_fail(TENON_ERROR, "of the body");
  else
    last_code = TENON_RESOLVE(calls, deferred);
}

TEST(an_abort_inside_of_the_body_is_seen_by_it)
{
  tenon_runtime *rt = with_deferreds();

  t_run(
      rt, IMPORT
      "await say(c.calls(() => controller.abort('why'), false, { signal }));\n"
      "const k = new AbortController();\n"
      "await say(c.calls(() => k.abort('why'), true, { signal: k.signal }));\n"
      "await say(c.calls(() => { throw 'thrown'; }, true, { timeout: 9e9 }));");
  CHECK_LOG("why\nwhy\nthrown\n");
  CHECK_INT(2, told);
  CHECK_INT(TENON_ECANCELED, last_code);
}

static const char later_source[] =
    "import { later } from 'c';\n"
    "globalThis.k = new AbortController();\n"
    "later('a', true, { signal: k.signal, timeout: 1e6 }).catch(() => 0);";

TEST(a_deferred_that_listens_is_told_of_the_end_of_its_runtime)
{
  tenon_runtime *rt = with_deferreds();

  CHECK_INT(0, tenon_runtime_eval_module(rt, later_source,
                                         sizeof later_source - 1, "x"));
  t_free(rt);
  CHECK_INT(1, told);
  CHECK(tenon_deferred_is_cancelled(open_one));
  CHECK_INT(TENON_ECLOSING, tenon_deferred_on_cancel(open_one, on_cancel, 0));
  CHECK_INT(TENON_ECLOSING,
            tenon_deferred_reject(open_one, TENON_ERROR, "late"));
}

TEST(a_deferred_that_listens_to_the_close_is_told_of_that_alone)
{
  tenon_runtime *rt = with_deferreds();

  CHECK_INT(0, tenon_runtime_eval_module(rt, later_source,
                                         sizeof later_source - 1, "x"));
  CHECK_INT(0, tenon_deferred_on_close(open_one, on_close, &told_of_close));
  t_free(rt);
  CHECK_INT(0, told);
  CHECK_INT(1, told_of_close);
}

TEST(a_cancelled_deferred_is_still_told_of_the_close)
{
  tenon_runtime *rt = with_deferreds();

  CHECK_INT(0, tenon_runtime_eval_module(rt, later_source,
                                         sizeof later_source - 1, "x"));
  CHECK_INT(0, tenon_deferred_on_close(open_one, on_close, &told_of_close));
  abort_now(rt);
  CHECK_INT(1, told);
  t_free(rt);
  CHECK_INT(1, told);
  CHECK_INT(1, told_of_close);
  CHECK_INT(TENON_ECANCELED, last_code);
}

TEST(a_cancelled_deferred_may_be_settled_when_its_runtime_is_gone)
{
  tenon_runtime *rt = with_deferreds();

  CHECK_INT(0, tenon_runtime_eval_module(rt, later_source,
                                         sizeof later_source - 1, "x"));
  CHECK_INT(0, tenon_runtime_eval_script(rt, "k.abort('why');", 15, "y"));
  t_free(rt);
  CHECK_TEXT("a", last_arg);
  t_elsewhere(settle_there, NULL);
  CHECK_INT(TENON_ECANCELED, last_code);
}

static void *settle_soon(void *p)
{
  int r;

  usleep(*(const int *)p % 50);
  r = TENON_RESOLVE(later, open_one, tenon_str_of("done"));
  return (void *)(intptr_t)r;
}

TEST(an_abort_that_races_with_another_thread_has_one_outcome)
{
  tenon_runtime *rt = with_deferreds();
  static const char source[] =
      "import { later } from 'c';\n"
      "globalThis.k = new AbortController();\n"
      "later('a', true, { signal: k.signal })\n"
      "  .then((v) => { globalThis.done++; }, (e) => { globalThis.why++; });";
  pthread_t thread;
  int i, resolved = 0;
  char expected[32];
  void *r;

  t_run(rt, "globalThis.done = globalThis.why = 0;");
  for (i = 0; i < 300; i++) {
    CHECK_INT(0, tenon_runtime_eval_module(rt, source, sizeof source - 1, "x"));
    CHECK_INT(0, pthread_create(&thread, NULL, settle_soon, &i));
    if (i % 2) usleep((unsigned)i % 70);
    abort_now(rt);
    CHECK_INT(0, tenon_runtime_run(rt));
    pthread_join(thread, &r);
    CHECK_INT(0, tenon_runtime_run(rt));
    if (r == NULL)
      resolved++;
    else
      CHECK_INT(TENON_ECANCELED, (intptr_t)r);
  }
  t_run(rt, "import { log } from 'test'; log(`${done} ${why}`);");
  snprintf(expected, sizeof expected, "%d %d\n", resolved, 300 - resolved);
  CHECK_LOG(expected);
}

/* As docs/promises.md has it: who was not first drops its hold. */
static void lose(void *d)
{
  int r = TENON_RESOLVE(later, (tenon_deferred *)d, tenon_str_of("late"));

  if (r == TENON_EALREADY) tenon_deferred_drop(d);
}

TEST(threads_that_race_for_a_cancelled_deferred_have_holds_of_their_own)
{
  tenon_runtime *rt = with_deferreds();
  tenon_deferred *other;
  int i;

  for (i = 0; i < 2; i++) {
    CHECK_INT(0, tenon_runtime_eval_module(rt, later_source,
                                           sizeof later_source - 1, "x"));
    other = tenon_deferred_dup(open_one);
    abort_now(rt);
    if (i)
      lose(open_one);
    else
      t_elsewhere(lose, open_one);
    CHECK_INT(TENON_EALREADY,
              TENON_RESOLVE(later, other, tenon_str_of("later")));
    tenon_deferred_drop(other);
    CHECK_INT(0, tenon_runtime_run(rt));
  }
}

/* --- Classes ------------------------------------------------------------------------- */

typedef struct thing {
  int32_t n;
} thing;

static int released;

TENON_CLASS_AS("Thing", thing)
TENON_CONSTRUCTOR(thing, (i32, n))
{
  self->n = n;
}

TENON_RELEASE(thing)
{
  (void)self;
  count(&released);
}

TENON_BLOCKING_METHOD(i32, thing, slow)
{
  count(&begun);
  while (!gate_is_open())
    usleep(200);
  count(&ended);
  return self->n;
}

TEST(an_instance_stays_a_cancelled_call_s_until_that_returns)
{
  tenon_runtime *rt = with_modules();

  released = 0;
  t_run(rt, IMPORT
        "let t = new c.Thing(4);\n"
        "const p = t.slow({ signal });\n"
        "c.until_begun(1);\n"
        "controller.abort('why');\n"
        "await say(p);\n"
        "try { t.slow().catch((e) => log(`${e}`)); } catch (e) { log(e); }\n"
        "await turn();\n"
        "c.open(); c.until_ended(1);\n"
        "const free = async () => {\n"
        "  for (;;) try { return await t.slow(); } catch { await turn(); }\n"
        "};\n"
        "await say(free());\n"
        "await say(t.slow.withOptions({ signal }).call(t));");
  CHECK_LOG(
      "why\nError: Thing.slow: this: this Thing is in use by another call\n"
      "+4\nwhy\n");
}

/* --- Ends ------------------------------------------------------------------------------ */

TEST(a_call_is_told_that_its_runtime_is_freed)
{
  tenon_runtime *rt = with_modules();
  static const char source[] = "import { work, until_begun } from 'c';\n"
                               "work('a'); work('b', { timeout: 1e6 });\n"
                               "until_begun(2);";

  CHECK_INT(0, tenon_runtime_eval_module(rt, source, sizeof source - 1, "x"));
  t_free(rt);
  CHECK_INT(2, seen_cancelled);
  CHECK_INT(2, freed);
}

TEST(a_call_is_told_that_the_program_is_to_end)
{
  tenon_runtime *rt = with_modules();
  static const char source[] = "import { work, until_begun } from 'c';\n"
                               "work('a'); until_begun(1);";

  CHECK_INT(0, tenon_runtime_eval_module(rt, source, sizeof source - 1, "x"));
  tenon_runtime_terminate(rt);
  wait_for(&ended, 1);
  CHECK_INT(1, seen_cancelled);
  CHECK_INT(TENON_ETERMINATED, tenon_runtime_run(rt));
  tenon_runtime_resume(rt);
  is_open = true;
  t_run(rt, IMPORT "await say(c.work('b'));");
  CHECK_LOG("+b\n");
  CHECK_INT(1, seen_cancelled);
}

TENON_FUNCTION(none, spin)
{
  count(&begun);
  while (!tenon_is_cancelled())
    usleep(200);
  count(&ended);
}

TEST(a_function_on_the_loop_is_told_that_the_program_s_time_is_over)
{
  tenon_runtime *rt = with_modules();

  CHECK_INT(0, tenon_runtime_set_time_limit(rt, 30));
  CHECK_INT(TENON_ETERMINATED, t_eval_module(rt, IMPORT "c.spin(); for (;;);"));
  CHECK_INT(1, ended);
  CHECK(!tenon_is_cancelled());
}

TEST(a_freed_realm_s_calls_are_told_and_dropped)
{
  tenon_runtime *rt = with_modules();
  static const char source[] =
      "import { work, until_begun } from 'c';\n"
      "globalThis.k = new AbortController(); const { signal } = k;\n"
      "for (let i = 0; i < 6; i++) work('a', { signal, timeout: 1e6 });\n"
      "until_begun(2);";
  tenon_realm *realm;

  set(2, 2, TENON_FULL_WAIT);
  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0,
            tenon_realm_eval_module(realm, source, sizeof source - 1, "x.js"));
  CHECK_INT(0, tenon_realm_free(realm));
  wait_for(&ended, 2);
  CHECK_INT(2, seen_cancelled);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(2, begun);
  CHECK_INT(2, freed);
}

#define KEPT                                         \
  "import { call_kept } from 'c';\n"                 \
  "globalThis.controller = new AbortController();\n" \
  "call_kept(controller.signal);"

TEST(a_signal_outlives_the_calls_of_another_realm)
{
  tenon_runtime *rt = with_modules();
  tenon_realm *realm;

  set(1, 10, TENON_FULL_WAIT);
  realm = other_realm("import { keep, work, until_begun } from 'c';\n"
                      "keep((signal) => {\n"
                      "  work('a', { signal }); work('b', { signal });\n"
                      "  until_begun(1); });");
  CHECK_INT(0, tenon_runtime_eval_module(rt, KEPT, sizeof KEPT - 1, "main.js"));
  CHECK_INT(1, begun);
  CHECK_INT(0, tenon_realm_free(realm));
  tenon_callback_release(kept);
  t_run(rt, "controller.abort('late');");
  wait_for(&ended, 1);
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(1, begun);
}
