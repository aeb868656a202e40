/* Streams: async iterators that C writes to, from any thread. */
#define TENON_MODULE streaming
#include "harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>
#include <unistd.h>

#include "api/internal.h"
#include "bind/table.h"

TENON_MODULE_THREADS(any);

TENON_STREAM(i32, ticks)
TENON_STREAM(bytes, chunks)
TENON_STRUCT(line, (str, text), (array(i32), words))
TENON_STREAM(line, lines)
TENON_STREAM(opt(str), maybes)
TENON_STREAM(u64, larges)

/* The stream of a test, whose hold is the test's, and what it was told. */
static ticks *held;
static int drained, cancelled, why;

static void reset(void)
{
  held = NULL;
  drained = cancelled = why = 0;
}

static void on_drain(void *p)
{
  (void)p;
  drained++;
}

TENON_FUNCTION(i32, drains)
{
  return drained;
}

static void on_cancel(void *p, int code)
{
  (void)p;
  cancelled++;
  why = code;
}

/* --- Written before it goes out -------------------------------------------------- */

TENON_FUNCTION(ticks, three)
{
  ticks *s = ticks_new(3);
  int32_t i;

  if (!s) return tenon_fail_memory();
  for (i = 1; i <= 3; i++)
    CHECK_INT(0, ticks_write(s, i));
  CHECK_INT(TENON_EFULL, ticks_write(s, 4));
  CHECK_INT(0, tenon_stream_end(s));
  CHECK_INT(TENON_EALREADY, tenon_stream_end(s));
  CHECK_INT(TENON_EALREADY, ticks_write(s, 5));
  CHECK_INT(TENON_EALREADY, tenon_stream_fail(s, TENON_ERROR, "late"));
  CHECK_INT(TENON_EALREADY, tenon_stream_on_drain(s, on_drain, NULL));
  tenon_stream_release(s);
  return s;
}

/* One that the test writes to. */
TENON_FUNCTION(ticks, open_held, (i32, mark, 2))
{
  held = ticks_new((size_t)mark);
  if (!held) return tenon_fail_memory();
  CHECK_INT(0, tenon_stream_on_drain(held, on_drain, NULL));
  CHECK_INT(0, tenon_stream_on_cancel(held, on_cancel, NULL));
  return held;
}

TENON_FUNCTION(ticks, same)
{
  return held;
}

TENON_FUNCTION(i32, put, (i32, n))
{
  return ticks_write(held, n);
}

TENON_FUNCTION(i32, put_waiting, (i32, n))
{
  return ticks_write_wait(held, n);
}

TENON_FUNCTION(i32, finish)
{
  return tenon_stream_end(held);
}

TENON_FUNCTION(i32, break_off, (str, text))
{
  return tenon_stream_fail(held, TENON_RANGE_ERROR, "%s", text.data);
}

TENON_FUNCTION(i32, break_off_system)
{
  return tenon_stream_fail_system(held, -2, "open", "/x");
}

TENON_FUNCTION(none, let_go)
{
  tenon_stream_release(held);
  held = NULL;
}

TENON_FUNCTION(lines, two_lines)
{
  char text[] = "a b";
  int32_t words[] = {1, 2};
  line l = {{text, 3}, {words, 2}};
  lines *s = lines_new(8);

  if (!s) return tenon_fail_memory();
  CHECK_INT(0, lines_write(s, l));
  text[0] = 'x';
  words[0] = 7;
  CHECK_INT(0, lines_write(s, l));
  t_spoil(text, sizeof text);
  t_spoil(words, sizeof words);
  (void)tenon_stream_end(s);
  tenon_stream_release(s);
  return s;
}

TENON_FUNCTION(maybes, some)
{
  tenon_str text = tenon_str_of("text");
  maybes *s = maybes_new(8);

  if (!s) return tenon_fail_memory();
  (void)maybes_write(s, &text);
  (void)maybes_write(s, NULL);
  (void)tenon_stream_end(s);
  tenon_stream_release(s);
  return s;
}

