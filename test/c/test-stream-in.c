/* Iterables: what JavaScript has and C reads, on the loop and on threads. */
#define TENON_MODULE reading
#include "harness.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>

#include "api/internal.h"
#include "bind/table.h"

TENON_MODULE_THREADS(any);

TENON_ITERABLE(i32, numbers)
TENON_ITERABLE(str, texts)
TENON_ITERABLE(bytes, pieces)
TENON_STREAM(bytes, chunks)

static int last_code;

/* --- On the pool ------------------------------------------------------------------ */

TENON_BLOCKING(f64, sum, (numbers, from), (i32, most, -1))
{
  double all = 0;
  int32_t n;

  last_code = 0;
  while (most-- != 0 && (last_code = numbers_read_wait(from, &n)) == 0)
    all += n;
  return all;
}

TENON_BLOCKING(str, recovers, (numbers, from))
{
  int32_t n;
  int r;

  while ((r = numbers_read_wait(from, &n)) == 0)
    ;
  if (r != TENON_EEXCEPTION || !tenon_recover()) return tenon_str_of("no");
  return tenon_str_of(numbers_read_wait(from, &n) == TENON_EEND ? "caught"
                                                                : "more");
}

TENON_BLOCKING(str, joined, (texts, from), (opt(texts), more))
{
  char *all = tenon_alloc(200);
  tenon_str s;

  if (!all) return tenon_fail_memory();
  all[0] = '\0';
  while (texts_read_wait(from, &s) == 0)
    strncat(all, s.data, 90);
  while (more && texts_read_wait(*more, &s) == 0)
    strncat(all, s.data, 90);
  return tenon_str_of(all);
}

TENON_FUNCTION(i32, on_the_loop, (numbers, from))
{
  int32_t n;

  return numbers_read_wait(from, &n);
}

/* --- On the loop ------------------------------------------------------------------ */

typedef struct adder {
  tenon_deferred *deferred;
  numbers *from;
  int64_t all;
  int32_t most;
} adder;

static void on_number(void *p, int code);
TENON_ASYNC(i64, add_up, (numbers, from), (i32, most, -1))
{
  adder *a = calloc(1, sizeof *a);

  if (!a) {
    tenon_fail_memory();
    return;
  }
  *a = (adder){deferred, from, 0, most};
  CHECK_INT(0, numbers_read(from, on_number, a));
}

static void on_number(void *p, int code)
{
  adder *a = p;
  tenon_deferred *d = a->deferred;
  int64_t all = a->all;

  last_code = code;
  if (code == 0) {
    a->all += *numbers_value(a->from);
    if (--a->most != 0) {
      CHECK_INT(0, numbers_read(a->from, on_number, a));
      CHECK_INT(TENON_EBUSY, numbers_read(a->from, on_number, a));
      return;
    }
    all = a->all;
  }
  free(a);
  if (code == TENON_EEXCEPTION)
    CHECK_INT(0, tenon_deferred_reject_failed(d));
  else
    (void)TENON_RESOLVE(add_up, d, all);
}

/* --- Kept ------------------------------------------------------------------------- */

static numbers *kept;
TENON_FUNCTION(none, keep, (numbers, from))
{
  kept = numbers_keep(from);
}
TENON_FUNCTION(none, release)
{
  tenon_iterable_release(kept);
  kept = NULL;
}
TENON_FUNCTION(i32, cancel)
{
  return tenon_iterable_cancel(kept);
}
static numbers *pair[2];
static int pair_told;
static void on_pair(void *p, int code)
{
  (void)p;
  last_code = code;
  if (++pair_told > 1) return;
  tenon_iterable_release(pair[0]);
  tenon_iterable_release(pair[1]);
}
TENON_FUNCTION(none, read_pair, (numbers, first), (numbers, second))
{
  pair[0] = numbers_keep(first);
  pair[1] = numbers_keep(second);
  CHECK_INT(0, numbers_read(first, on_pair, NULL));
  CHECK_INT(0, numbers_read(second, on_pair, NULL));
}
static void on_kept(void *p, int code)
{
  (void)p;
  last_code = code;
}
TENON_FUNCTION(i32, read_kept)
{
  last_code = 99;
  return numbers_read(kept, on_kept, NULL);
}
TENON_FUNCTION(i32, code)
{
  return last_code;
}

