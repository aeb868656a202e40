/* Graphs of modules: deep, wide, circular, failing; and parts that come later,
 * from any thread. */
#define TENON_MODULE graph
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon.h>
#include <tenon/export.h>
#include <tenon/loader.h>
#include <tenon/realm.h>
#include <unistd.h>

#include "harness.h"

/* --- Modules by a rule -------------------------------------------------------------- */

/* "n:deep/7": a chain that ends at `last`; "n:star/7": the same of `export *`;
 * "n:wide": imports `last` leaves; "n:ring/7": each of `last` imports the next. */
static int last;

static tenon_said find(tenon_resolve *q, void *data)
{
  const char *s = tenon_resolve_specifier(q);

  (void)data;
  return strncmp(s, "n:", 2) == 0 || strncmp(s, "web:", 4) == 0
             ? tenon_resolve_answer(q, s)
             : tenon_resolve_pass(q, NULL);
}

static tenon_said load_by_rule(tenon_load *q, void *data)
{
  const char *url = tenon_load_url(q), *slash = strchr(url, '/');
  int n = slash ? atoi(slash + 1) : 0, i;
  char text[200], *wide;
  size_t len = 0;
  tenon_said said;

  (void)data;
  if (strncmp(url, "n:deep/", 7) == 0) {
    snprintf(text, sizeof text,
             n == last ? "export const v = 1;"
                       : "import { v as w } from 'n:deep/%d';\n"
                         "export const v = w + 1;",
             n + 1);
  } else if (strncmp(url, "n:star/", 7) == 0) {
    snprintf(text, sizeof text,
             n == last ? "export const v = 1;" : "export * from 'n:star/%d';",
             n + 1);
  } else if (strncmp(url, "n:ring/", 7) == 0) {
    snprintf(text, sizeof text,
             "import { f as g } from 'n:ring/%d';\n"
             "export const f = (n) => n ? g(n - 1) : %d;",
             (n + 1) % last, n);
  } else if (strncmp(url, "n:leaf/", 7) == 0) {
    snprintf(text, sizeof text, "export default %d;", n);
  } else if (strcmp(url, "n:wide") == 0) {
    wide = malloc((size_t)last * 64 + 64);
    assert_non_null(wide);
    for (i = 0; i < last; i++)
      len +=
          (size_t)sprintf(wide + len, "import v%d from 'n:leaf/%d';\n", i, i);
    len += (size_t)sprintf(wide + len, "export const v = v%d;", last - 1);
    said = tenon_load_answer(q, wide, len);
    free(wide);
    return said;
  } else {
    return tenon_load_pass(q, NULL);
  }
  return tenon_load_answer(q, text, strlen(text));
}

static const tenon_link rule = {
    .size = sizeof rule, .name = "rule", .resolve = find, .load = load_by_rule};

static tenon_runtime *with_rule(int n)
{
  tenon_runtime *rt = t_runtime();

  last = n;
  CHECK_INT(0, tenon_runtime_add_link(rt, &rule, NULL, false));
  return rt;
}

TEST(a_chain_of_modules_is_as_long_as_it_likes)
{
  tenon_runtime *rt = with_rule(20000);

  t_run(rt, "import { log } from 'test'; import { v } from 'n:deep/0';\n"
            "log(`${v} ${(await import('n:deep/1')).v}`);");
  CHECK_LOG("20001 20000\n");
}

TEST(an_import_of_a_long_chain_is_no_different)
{
  tenon_runtime *rt = with_rule(20000);

  t_run(rt, "import { log } from 'test';\n"
            "log(`${(await import('n:deep/0')).v}`);");
  CHECK_LOG("20001\n");
}

TEST(a_chain_of_exports_is_as_long_as_the_stack)
{
  tenon_runtime *rt = with_rule(300000);

  CHECK_THROWS(rt, "call stack size exceeded", "import { v } from 'n:star/0';");
  CHECK_THROWS(rt, "call stack size exceeded",
               "import * as v from 'n:star/0';");
}