static int freed;
static void free_counted(void *p)
{
  __atomic_add_fetch(&freed, 1, __ATOMIC_SEQ_CST);
  free(p);
}

TENON_FUNCTION(chunks, moved)
{
  chunks *s = chunks_new(8);
  uint8_t *p = malloc(5), *q = malloc(5);
  tenon_bytes b = {p, 5}, other = {q, 5};

  if (!s || !p || !q) return tenon_fail_memory();
  memcpy(p, "moved", 5);
  memcpy(q, "given", 5);
  CHECK_INT(0, chunks_write_take(s, b, free, p));
  CHECK_INT(0, chunks_write_take(s, other, free_counted, q));
  (void)tenon_stream_end(s);
  CHECK_INT(TENON_EALREADY, chunks_write_take(s, b, free_counted, &freed));
  tenon_stream_release(s);
  return s;
}

TENON_FUNCTION(larges, too_large)
{
  larges *s = larges_new(8);

  if (!s) return tenon_fail_memory();
  (void)larges_write(s, 1);
  (void)larges_write(s, UINT64_MAX);
  CHECK_INT(0, larges_write(s, 2));
  CHECK_INT(0, tenon_stream_on_cancel(s, on_cancel, NULL));
  held = (ticks *)s;
  return s;
}

TENON_FUNCTION(ticks, null_stream)
{
  return NULL;
}

TENON_CALLBACK(none, use_ticks, (ticks, s))
TENON_FUNCTION(none, give, (use_ticks, fn))
{
  ticks *s = ticks_new(4);

  if (!s) return;
  (void)ticks_write(s, 42);
  (void)tenon_stream_end(s);
  (void)use_ticks_call(fn, s);
  tenon_stream_release(s);
}

static tenon_runtime *runtime(void)
{
  tenon_runtime *rt = t_runtime();

  reset();
  CHECK_INT(0, tenon_runtime_add_module(rt, "s", tenon_module_streaming));
  return rt;
}

#define IMPORTS                                                  \
  "import { log } from 'test';\n"                                \
  "import * as s from 's';\n"                                    \
  "const show = ({ value, done }) => log(`${value} ${done}`);\n" \
  "const turn = () => new Promise((done) => setTimeout(done, 1));\n"

TEST(a_stream_that_was_written_before_is_iterated_over)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "for await (const n of s.three()) log(`${n}`);\n"
                    "const t = s.three();\n"
                    "log(Object.prototype.toString.call(t));\n"
                    "log(`${t[Symbol.asyncIterator]() === t}`);\n"
                    "show(await t.next());\n"
                    "await t[Symbol.asyncDispose]();\n"
                    "show(await t.next());");
  CHECK_LOG("1\n2\n3\n[object Stream]\ntrue\n1 false\nundefined true\n");
  CHECK_INT(0, rt->loop->open.count);
}

TEST(behind_its_end_there_is_nothing)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const t = s.three();\n"
                    "const all = await Promise.all([1, 2, 3, 4, 5].map(\n"
                    "  () => t.next()));\n"
                    "all.forEach(show);\n"
                    "show(await t.next()); show(await t.return('left'));\n");
  CHECK_LOG("1 false\n2 false\n3 false\nundefined true\nundefined true\n"
            "undefined true\nleft true\n");
}

TEST(structs_strings_and_arrays_are_copied)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "for await (const l of s.two_lines())\n"
                    "  log(JSON.stringify(l));\n"
                    "for await (const m of s.some()) log(`${m}`);");
  CHECK_LOG("{\"text\":\"a b\",\"words\":[1,2]}\n"
            "{\"text\":\"x b\",\"words\":[7,2]}\ntext\nundefined\n");
}

TEST(bytes_are_moved_and_others_are_freed_once)
{
  tenon_runtime *rt = runtime();

  freed = 0;
  t_run(rt, IMPORTS "for await (const c of s.moved())\n"
                    "  log(String.fromCharCode(...c));");
  CHECK_LOG("moved\ngiven\n");
  CHECK_INT(1, freed);
  t_run(rt, IMPORTS "await s.moved().return();");
  CHECK_INT(2, freed);
}

