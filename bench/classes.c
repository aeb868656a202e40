/*
 * A class: against one that is written by hand for the engine, and against one
 * of Node-API in other runtimes, which a script of theirs times.
 */
#include "classes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "runtime.h"

enum { WAYS = 2, TURNS = 20000, PEER_ROUNDS = 9 };

/* `o` is new Pair(1, 3); peers have no iterator by Node-API. */
const bench_class_row bench_class_rows[BENCH_CLASS_ROWS] = {
    {"class: new", "new C(i, 2)", "5", "new C(5, 2).x"},
    {"class: method", "o.add(i)", "4", "o.add(3)"},
    {"class: getter", "o.size", "1", "o.size"},
    {"class: setter", "o.size = i", "9", "(o.size = 9, o.size)"},
    {"class: member", "o.x", "1", "o.x"},
    {"class: new and dispose", "new C(i, 2).close()", "undefined",
     "new C(1, 2).close()"},
};
enum { LAST_FOR_PEERS = BENCH_CLASS_ROWS };

static const char iterate_row[] = "class: iterator step";

static JSValue make_driver(JSContext *ctx, const char *body)
{
  char source[200];

  snprintf(source, sizeof source,
           "((C, n) => { const o = new C(1, 3);"
           " for (let i = 0; i < n; i++) { %s } })",
           body);
  return bench_eval(ctx, source);
}

static double time_turns(JSContext *ctx, JSValueConst driver, JSValueConst c,
                         int turns)
{
  JSValueConst argv[2] = {c, JS_NewInt32(ctx, turns)};
  double start = bench_cpu_ns();

  JS_FreeValue(ctx,
               bench_checked(ctx, JS_Call(ctx, driver, JS_UNDEFINED, 2, argv)));
  return (bench_cpu_ns() - start) / turns;
}

static bool gives(JSContext *ctx, JSValueConst c, const char *check,
                  const char *expected)
{
  char source[200];
  JSValue f, r;
  const char *s;
  bool is_right;

  snprintf(source, sizeof source,
           "(C => { const o = new C(1, 3); return String(%s) })", check);
  f = bench_eval(ctx, source);
  r = bench_checked(ctx, JS_Call(ctx, f, JS_UNDEFINED, 1, &c));
  s = JS_ToCString(ctx, r);
  is_right = s && strcmp(s, expected) == 0;
  if (!is_right)
    fprintf(stderr, "bench: %s gave %s\n", check, s ? s : "nothing");
  JS_FreeCString(ctx, s);
  JS_FreeValues(ctx, f, r);
  return is_right;
}

/* --- Other runtimes ------------------------------------------------------- */

typedef struct peers {
  bench_command commands[BENCH_MOST_WAYS];
  double times[BENCH_MOST_WAYS][BENCH_CLASS_ROWS][PEER_ROUNDS];
  size_t count;
  char file[40];
} peers;

/* Those that can load the addon. */
static int peers_init(peers *p, const char *build, const char *folder)
{
  char addon[4096 + 32], *path;
  bench_outcome o;
  size_t i, count = 0, k;
  int fd;
  FILE *f;

  memset(p, 0, sizeof *p);
  strcpy(p->file, "/tmp/tenon-bench-XXXXXX.cjs");
  p->count = bench_find_peers(p->commands, folder);
  snprintf(addon, sizeof addon, "%s/bench/pair.node", build);
  path = realpath(addon, NULL);
  if (p->count == 0 || !path) {
    if (!path) perror(addon);
    p->count = 0;
    free(path);
    return 0;
  }
  fd = mkstemps(p->file, 4);
  f = fd < 0 ? NULL : fdopen(fd, "w");
  if (!f) {
    perror(p->file);
    return 1;
  }
  fprintf(f,
          "const { Pair: C } = require('%s');\n"
          "const out = [], N = 100000;\n"
          "function time(f) { f(C, N); const s = performance.now(); f(C, N);\n"
          "  return (performance.now() - s) * 1e6 / N }\n"
          "const none = time((C, n) => { const o = new C(1, 3);"
          " for (let i = 0; i < n; i++) { } });\n",
          path);
  free(path);
  for (i = 0; i < LAST_FOR_PEERS; i++)
    fprintf(f,
            "if (String((() => { const o = new C(1, 3); return %s })()) !== "
            "'%s') throw 1;\n"
            "out.push(time((C, n) => { const o = new C(1, 3);"
            " for (let i = 0; i < n; i++) { %s } }) - none);\n",
            bench_class_rows[i].check, bench_class_rows[i].expected,
            bench_class_rows[i].body);
  fputs("console.log(out.map(t => t.toFixed(1)).join(' '));\n", f);
  if (fclose(f)) return 1;
  /* Deno wants to be told by an option that it may. */
  for (k = 0; k < p->count; k++)
    if (strcmp(p->commands[k].name, "deno") != 0 &&
        bench_run(&p->commands[k], p->file, &o) == 0 && strchr(o.output, ' '))
      p->commands[count++] = p->commands[k];
  p->count = count;
  return 0;
}