TEST(a_module_may_import_as_many_as_it_likes)
{
  tenon_runtime *rt = with_rule(5000);

  t_run(rt, "import { log } from 'test'; import { v } from 'n:wide';\n"
            "log(`${v}`);");
  CHECK_LOG("4999\n");
}

TEST(a_circle_may_be_large)
{
  tenon_runtime *rt = with_rule(5000);

  t_run(rt, "import { log } from 'test'; import { f } from 'n:ring/0';\n"
            "let n = f(100); log(`${n}`);");
  CHECK_LOG("100\n");
}

/* --- Sources that come later ---------------------------------------------------------- */

typedef struct source {
  const char *url, *text;
} source;

static const source sources[] = {
    {"web:a", "import b from 'web:b'; import c from 'web:c';\n"
              "export default `a${b}${c}`;"},
    {"web:b", "import d from 'web:d'; export default `b${d}`;"},
    {"web:c", "import d from 'web:d'; export default `c${d}`;"},
    {"web:d", "export default 'd';"},
    {"web:circle/1", "import { g } from './2';\n"
                     "export function f() { return 'f'; }\n"
                     "export const r = g();"},
    {"web:circle/2", "import { f } from './1';\n"
                     "export function g() { return 'g' + f(); }"},
    {"web:bad", "let = ;"},
    {"web:needs-bad", "\nimport 'web:bad';"},
    {"web:needs-gone", "import 'web:d';\n  import 'web:gone';"},
    {"web:x", "import 'web:y'; import 'web:gone';"},
    {"web:y", "import 'web:gone/2';"},
    {"web:json", "{ \"j\": 1 }"},
    {"web:throws", "import 'web:d'; throw new Error('thrown');"},
    {"web:awaits", "export default await Promise.resolve('awaited');"},
};

static tenon_loading *waiting[64];
static int waiting_count, asked;

static tenon_said load_later(tenon_load *q, void *data)
{
  const char *url = tenon_load_url(q);
  tenon_said said;

  (void)data;
  if (strncmp(url, "web:", 4) != 0) return tenon_load_pass(q, NULL);
  asked++;
  CHECK(waiting_count < 64);
  said = tenon_load_later(q, &waiting[waiting_count]);
  if (said == TENON_SAID_LATER) waiting_count++;
  return said;
}

static const tenon_link web = {
    .size = sizeof web, .name = "web", .resolve = find, .load = load_later};

static char held[64]; /* that is not answered */

/* What is there, for the one that waits longest, on the calling thread. */
static int answer_one(void)
{
  tenon_loading *l;
  const char *url;
  size_t i;
  int n = 0;

  while (n < waiting_count && strcmp(tenon_loading_url(waiting[n]), held) == 0)
    n++;
  if (n == waiting_count) return -1;
  l = waiting[n];
  waiting_count--;
  memmove(waiting + n, waiting + n + 1,
          (size_t)(waiting_count - n) * sizeof *waiting);
  url = tenon_loading_url(l);
  for (i = 0; i < sizeof sources / sizeof *sources; i++)
    if (strcmp(sources[i].url, url) == 0)
      return tenon_loading_answer(l, sources[i].text, strlen(sources[i].text));
  if (strcmp(url, "web:native") == 0)
    return tenon_loading_answer_native(l, tenon_module_graph);
  if (strncmp(url, "web:n/", 6) == 0)
    return tenon_loading_pass(l, "not in the web's %s", "cache");
  return tenon_loading_fail(l, "ECONNRESET", "no answer for %s", url);
}

static void *answer_elsewhere(void *p)
{
  *(int *)p = answer_one();
  return NULL;
}