TEST(requests_wait_in_the_order_they_came)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const t = s.open_held();\n"
                    "const got = [];\n"
                    "const all = [1, 2, 3, 4].map(() => t.next().then(show));\n"
                    "log(`${s.put(1)} ${s.put(2)} ${s.put(3)}`);\n"
                    "await turn();\n"
                    "log(`${s.put(3)} ${s.finish()}`);\n"
                    "await Promise.all(all); s.let_go();");
  CHECK_LOG("0 0 -5014\n1 false\n2 false\n0 0\n3 false\nundefined true\n");
}

TEST(no_more_wait_than_the_mark_says)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const t = s.open_held(4), codes = [];\n"
                    "for (let i = 0; i < 6; i++) codes.push(s.put(i));\n"
                    "log(codes.join());\n"
                    "show(await t.next()); log(`${s.put(4)} ${s.put(5)}`);\n"
                    "for (let i = 0; i < 4; i++) show(await t.next());\n"
                    "await turn(); s.finish(); s.let_go();\n"
                    "show(await t.next());");
  CHECK_LOG("0,0,0,0,-5014,-5014\n0 false\n0 -5014\n1 false\n2 false\n"
            "3 false\n4 false\nundefined true\n");
  CHECK_INT(1, drained);
  CHECK_INT(0, cancelled);
}

TEST(a_mark_of_nothing_is_one)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const t = s.open_held(0);\n"
                    "log(`${s.put(1)} ${s.put(2)}`);\n"
                    "show(await t.next()); s.finish(); s.let_go();");
  CHECK_LOG("0 -5014\n1 false\n");
}

TEST(what_drains_is_told_and_may_write)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const t = s.open_held(2);\n"
                    "s.put(1); s.put(2); s.put(3);\n"
                    "show(await t.next());\n"
                    "while (s.drains() < 1) await turn();\n"
                    "log(`${s.put(3)} ${s.put(4)}`);\n"
                    "show(await t.next());\n"
                    "while (s.drains() < 2) await turn();\n"
                    "s.finish(); s.let_go();");
  CHECK_LOG("1 false\n0 -5014\n2 false\n");
  CHECK_INT(2, drained);
}

static void end_held(void *p)
{
  (void)p;
  CHECK_INT(0, tenon_stream_end(held));
}

TEST(what_ends_when_it_drains_answers_who_waits)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "globalThis.t = s.open_held(1);");
  CHECK_INT(0, ticks_write(held, 1));
  CHECK_INT(TENON_EFULL, ticks_write(held, 2));
  CHECK_INT(0, tenon_stream_on_drain(held, end_held, NULL));
  t_run(rt, "import { log } from 'test';\n"
            "for await (const n of t) log(`${n}`);\n"
            "log('end');");
  tenon_stream_release(held);
  CHECK_LOG("1\nend\n");
}

TEST(an_error_comes_behind_what_waits_and_once)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const t = s.open_held(2);\n"
                    "s.put(1); log(`${s.break_off('too far')}`);\n"
                    "log(`${s.break_off('again')} ${s.put(2)}`);\n"
                    "s.let_go();\n"
                    "show(await t.next());\n"
                    "await t.next().catch((e) => log(`${e}`));\n"
                    "show(await t.next());\n"
                    "const u = s.open_held();\n"
                    "const p = u.next().catch((e) => log(`${e.code} ${e}`));\n"
                    "s.break_off_system(); await p; s.let_go();");
  CHECK_LOG("0\n-5007 -5007\n1 false\nRangeError: too far\nundefined true\n"
            "ENOENT Error: ENOENT: no such file or directory, open '/x'\n");
  CHECK_INT(0, cancelled);
}