/* --- From one to the other ----------------------------------------------------------- */

typedef struct pipe_work {
  pieces *from;
  chunks *to;
} pipe_work;

static pthread_t pipe_threads[4];
static int pipe_count;

static void join_pipes(void)
{
  while (pipe_count)
    pthread_join(pipe_threads[--pipe_count], NULL);
}

static uint8_t rot13_of(uint8_t c)
{
  if ((c >= 'a' && c <= 'm') || (c >= 'A' && c <= 'M'))
    return (uint8_t)(c + 13);
  if ((c >= 'n' && c <= 'z') || (c >= 'N' && c <= 'Z'))
    return (uint8_t)(c - 13);
  return c;
}

static void *run_rot13(void *p)
{
  pipe_work *w = p;
  tenon_bytes b, turned;
  int r = 0;

  while ((r = pieces_read_wait(w->from, &b)) == 0) {
    uint8_t *copy = malloc(b.len + 1);
    size_t i;
    if (!copy) break;
    for (i = 0; i < b.len; i++)
      copy[i] = rot13_of(b.data[i]);
    turned = (tenon_bytes){copy, b.len};
    r = chunks_write_wait(w->to, turned);
    free(copy);
    if (r) break;
  }
  __atomic_store_n(&last_code, r, __ATOMIC_SEQ_CST);
  if (r == TENON_EEND)
    (void)tenon_stream_end(w->to);
  else if (r == TENON_EEXCEPTION)
    (void)tenon_stream_fail_by(w->to, w->from);
  tenon_stream_release(w->to);
  tenon_iterable_release(w->from);
  free(w);
  return NULL;
}

TENON_FUNCTION(chunks, rot13, (pieces, from), (i32, mark, 4))
{
  pipe_work *w = malloc(sizeof *w);

  if (!w) return tenon_fail_memory();
  w->to = chunks_new((size_t)mark);
  if (!w->to) {
    free(w);
    return tenon_fail_memory();
  }
  w->from = pieces_keep(from);
  CHECK_INT(0, pthread_create(&pipe_threads[pipe_count++], NULL, run_rot13, w));
  return w->to;
}

static tenon_runtime *runtime(void)
{
  tenon_runtime *rt = t_runtime();

  last_code = 0;
  kept = NULL;
  CHECK_INT(0, tenon_runtime_add_module(rt, "r", tenon_module_reading));
  return rt;
}

#define IMPORTS                                                             \
  "import { log } from 'test';\n"                                           \
  "import * as r from 'r';\n"                                               \
  "const turn = (ms = 1) => new Promise((done) => setTimeout(done, ms));\n" \
  "const caught = (p) => p.then((v) => log(`${v}`), (e) => log(`${e}`));\n"

TEST(async_generators_and_arrays_are_read_on_the_pool)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "async function* g() { yield 1; await turn(); yield 2; }\n"
                    "log(`${await r.sum(g())}`);\n"
                    "log(`${await r.sum([1, 2, 3])}`);\n"
                    "log(`${await r.sum([Promise.resolve(4), 5])}`);\n"
                    "log(`${await r.sum(new Set([7]))}`);\n"
                    "log(await r.joined(['a', 'b'], ['c']));\n"
                    "log(await r.joined((function* () { yield 'x'; })()));");
  CHECK_LOG("3\n6\n9\n7\nabc\nx\n");
  CHECK_INT(TENON_EEND, last_code);
  CHECK_INT(0, rt->loop->open.count);
}

TEST(they_are_read_on_the_loop)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "async function* g() { yield 1; await turn(); yield 2; }\n"
                    "log(`${await r.add_up(g())}`);\n"
                    "log(`${await r.add_up([1, 2, 3])}`);");
  CHECK_LOG("3\n6\n");
}

TEST(what_c_does_not_read_is_not_produced)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "let made = 0;\n"
                    "async function* g() { try { for (;;) yield ++made; }\n"
                    "  finally { log(`closed at ${made}`); } }\n"
                    "log(`${await r.sum(g(), 3)}`); await turn();\n"
                    "log(`${await r.add_up(g(), 2)}`); await turn();\n"
                    "log(`${await r.sum(g(), 0)}`); await turn();");
  CHECK_LOG("6\nclosed at 3\n9\nclosed at 5\n0\n");
}