/* The one that waits longest, by another thread: what it was told. */
TENON_FUNCTION(i32, answer)
{
  pthread_t thread;
  int r = 0;

  if (!waiting_count) return 1;
  assert_int_equal(0, pthread_create(&thread, NULL, answer_elsewhere, &r));
  pthread_join(thread, NULL);
  return r;
}

TENON_FUNCTION(none, hold, (str, url))
{
  snprintf(held, sizeof held, "%s", url.data);
}

TENON_FUNCTION(i32, count_waiting)
{
  return waiting_count;
}

TENON_FUNCTION(i32, add, (i32, a), (i32, b))
{
  return a + b;
}

/* `all(p)` answers until p is settled. */
#define HEAD                                                               \
  "import { log } from 'test';\n"                                          \
  "import { answer, count_waiting as countWaiting, hold } from 'graph';\n" \
  "const told = (s, o) => import(s, o).then((m) => log(`${m.default}`),\n" \
  "  (e) => log(`${e.code} ${e.message}`));\n"                             \
  "const turn = () => new Promise((f) => setTimeout(f, 1));\n"             \
  "const until = async (f) => { while (!f()) await turn(); };\n"           \
  "const all = async (...p) => { let done = false;\n"                      \
  "  const q = Promise.all(p); q.finally(() => { done = true; })\n"        \
  "    .catch(() => 0);\n"                                                 \
  "  while (!done) { answer(); await turn(); } return q; };\n"

static tenon_runtime *with_web(void)
{
  tenon_runtime *rt = t_runtime();

  waiting_count = asked = 0;
  held[0] = '\0';
  CHECK_INT(0, tenon_runtime_add_module(rt, "graph", tenon_module_graph));
  CHECK_INT(0, tenon_runtime_add_link(rt, &web, NULL, false));
  return rt;
}

/* What is ready, without waiting: what is left. */
static tenon_left step(tenon_runtime *rt)
{
  tenon_left left;

  CHECK_INT(0, tenon_runtime_step(rt, 0, &left));
  return left;
}

TEST(a_graph_is_evaluated_when_all_of_it_has_come)
{
  tenon_runtime *rt = with_web();

  t_run(rt, HEAD "const p = told('web:a'); let n = 0;\n"
                 "const t = setInterval(() => n++, 1);\n"
                 "for (let i = 0; i < 20; i++) await turn();\n"
                 "log(`${countWaiting()} ${n > 5}`);\n"
                 "await all(p); clearInterval(t);");
  CHECK_LOG("1 true\nabdcd\n");
  CHECK_INT(4, asked);
}

TEST(all_that_a_module_imports_is_asked_for_at_once)
{
  tenon_runtime *rt = with_web();

  t_run(rt, HEAD "const p = told('web:a');\n"
                 "await until(() => countWaiting() === 1); answer();\n"
                 "await until(() => countWaiting() === 2);\n"
                 "await all(p);");
  CHECK_LOG("abdcd\n");
}

TEST(two_imports_wait_for_the_same_answer)
{
  tenon_runtime *rt = with_web();

  t_run(rt, HEAD "const p = [told('web:b'), told('web:d'), told('web:c'),\n"
                 "  told('web:b')]; await all(...p);");
  CHECK_LOG("d\nbd\nbd\ncd\n");
  CHECK_INT(3, asked);
}

TEST(a_circle_comes_later)
{
  tenon_runtime *rt = with_web();

  t_run(rt, HEAD "const p = import('web:circle/1'); await all(p);\n"
                 "log((await p).r);");
  CHECK_LOG("gf\n");
}

TEST(what_a_program_begins_with_may_come_later)
{
  tenon_runtime *rt = with_web();
  static const char program[] = "import { log } from 'test';\n"
                                "import a from 'web:a';\nlog(a);";
  pthread_t thread;
  int r, i;

  CHECK_INT(
      0, tenon_runtime_eval_module(rt, program, sizeof program - 1, "main.js"));
  CHECK_LOG("");
  for (i = 0; i < 4; i++) {
    CHECK_INT(i % 3 ? 2 : 1, waiting_count);
    CHECK_INT(0, pthread_create(&thread, NULL, answer_elsewhere, &r));
    pthread_join(thread, NULL);
    CHECK_INT(0, r);
    (void)step(rt);
  }
  CHECK_INT(0, tenon_runtime_run(rt));
  CHECK_LOG("abdcd\n");
}