TEST(a_stream_that_was_let_go_of_rejects)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const t = s.open_held(2), p = t.next(), q = t.next();\n"
                    "s.put(1); s.let_go();\n"
                    "show(await p);\n"
                    "await q.catch((e) => log(e.message));\n"
                    "show(await t.next());");
  CHECK_LOG("1 false\nticks: native code has let go of the stream without "
            "ending it\nundefined true\n");
}

TEST(return_tells_c_and_ends_what_waits)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const t = s.open_held(2);\n"
                    "const p = t.next(), q = t.next();\n"
                    "show(await t.return('left'));\n"
                    "show(await p); show(await q);\n"
                    "log(`${s.put(1)} ${s.finish()}`);\n"
                    "show(await t.next()); s.let_go();");
  CHECK_LOG("left true\nundefined true\nundefined true\n-5017 -5017\n"
            "undefined true\n");
  CHECK_INT(1, cancelled);
  CHECK_INT(TENON_ECANCELED, why);
}

TEST(a_loop_that_is_left_cancels)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const t = s.open_held(2); s.put(1); s.put(2);\n"
                    "for await (const n of t) { log(`${n}`); break; }\n"
                    "log(`${s.put(3)}`); s.let_go();\n"
                    "const u = s.open_held(2); s.put(1);\n"
                    "await (async () => { for await (const n of u)\n"
                    "  throw new Error('thrown'); })().catch((e) =>\n"
                    "    log(e.message));\n"
                    "log(`${s.put(3)}`); s.let_go();");
  CHECK_LOG("1\n-5017\nthrown\n-5017\n");
  CHECK_INT(2, cancelled);
}

TEST(an_object_that_is_gone_cancels)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "s.open_held(2); s.put(1);");
  tenon_runtime_collect(rt);
  t_run(rt, IMPORTS "log(`${s.put(2)}`);\n"
                    "try { s.same(); } catch (e) { log(e.message); }\n"
                    "s.let_go();");
  CHECK_LOG("-5017\nsame: result: a stream that JavaScript has let go of\n");
  CHECK_INT(1, cancelled);
  CHECK_INT(TENON_ECANCELED, why);
}

TEST(a_stream_that_somebody_waits_for_is_not_collected)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "(async () => { for await (const n of s.open_held())\n"
                    "  log(`${n}`); log('end'); })();\n"
                    "globalThis.go = () => { s.put(1); s.finish(); };\n"
                    "setTimeout(() => { go(); s.let_go(); }, 20);\n"
                    "setTimeout(() => { let a = []; for (let i = 0; i < 1e5;\n"
                    "  i++) a.push({}); }, 5);");
  CHECK_LOG("1\nend\n");
}

TEST(the_same_stream_is_the_same_object)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const t = s.open_held();\n"
                    "log(`${s.same() === t}`); s.finish(); s.let_go();\n"
                    "s.give(async (g) => { for await (const n of g)\n"
                    "  log(`${n}`); });");
  CHECK_LOG("true\n42\n");
}

TEST(what_cannot_go_out_rejects_and_ends)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const t = s.too_large();\n"
                    "show(await t.next());\n"
                    "await t.next().catch((e) => log(`${e}`));\n"
                    "show(await t.next());\n"
                    "try { s.null_stream(); } catch (e) { log(`${e}`); }");
  CHECK_LOG(
      "1 false\n"
      "RangeError: larges: value: 18446744073709551615 is not a safe "
      "integer\nundefined true\n"
      "TypeError: null_stream: result: NULL, which is nullable's alone\n");
  CHECK_INT(1, cancelled);
  tenon_stream_release(held);
}

TEST(others_are_no_streams)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const t = s.three();\n"
                    "for (const v of [undefined, {}, Object.create(t), []])\n"
                    "  await t.next.call(v).catch((e) => log(e.message));\n"
                    "await t.return.call(1).catch((e) => log(e.message));");
  CHECK_LOG("next: this: expected a stream of native code\n"
            "next: this: expected a stream of native code\n"
            "next: this: expected a stream of native code\n"
            "next: this: expected a stream of native code\n"
            "return: this: expected a stream of native code\n");
}