TEST(one_value_is_asked_for_at_a_time)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "let inside = 0, most = 0, n = 0;\n"
                    "const it = { [Symbol.asyncIterator]() { return this; },\n"
                    "  async next() { most = Math.max(most, ++inside);\n"
                    "    await turn(0); inside--;\n"
                    "    return { value: n, done: ++n > 20 }; } };\n"
                    "log(`${await r.sum(it)} ${most}`);");
  CHECK_LOG("190 1\n");
}

TEST(errors_of_the_iterator_are_those_of_the_function)
{
  tenon_runtime *rt = runtime();

  t_run(
      rt, IMPORTS
      "async function* g() { yield 1; throw new RangeError('thrown'); }\n"
      "const own = new Error('own');\n"
      "await caught(r.sum(g())); await caught(r.add_up(g()));\n"
      "await r.sum((function* () { throw own; })()).catch((e) =>\n"
      "  log(`${e === own}`));\n"
      "await r.add_up((function* () { yield Promise.reject(own); })()).catch((e) =>\n"
      "  log(`${e === own}`));\n"
      "log(await r.recovers(g()));");
  CHECK_LOG("RangeError: thrown\nRangeError: thrown\ntrue\ntrue\ncaught\n");
}

TEST(what_is_no_iterator_is_refused)
{
  tenon_runtime *rt = runtime();

  t_run(rt,
        IMPORTS "for (const v of [1, 'text', null, undefined, {}, () => {},\n"
                "  { [Symbol.asyncIterator]: 5 }]) await caught(r.sum(v));\n"
                "const with_ = (x) => ({ [Symbol.asyncIterator]: x });\n"
                "await caught(r.sum(with_(() => 1)));\n"
                "await caught(r.sum(with_(() => ({}))));\n"
                "await caught(r.sum(with_(() => ({ next: () => 1 }))));\n"
                "await caught(r.sum(with_(() => { throw 'opened'; })));\n"
                "await caught(r.sum({ get [Symbol.iterator]() {\n"
                "  throw 'got'; } }));");
  CHECK_LOG(
      "TypeError: sum: argument 1 'from': expected AsyncIterable or Iterable, "
      "got 1\n"
      "TypeError: sum: argument 1 'from': expected AsyncIterable or Iterable, "
      "got string\n"
      "TypeError: sum: argument 1 'from': expected AsyncIterable or Iterable, "
      "got null\n"
      "TypeError: sum: argument 1 'from': expected AsyncIterable or Iterable, "
      "got undefined\n"
      "TypeError: sum: argument 1 'from': expected AsyncIterable or Iterable, "
      "got object\n"
      "TypeError: sum: argument 1 'from': expected AsyncIterable or Iterable, "
      "got function\n"
      "TypeError: sum: argument 1 'from': expected AsyncIterable or Iterable, "
      "got object\n"
      "TypeError: numbers: the iterator is no object\n"
      "TypeError: numbers: next of the iterator is no function\n"
      "TypeError: numbers: next of the iterator returned no object\n"
      "opened\ngot\n");
}

TEST(a_value_of_another_type_closes_the_iterator)
{
  tenon_runtime *rt = runtime();

  t_run(rt,
        IMPORTS "async function* g() { try { yield 1; yield 'x'; yield 3; }\n"
                "  finally { log('closed'); } }\n"
                "await caught(r.sum(g())); await caught(r.add_up(g()));\n"
                "await caught(r.sum([1.5]));");
  CHECK_LOG("closed\nTypeError: numbers: value: expected integer, got string\n"
            "closed\nTypeError: numbers: value: expected integer, got string\n"
            "TypeError: numbers: value: expected integer, got 1.5\n");
}

TEST(to_wait_on_the_thread_of_the_loop_is_refused)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "log(`${r.on_the_loop([1])}`);");
  CHECK_LOG("-5005\n");
}