TEST(what_fails_later_is_an_error_of_each_import)
{
  tenon_runtime *rt = with_web();

  t_run(rt, HEAD "const p = [told('web:gone'), told('web:needs-gone'),\n"
                 "  told('web:needs-bad')]; await all(...p);");
  CHECK_LOG("ECONNRESET Cannot load web:gone: web: no answer for web:gone\n"
            "ECONNRESET Cannot load web:gone: web: no answer for web:gone\n"
            "undefined variable name expected\n");
}

TEST(the_error_says_which_import_it_is_of)
{
  tenon_runtime *rt = with_web();

  t_run(rt, HEAD "const p = import('web:needs-gone').catch((e) =>\n"
                 "  log(e.stack.trim())); await all(p);");
  CHECK_LOG("at web:needs-gone:2:10\n");
}

TEST(a_module_that_throws_was_loaded)
{
  tenon_runtime *rt = with_web();

  t_run(rt, HEAD "const p = told('web:throws'); await all(p);\n"
                 "await told('web:throws');\n"
                 "const q = told('web:awaits'); await all(q);");
  CHECK_LOG("undefined thrown\nundefined thrown\nawaited\n");
}

TEST(who_passes_later_has_the_next_link_asked)
{
  tenon_runtime *rt = with_web();
  tenon_runtime *rt2;

  t_run(rt, HEAD "const p = told('web:n/1'); await all(p);");
  CHECK_LOG("ERR_MODULE_NOT_FOUND Cannot load web:n/1: nobody has it; web: not "
            "in the web's cache\n");
  t_free(rt);
  /* The same link a second time: it is asked again, later. */
  rt2 = with_web();
  CHECK_INT(0, tenon_runtime_add_link(rt2, &web, NULL, true));
  t_run(rt2, HEAD "const p = told('web:n/1'); await all(p);");
  CHECK_LOG("ERR_MODULE_NOT_FOUND Cannot load web:n/1: nobody has it; web: not "
            "in the web's cache; web: not in the web's cache\n");
  CHECK_INT(2, asked);
}

TEST(data_and_native_functions_come_later)
{
  tenon_runtime *rt = with_web();

  t_run(rt, HEAD "const p = [import('web:json', { with: { type: 'json' } }),\n"
                 "  import('web:json', { with: { type: 'text' } }),\n"
                 "  import('web:native')]; await all(...p);\n"
                 "const [j, t, n] = await Promise.all(p);\n"
                 "log(`${j.default.j} ${t.default} ${n.add(1, 2)}`);");
  CHECK_LOG("1 { \"j\": 1 } 3\n");
}

TEST(an_import_that_failed_is_tried_again)
{
  tenon_runtime *rt = with_web();

  t_run(rt, HEAD "const p = told('web:needs-gone'); await all(p);\n"
                 "const q = told('web:needs-gone'); await all(q);");
  CHECK_LOG("ECONNRESET Cannot load web:gone: web: no answer for web:gone\n"
            "ECONNRESET Cannot load web:gone: web: no answer for web:gone\n");
}

TEST(a_graph_that_failed_while_another_waits_is_tried_again)
{
  tenon_runtime *rt = with_web();

  /* x keeps y while d waits; y then fails alone, and is forgotten. */
  t_run(rt, HEAD "const d = told('web:d');\n"
                 "const x = told('web:x');\n"
                 "hold('web:d'); await all(x); hold('');\n"
                 "await all(d); await all(told('web:y'));\n"
                 "await all(told('web:x'));\n"
                 "while (countWaiting()) answer();");
  CHECK_LOG("ECONNRESET Cannot load web:gone: web: no answer for web:gone\n"
            "d\n"
            "ECONNRESET Cannot load web:gone/2: web: no answer for web:gone/2\n"
            "ECONNRESET Cannot load web:gone: web: no answer for web:gone\n");
}