TEST(to_wait_on_the_thread_of_the_loop_is_refused)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "s.open_held(1); log(`${s.put_waiting(1)}`);\n"
                    "log(`${s.put_waiting(2)}`); s.finish(); s.let_go();");
  CHECK_LOG("0\n-5005\n");
}

TEST(a_stream_of_null_is_refused)
{
  CHECK_INT(TENON_EINVAL, ticks_write(NULL, 1));
  CHECK_INT(TENON_EINVAL, ticks_write_wait(NULL, 1));
  CHECK_INT(TENON_EINVAL, tenon_stream_end(NULL));
  CHECK_INT(TENON_EINVAL, tenon_stream_fail(NULL, 0, "x"));
  CHECK_INT(TENON_EINVAL, tenon_stream_on_drain(NULL, on_drain, NULL));
  CHECK_INT(TENON_EINVAL, tenon_stream_on_cancel(NULL, on_cancel, NULL));
  CHECK(ticks_keep(NULL) == NULL);
  tenon_stream_release(NULL);
}

TEST(streams_beyond_the_limit_are_refused_and_cancelled)
{
  tenon_runtime *rt = runtime();

  rt->loop->open.most = 1;
  t_run(rt, IMPORTS "const t = s.three();\n"
                    "try { s.open_held(); } catch (e) { log(e.name); }\n"
                    "log(`${s.put(1)}`); s.let_go(); await t.return();");
  CHECK_LOG("RangeError\n-5017\n");
  CHECK_INT(1, cancelled);
}

TEST(a_stream_is_of_one_runtime)
{
  tenon_runtime *rt = runtime(), *other = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(other, "s", tenon_module_streaming));
  t_run(rt, IMPORTS "globalThis.t = s.open_held();");
  CHECK_THROWS(other, "a stream of another runtime",
               "import { same } from 's'; same();");
  CHECK_INT(0, tenon_stream_end(held));
  tenon_stream_release(held);
}

/* --- The end of a runtime or realm ------------------------------------------------- */

TEST(the_end_of_the_runtime_is_told)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "globalThis.t = s.open_held(2); s.put(1);");
  CHECK_INT(1, rt->loop->open.count);
  t_free(rt);
  CHECK_INT(1, cancelled);
  CHECK_INT(TENON_ECLOSING, why);
  CHECK_INT(TENON_ECLOSING, ticks_write(held, 1));
  CHECK_INT(TENON_ECLOSING, tenon_stream_end(held));
  tenon_stream_release(held);
}

TEST(the_end_of_the_runtime_drops_what_waits)
{
  tenon_runtime *rt = runtime();
  static const char text[] =
      IMPORTS "(async () => { for await (const n of s.open_held())\n"
              "  log(`${n}`); log('end'); })();\n"
              "setTimeout(() => process.exit(3), 1);";

  CHECK_INT(TENON_EEXIT, t_eval_module(rt, text));
  t_free(rt);
  CHECK_INT(TENON_ECLOSING, why);
  CHECK_LOG("");
  tenon_stream_release(held);
}

TEST(the_end_of_a_realm_is_told)
{
  static const char text[] =
      "import('s').then((s) => { globalThis.t = s.open_held(2);"
      " globalThis.p = t.next(); })";
  tenon_runtime *rt = runtime();
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_eval_script(realm, text, strlen(text), "r.js"));
  CHECK(held != NULL);
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK_INT(1, cancelled);
  CHECK_INT(TENON_ECLOSING, why);
  CHECK_INT(0, rt->loop->open.count);
  CHECK_INT(TENON_ECLOSING, ticks_write(held, 1));
  CHECK_INT(0, tenon_runtime_run(rt));
  tenon_stream_release(held);
}

/* --- Threads --------------------------------------------------------------------- */

typedef struct work {
  ticks *s;
  int32_t count;
  int code; /* of the last write */
  bool ends;
} work;

static pthread_t threads[8];
static work works[8];
static int started;