static void peers_release(peers *p)
{
  if (strchr(p->file, 'X') == NULL) unlink(p->file);
}

static int peers_time(peers *p, int round)
{
  bench_outcome o;
  char *at;
  size_t k, i;

  for (k = 0; k < p->count; k++) {
    if (bench_run(&p->commands[k], p->file, &o)) return 1;
    at = o.output;
    for (i = 0; i < LAST_FOR_PEERS; i++)
      p->times[k][i][round] = strtod(at, &at);
  }
  return 0;
}

/* --- Rows ----------------------------------------------------------------- */

static void time_row(JSContext *ctx, const char *name, const char *body,
                     int per_turn, const JSValue *classes, bench_row *row)
{
  static const char *const names[WAYS] = {"by hand", "tenon"};
  static double times[WAYS][BENCH_ROUNDS], empty[BENCH_ROUNDS];
  JSValue driver = make_driver(ctx, body), nothing = make_driver(ctx, "");
  int round, way;

  (void)name;
  for (round = 0; round < BENCH_ROUNDS; round++) {
    empty[round] = time_turns(ctx, nothing, classes[0], TURNS);
    for (way = 0; way < WAYS; way++)
      times[way][round] =
          time_turns(ctx, driver, classes[way], TURNS / per_turn);
  }
  row->aim = 1.3;
  for (way = 0; way < WAYS; way++)
    row->ways[row->way_count++] =
        (bench_way){names[way], (bench_median(times[way], BENCH_ROUNDS) -
                                 bench_median(empty, BENCH_ROUNDS)) /
                                    per_turn};
  JS_FreeValues(ctx, driver, nothing);
}

static bool wants_any(const bench_report *r)
{
  size_t i;

  for (i = 0; i < BENCH_CLASS_ROWS; i++)
    if (bench_wants(r, bench_class_rows[i].name)) return true;
  return bench_wants(r, iterate_row);
}

static int run_rows(JSContext *ctx, const JSValue *classes, const peers *p,
                    bench_report *r)
{
  static const char sum[] = "(() => { let s = 0; for (const v of o) s += v;"
                            " return s })()",
                    step[] = "for (const v of o) ;";
  char body[80];
  bench_row *row;
  int failed = 0, way, i;
  size_t k;

  for (i = 0; i <= BENCH_CLASS_ROWS; i++) {
    bool iterates = i == BENCH_CLASS_ROWS;
    const char *name = iterates ? iterate_row : bench_class_rows[i].name;
    bool is_right = true;
    if (!bench_wants(r, name)) continue;
    for (way = 0; way < WAYS; way++)
      if (!gives(ctx, classes[way], iterates ? sum : bench_class_rows[i].check,
                 iterates ? "6" : bench_class_rows[i].expected))
        is_right = false;
    failed |= !is_right;
    if (r->is_check)
      printf("%sok %d - %s is right both ways\n", is_right ? "" : "not ",
             ++r->tests, name);
    if (r->is_check || !is_right) continue;
    row = bench_add(r, name, "ns");
    snprintf(body, sizeof body, iterates ? "o.y = 1000; %s" : "%s",
             iterates ? step : bench_class_rows[i].body);
    time_row(ctx, name, body, iterates ? 1000 : 1, classes, row);
    for (k = 0; !iterates && k < p->count; k++)
      row->ways[row->way_count++] =
          (bench_way){p->commands[k].name,
                      bench_median((double *)p->times[k][i], PEER_ROUNDS)};
  }
  return failed;
}

int bench_classes(bench_report *r, const char *build, const char *folder)
{
  static peers p;
  JSValue classes[WAYS];
  bench_runtime b;
  int failed = 0, round;

  if (!wants_any(r)) return 0;
  if (!r->is_check) failed = peers_init(&p, build, folder);
  for (round = 0; !failed && p.count && round < PEER_ROUNDS; round++)
    failed = peers_time(&p, round);
  if (failed || bench_runtime_init(&b)) return 1;
  classes[0] = bench_checked(b.ctx, bench_hand_class(b.ctx));
  classes[1] =
      bench_checked(b.ctx, JS_GetPropertyStr(b.ctx, b.exports, "Pair"));
  failed = run_rows(b.ctx, classes, &p, r);
  JS_FreeValues(b.ctx, classes[0], classes[1]);
  bench_runtime_release(&b);
  if (!r->is_check) peers_release(&p);
  return failed;
}