TEST(what_is_open_is_told)
{
  tenon_runtime *rt = with_web();
  static const char program[] = "import('web:a'); import('web:d');";

  CHECK_INT(
      0, tenon_runtime_eval_module(rt, program, sizeof program - 1, "main.js"));
  CHECK_INT(2, tenon_runtime_open_count(rt));
  CHECK_TEXT("2 imports\n  1 import of web:a\n  1 import of web:d",
             tenon_runtime_open(rt, TENON_FORM_TEXT));
  while (waiting_count)
    CHECK_INT(0, answer_one());
  (void)step(rt);
  while (waiting_count) {
    CHECK_INT(0, answer_one());
    (void)step(rt);
  }
  CHECK_INT(0, tenon_runtime_open_count(rt));
}

/* --- Ends ---------------------------------------------------------------------------- */

TEST(a_runtime_ends_while_imports_wait)
{
  tenon_runtime *rt = with_web();
  static const char program[] = "import('web:a'); import('web:d');\n"
                                "import('web:a');";

  CHECK_INT(
      0, tenon_runtime_eval_module(rt, program, sizeof program - 1, "main.js"));
  CHECK_INT(2, waiting_count);
  CHECK(!tenon_loading_is_cancelled(waiting[0]));
  t_free(rt);
  CHECK(tenon_loading_is_cancelled(waiting[0]));
  CHECK_TEXT("web:a", tenon_loading_url(waiting[0]));
  CHECK_TEXT("", tenon_loading_type(waiting[0]));
  CHECK_INT(TENON_ECLOSING, answer_one());
  CHECK_INT(TENON_ECLOSING,
            tenon_loading_fail(waiting[0], "E", "too %s", "late"));
}

TEST(an_answer_that_had_no_turn_ends_with_the_runtime)
{
  tenon_runtime *rt = with_web();
  static const char program[] = "import('web:a'); import('web:d');";

  CHECK_INT(
      0, tenon_runtime_eval_module(rt, program, sizeof program - 1, "main.js"));
  CHECK_INT(0, answer_one());
  CHECK_INT(0, answer_one());
  t_free(rt);
}

TEST(a_realm_ends_while_imports_wait)
{
  tenon_runtime *rt = with_web();
  static const char program[] =
      "globalThis.p = import('web:a'); import('web:d');";
  tenon_realm *realm;

  CHECK_INT(0, tenon_realm_new(rt, NULL, &realm));
  CHECK_INT(
      0, tenon_realm_eval_module(realm, program, sizeof program - 1, "r.js"));
  CHECK_INT(
      0, tenon_runtime_eval_module(rt, program, sizeof program - 1, "main.js"));
  CHECK_INT(4, waiting_count);
  CHECK_INT(0, tenon_realm_free(realm));
  CHECK(tenon_loading_is_cancelled(waiting[0]));
  CHECK(!tenon_loading_is_cancelled(waiting[2]));
  CHECK_INT(TENON_ECLOSING, answer_one());
  CHECK_INT(TENON_ECLOSING, answer_one());
  CHECK_INT(0, answer_one());
  CHECK_INT(0, answer_one());
}

TEST(a_program_that_waits_for_an_import_only_is_alive)
{
  tenon_runtime *rt = with_web();
  static const char program[] = "await import('web:d');";

  CHECK_INT(
      0, tenon_runtime_eval_module(rt, program, sizeof program - 1, "main.js"));
  CHECK_INT(TENON_LEFT_WAITING, step(rt));
  CHECK_INT(0, answer_one());
  CHECK_INT(0, tenon_runtime_run(rt));
}