TEST(what_is_kept_is_read_later_and_closed_when_let_go_of)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "function* g() { try { yield 1; yield 2; }\n"
                    "  finally { log('closed'); } }\n"
                    "r.keep(g()); log(`${r.read_kept()}`);\n"
                    "do await turn(); while (r.code() === 99);\n"
                    "log(`${r.code()}`); r.release(); log('released');\n"
                    "await turn();");
  CHECK_LOG("0\n0\nreleased\nclosed\n");
}

TEST(cancelled_it_gives_no_more_and_is_closed)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const it = { [Symbol.asyncIterator]: () => it,\n"
                    "  next: () => new Promise(() => {}),\n"
                    "  return() { log('return'); return {}; } };\n"
                    "r.keep(it); r.read_kept(); await turn();\n"
                    "log(`${r.code()} ${r.read_kept()}`);\n"
                    "r.cancel(); r.cancel(); await turn();\n"
                    "log(`${r.code()}`); r.read_kept(); await turn();\n"
                    "log(`${r.code()}`); r.release(); await turn();");
  CHECK_LOG("99 -5005\nreturn\n-5017\n-5017\n");
}

TEST(what_return_throws_is_uncaught)
{
  tenon_runtime *rt = runtime();

  CHECK_THROWS(rt, "RangeError: return",
               IMPORTS "const it = { [Symbol.iterator]: () => it,\n"
                       "  next: () => ({ value: 1, done: false }),\n"
                       "  return() { throw new RangeError('return'); } };\n"
                       "log(`${await r.sum(it, 1)}`); await turn();");
  CHECK_LOG("1\n");
}

TEST(the_end_of_the_runtime_wakes_a_thread_that_reads)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS "const it = { [Symbol.asyncIterator]: () => it,\n"
                    "  next: () => new Promise(() => {}) };\n"
                    "r.rot13(it); await turn(5);");
  t_free(rt);
  join_pipes();
  CHECK_INT(TENON_ECLOSING, last_code);
}

TEST(the_end_of_the_runtime_ends_a_read_of_the_pool)
{
  tenon_runtime *rt = runtime();
  static const char text[] =
      IMPORTS "const it = { [Symbol.asyncIterator]: () => it,\n"
              "  next: () => new Promise(() => {}) };\n"
              "r.sum(it); setTimeout(() => process.exit(1), 5);";

  CHECK_INT(TENON_EEXIT, t_eval_module(rt, text));
  t_free(rt);
  CHECK_INT(TENON_ECLOSING, last_code);
}

/* The runtime ends in between; nothing of the realm holds them then. */
TEST(what_is_let_go_of_is_there_until_its_read_is_told)
{
  static const char text[] = "import { read_pair } from 'r';\n"
                             "read_pair([1], [2]);";
  tenon_runtime *rt = runtime();
  tenon_realm *realm;

  pair_told = 0;
  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_eval_module(realm, text, strlen(text), "r.js"));
  CHECK_INT(0, tenon_realm_free(realm));
  t_free(rt);
  CHECK_INT(2, pair_told);
  CHECK_INT(TENON_ECLOSING, last_code);
}

TEST(the_end_of_a_realm_ends_what_is_read)
{
  static const char text[] =
      "import('r').then((r) => { const it = { [Symbol.asyncIterator]: () =>"
      " it, next: () => new Promise(() => {}) }; r.keep(it); r.read_kept();"
      " })";
  tenon_runtime *rt = runtime();
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(0, tenon_realm_eval_script(realm, text, strlen(text), "r.js"));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(99, last_code);
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK_INT(TENON_ECLOSING, last_code);
  CHECK_INT(0, numbers_read(kept, on_kept, NULL));
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_INT(TENON_ECLOSING, last_code);
  CHECK_INT(0, rt->loop->open.count);
  tenon_iterable_release(kept);
  CHECK_INT(0, tenon_runtime_run(rt));
}

/* --- Both --------------------------------------------------------------------------- */

#define BYTES                                              \
  "const bytes = (s) => new Uint8Array([...s].map((c) => " \
  "c.charCodeAt(0)));\n"                                   \
  "const text = (b) => String.fromCharCode(...b);\n"

TEST(a_thread_reads_one_and_writes_the_other)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS BYTES
        "async function* g() { yield bytes('Hello'); yield bytes('uryyb'); }\n"
        "async function* upper(from) { for await (const b of from)\n"
        "  yield bytes(text(b).toUpperCase()); }\n"
        "for await (const b of r.rot13(upper(r.rot13(g())))) log(text(b));");
  join_pipes();
  CHECK_LOG("HELLO\nURYYB\n");
}