static void *write_all(void *p)
{
  work *w = p;
  int32_t i;

  for (i = 0; i < w->count && w->code == 0; i++)
    w->code = ticks_write_wait(w->s, i);
  if (w->ends) (void)tenon_stream_end(w->s);
  tenon_stream_release(w->s);
  return NULL;
}

static bool start(ticks *s, int32_t count, bool ends)
{
  work *w = &works[started];

  *w = (work){ticks_keep(s), count, 0, ends};
  if (pthread_create(&threads[started], NULL, write_all, w)) return false;
  started++;
  return true;
}

static void join_all(void)
{
  while (started)
    pthread_join(threads[--started], NULL);
}

TENON_FUNCTION(ticks, from_threads, (i32, count), (i32, mark),
               (i32, writers, 1))
{
  ticks *s = ticks_new((size_t)mark);
  int32_t i;

  if (!s) return tenon_fail_memory();
  for (i = 0; i < writers; i++)
    CHECK(start(s, count, writers == 1));
  held = s;
  if (writers > 1) return s;
  tenon_stream_release(s);
  return s;
}

TENON_BLOCKING(ticks, from_pool, (i32, count))
{
  ticks *s = ticks_new(4);

  if (!s) return tenon_fail_memory();
  CHECK(start(s, count, true));
  tenon_stream_release(s);
  return s;
}

T_SETTLED_ELSEWHERE(ticks, from_deferred)
{
  ticks *s = ticks_new(4);

  CHECK(start(s, 3, true));
  (void)TENON_RESOLVE(from_deferred, deferred, s);
  tenon_stream_release(s);
}

TEST(a_million_values_of_a_thread_come_in_order_and_flat)
{
  tenon_runtime *rt = runtime();
  tenon_memory before, after;

  t_run(rt, IMPORTS "for await (const n of s.from_threads(1000, 8)) ;");
  join_all();
  before = tenon_runtime_memory(rt);
  t_run(rt, IMPORTS "let next = 0, sum = 0;\n"
                    "for await (const n of s.from_threads(1000000, 64)) {\n"
                    "  if (n !== next++) throw new Error(`${n}`); sum += n; }\n"
                    "log(`${next} ${sum}`);");
  join_all();
  CHECK_LOG("1000000 499999500000\n");
  tenon_runtime_collect(rt);
  after = tenon_runtime_memory(rt);
  CHECK(after.used_bytes < before.used_bytes + 100000);
}

TEST(a_busy_stream_lets_the_loop_have_its_turn)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "let is_due = false, n = 0;\n"
                    "setTimeout(() => { is_due = true; }, 5);\n"
                    "for await (const x of s.from_threads(100000000, 64)) {\n"
                    "  n++; if (is_due) break; }\n"
                    "log(`${is_due && n > 0}`);");
  join_all();
  CHECK_INT(TENON_ECANCELED, works[0].code);
  CHECK_LOG("true\n");
}

TEST(several_threads_write_to_one_stream)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "let n = 0, sum = 0;\n"
                    "const t = s.from_threads(5000, 3, 4);\n"
                    "for await (const x of t) { sum += x;\n"
                    "  if (++n === 20000) break; }\n"
                    "log(`${n} ${sum}`);");
  join_all();
  tenon_stream_release(held);
  CHECK_LOG("20000 49990000\n");
}

TEST(functions_that_return_a_promise_return_streams)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "for await (const n of await s.from_pool(3)) log(`${n}`);\n"
                    "for await (const n of await s.from_deferred())\n"
                    "  log(`${n}`);");
  join_all();
  CHECK_LOG("0\n1\n2\n0\n1\n2\n");
}

TEST(a_thread_that_waits_wakes_when_javascript_leaves)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "for await (const n of s.from_threads(1000000, 4))\n"
                    "  if (n === 1000) break;");
  join_all();
  CHECK_INT(TENON_ECANCELED, works[0].code);
}

TEST(a_thread_that_waits_wakes_when_the_runtime_ends)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "globalThis.t = s.from_threads(1000000, 4);\n"
                    "show(await t.next());");
  t_free(rt);
  join_all();
  CHECK_INT(TENON_ECLOSING, works[0].code);
  CHECK_LOG("0 false\n");
}