/* --- Links that are wrong -------------------------------------------------------------- */

static tenon_said load_wrong(tenon_load *q, void *data)
{
  const char *url = tenon_load_url(q);
  tenon_loading *l = NULL;
  tenon_said said;

  (void)data;
  CHECK(tenon_load_can_wait(q));
  if (strcmp(url, "web:silent") == 0) return TENON_SAID_LATER;
  if (strcmp(url, "web:passes") == 0) {
    said = tenon_load_later(q, &waiting[waiting_count++]);
    return said ? tenon_load_pass(q, NULL) : said;
  }
  if (strcmp(url, "web:answers") == 0) {
    said = tenon_load_later(q, &waiting[waiting_count++]);
    return said ? tenon_load_answer(q, "1", 1) : said;
  }
  if (strcmp(url, "web:twice") == 0) {
    said = tenon_load_later(q, &waiting[waiting_count++]);
    return said ? tenon_load_later(q, &l) : said;
  }
  if (strcmp(url, "web:now") == 0) {
    said = tenon_load_later(q, &l);
    CHECK_INT(0, tenon_loading_answer(l, "export default 'now';", 21));
    return said;
  }
  return tenon_load_pass(q, NULL);
}

TEST(what_a_link_says_wrongly_is_an_error)
{
  static const tenon_link wrong = {.size = sizeof wrong,
                                   .name = "wrong",
                                   .resolve = find,
                                   .load = load_wrong};
  tenon_runtime *rt = t_runtime();

  waiting_count = 0;
  CHECK_INT(0, tenon_runtime_add_module(rt, "graph", tenon_module_graph));
  CHECK_INT(0, tenon_runtime_add_link(rt, &wrong, NULL, false));
  t_run(rt, HEAD "for (const s of ['silent', 'passes', 'answers', 'twice',\n"
                 "  'now']) await told(`web:${s}`);");
  CHECK_LOG(
      "ERR_MODULE_NOT_FOUND Cannot load web:silent: wrong: it has said neither "
      "yes nor why not\n"
      "ERR_MODULE_NOT_FOUND Cannot load web:passes: nobody has it\n"
      "ERR_MODULE_NOT_FOUND Cannot load web:answers: wrong: it has said neither "
      "yes nor why not\n"
      "ERR_MODULE_NOT_FOUND Cannot load web:twice: wrong: it has said twice that "
      "it answers later\n"
      "now\n");
  CHECK_INT(3, waiting_count);
  while (waiting_count) {
    CHECK(tenon_loading_is_cancelled(waiting[0]));
    CHECK_INT(TENON_ECLOSING,
              tenon_loading_answer(waiting[--waiting_count], NULL, 0));
  }
}

/* --- Many threads ---------------------------------------------------------------------- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static tenon_loading *queue[4096];
static int queue_count;
static bool is_over;

static tenon_said load_queued(tenon_load *q, void *data)
{
  tenon_loading *l;
  tenon_said said;

  (void)data;
  if (strncmp(tenon_load_url(q), "n:", 2) != 0) return tenon_load_pass(q, NULL);
  said = tenon_load_later(q, &l);
  if (said != TENON_SAID_LATER) return said;
  pthread_mutex_lock(&mutex);
  queue[queue_count++] = l;
  pthread_mutex_unlock(&mutex);
  return said;
}

/* Answers by the rule, until all is over. */
static void *serve(void *p)
{
  char text[200];
  tenon_loading *l;
  bool ends;
  int n;

  (void)p;
  for (;;) {
    pthread_mutex_lock(&mutex);
    l = queue_count ? queue[--queue_count] : NULL;
    ends = is_over && !l;
    pthread_mutex_unlock(&mutex);
    if (ends) return NULL;
    if (!l) {
      usleep(50);
      continue;
    }
    n = atoi(strchr(tenon_loading_url(l), '/') + 1);
    snprintf(text, sizeof text,
             n >= 200 ? "export const v = 1;"
                      : "import { v as a } from 'n:t/%d';\n"
                        "import { v as b } from 'n:t/%d';\n"
                        "export const v = a + b;",
             n * 2 + 1, n * 2 + 2);
    (void)tenon_loading_answer(l, text, strlen(text));
  }
}