TEST(an_error_passes_through_as_it_is)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS BYTES
        "const own = new Error('own');\n"
        "async function* g() { yield bytes('a'); throw own; }\n"
        "try { for await (const b of r.rot13(r.rot13(g()))) log(text(b)); }\n"
        "catch (e) { log(`${e === own}`); }");
  join_pipes();
  CHECK_LOG("a\ntrue\n");
}

TEST(to_leave_the_end_of_a_pipe_closes_its_beginning)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS BYTES
        "let made = 0;\n"
        "async function* g() { try { for (;;) { made++; yield bytes('a'); } }\n"
        "  finally { log('closed'); } }\n"
        "let n = 0;\n"
        "for await (const b of r.rot13(r.rot13(g()))) if (++n === 100) break;\n"
        "for (let i = 0; i < 500 && made; i++) await turn();\n"
        "log(`${made - n <= 16}`);");
  join_pipes();
  CHECK_LOG("closed\ntrue\n");
}

TEST(what_nobody_reads_holds_the_producer_back)
{
  tenon_runtime *rt = runtime();

  t_run(rt, IMPORTS BYTES
        "let made = 0;\n"
        "async function* g() { for (; made < 1000;) { made++;\n"
        "  yield bytes('a'); } }\n"
        "const s = r.rot13(g(), 4);\n"
        "await turn(50); log(`${made <= 6}`);\n"
        "let n = 0; for await (const b of s) n++; log(`${n} ${made}`);");
  join_pipes();
  CHECK_LOG("true\n1000 1000\n");
}

TEST(many_small_values_pass_and_memory_stays_flat)
{
  tenon_runtime *rt = runtime();
  tenon_memory before, after;
  static const char source[] = IMPORTS BYTES
      "const one = bytes('n'), count = globalThis.count ?? 1000;\n"
      "async function* g() { for (let i = 0; i < count; i++) yield one; }\n"
      "let n = 0;\n"
      "for await (const b of r.rot13(g(), 64)) n += b[0] === 97;\n"
      "log(`${n}`);";

  t_run(rt, source);
  join_pipes();
  tenon_runtime_collect(rt);
  before = tenon_runtime_memory(rt);
  t_run(rt, "globalThis.count = 50000;");
  t_run(rt, source);
  join_pipes();
  tenon_runtime_collect(rt);
  after = tenon_runtime_memory(rt);
  CHECK_LOG("1000\n50000\n");
  CHECK(after.used_bytes < before.used_bytes + 200000);
}

TEST(pipes_run_while_runtimes_end)
{
  int i;

  for (i = 0; i < 30; i++) {
    tenon_runtime *rt = runtime();
    CHECK_INT(
        TENON_EEXIT,
        t_eval_module(rt, IMPORTS BYTES
                      "async function* g() { for (;;) yield bytes('a'); }\n"
                      "(async () => { for await (const b of\n"
                      "  r.rot13(r.rot13(g()))); })();\n"
                      "setTimeout(() => process.exit(0), 2);"));
    t_free(rt);
    join_pipes();
  }
}

/* --- Tables ------------------------------------------------------------------------- */

TEST(an_iterable_of_null_is_refused)
{
  int32_t n = 1;

  CHECK_INT(TENON_EINVAL, numbers_read_wait(NULL, &n));
  CHECK_INT(0, n);
  CHECK_INT(TENON_EINVAL, numbers_read(NULL, on_kept, NULL));
  CHECK_INT(TENON_EINVAL, tenon_iterable_cancel(NULL));
  CHECK_INT(TENON_EINVAL, tenon_stream_fail_by(NULL, NULL));
  CHECK(numbers_keep(NULL) == NULL);
  tenon_iterable_release(NULL);
}

TEST(an_iterable_does_not_go_out)
{
  tenon_function f = tenon_p_function_on_the_loop;

  CHECK(tenon_p_is_valid_function(&f));
  f.result.type = &tenon_type_numbers;
  CHECK(!tenon_p_is_valid_function(&f));
}