static pthread_t writer;
static int end_code;

static void *write_to_the_end(void *p)
{
  while (ticks_write_wait(p, 1) == 0)
    continue;
  end_code = tenon_stream_end(p);
  tenon_stream_release(p);
  return NULL;
}

static void join_writer(void *p, int code)
{
  (void)p;
  why = code;
  CHECK_INT(0, pthread_join(writer, NULL));
}

TENON_FUNCTION(ticks, from_writer)
{
  ticks *s = ticks_new(4);

  if (!s) return tenon_fail_memory();
  CHECK_INT(0, tenon_stream_on_cancel(s, join_writer, NULL));
  CHECK_INT(0, pthread_create(&writer, NULL, write_to_the_end, s));
  return s;
}

TEST(who_is_told_of_the_end_may_wait_for_the_thread_that_writes)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "for await (const n of s.from_writer()) break;");
  CHECK_INT(TENON_ECANCELED, why);
  CHECK_INT(TENON_ECANCELED, end_code);
  t_run(rt, IMPORTS "globalThis.t = s.from_writer(); await t.next();");
  t_free(rt);
  CHECK_INT(TENON_ECLOSING, why);
  CHECK_INT(TENON_ECLOSING, end_code);
}

TEST(threads_write_while_runtimes_end)
{
  int i;

  for (i = 0; i < 50; i++) {
    tenon_runtime *rt = runtime();
    CHECK_INT(TENON_EEXIT,
              t_eval_module(
                  rt, IMPORTS
                  "let n = 0; globalThis.t = s.from_threads(100000, 2, 3);\n"
                  "(async () => { for await (const x of t) n++; })();\n"
                  "setTimeout(() => process.exit(0), 1);"));
    t_free(rt);
    join_all();
    tenon_stream_release(held);
    CHECK_INT(TENON_ECLOSING, works[0].code);
  }
}

TEST(a_stream_that_never_went_out_is_freed)
{
  ticks *s;

  (void)runtime();
  s = ticks_new(2);
  CHECK(s != NULL);
  CHECK_INT(0, ticks_write(s, 1));
  CHECK_INT(0, ticks_write(s, 1));
  CHECK_INT(TENON_EFULL, ticks_write(s, 1));
  CHECK(ticks_keep(s) == s);
  tenon_stream_release(s);
  tenon_stream_release(s);
}

/* --- Tables ----------------------------------------------------------------------- */

TENON_STREAM(array(str), texts)

TEST(streams_of_what_belongs_to_a_call_or_a_thread_are_refused)
{
  static const tenon_type any = {
      .kind = TENON_KIND_ANY, .size = sizeof(void *), .name = "any"};
  tenon_field item = {"value", &any, 0, 0, NULL};
  tenon_type type = tenon_type_ticks;

  CHECK(tenon_p_is_valid_type(&tenon_type_texts));
  type.fields = &item;
  CHECK(!tenon_p_is_valid_type(&type));
  item.type = &tenon_type_ticks;
  CHECK(!tenon_p_is_valid_type(&type));
  item.type = &tenon_type_i32;
  CHECK(tenon_p_is_valid_type(&type));
  item.flags = TENON_FIELD_COERCE;
  CHECK(!tenon_p_is_valid_type(&type));
  item.flags = TENON_FIELD_OPT;
  CHECK(tenon_p_is_valid_type(&type));
  type.field_count = 2;
  CHECK(!tenon_p_is_valid_type(&type));
}

TEST(a_stream_does_not_come_in)
{
  static const tenon_field params[] = {
      {"s", &tenon_type_ticks, sizeof(tenon_args), 0, NULL}};
  tenon_function f = tenon_p_function_three;

  CHECK(tenon_p_is_valid_function(&f));
  f.params = params;
  f.param_count = 1;
  f.args_size = sizeof(tenon_args) + sizeof(void *);
  CHECK(!tenon_p_is_valid_function(&f));
}