TEST(threads_answer_while_runtimes_come_and_go)
{
  static const tenon_link queued = {.size = sizeof queued,
                                    .name = "queued",
                                    .resolve = find,
                                    .load = load_queued};
  static const char program[] = "const { v } = await import('n:t/0');\n"
                                "if (v !== 201) throw new Error(`${v}`);";
  pthread_t threads[4];
  tenon_runtime *rt;
  int i;

  queue_count = 0;
  is_over = false;
  for (i = 0; i < 4; i++)
    CHECK_INT(0, pthread_create(&threads[i], NULL, serve, NULL));
  for (i = 0; i < 30; i++) {
    CHECK_INT(0, tenon_runtime_new(NULL, &rt));
    CHECK_INT(0, tenon_runtime_add_link(rt, &queued, NULL, false));
    CHECK_INT(0, tenon_runtime_eval_module(rt, program, sizeof program - 1,
                                           "main.js"));
    /* Each third one is not waited for. */
    if (i % 3)
      CHECK_INT(0, tenon_runtime_run(rt));
    else
      (void)step(rt);
    tenon_runtime_free(rt);
  }
  pthread_mutex_lock(&mutex);
  is_over = true;
  pthread_mutex_unlock(&mutex);
  for (i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
}

/* --- Names ---------------------------------------------------------------------------- */

TEST(import_meta_is_that_of_the_code)
{
  tenon_runtime *rt = t_runtime();

  t_run(rt, "import { log } from 'test';\n"
            "const u = 'data:text/javascript,export%20default%20'\n"
            "  + 'import.meta.url.length';\n"
            "await import(u, { with: { type: 'text' } });\n"
            "log(`${(await import(u)).default === u.length}`);");
  CHECK_LOG("true\n");
}

/* --- Without memory --------------------------------------------------------------------- */

/* What fails for good may leave nobody who asks: the host answers. */
static int serve_all(tenon_runtime *rt)
{
  tenon_left left = TENON_LEFT_READY;
  int r = 0;

  while (r == 0 && left != TENON_LEFT_NOTHING) {
    r = tenon_runtime_step(rt, 0, &left);
    while (r == 0 && waiting_count)
      (void)answer_one();
  }
  return r;
}

static int live(void)
{
  static const char program[] =
      "const p = [import('web:a'), import('web:circle/1'),\n"
      "  import('web:needs-gone').then(() => { throw 'wrong'; }, (e) => {\n"
      "    if (e.code !== 'ECONNRESET') throw e; })];\n"
      "for (const q of p) q.catch(() => 0);\n"
      "const [a, c] = await Promise.all(p);\n"
      "if (a.default !== 'abdcd' || c.r !== 'gf') throw 'wrong';";
  tenon_runtime *rt = NULL;
  int r = tenon_runtime_new(NULL, &rt);

  waiting_count = 0;
  if (r == 0) r = tenon_runtime_add_link(rt, &web, NULL, false);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, sizeof program - 1, "oom.js");
  if (r == 0) r = serve_all(rt);
  tenon_runtime_free(rt);
  while (waiting_count)
    (void)tenon_loading_pass(waiting[--waiting_count], NULL);
  return r;
}

static const t_oom oom = {.live = live};

TEST(every_allocation_fails_once)
{
  CHECK(t_fail_each(&oom, false) > 500);
}

TEST(every_allocation_fails_from_some_point_on)
{
  CHECK(t_fail_each(&oom, true) > 500);
}
