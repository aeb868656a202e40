/*
 * Calls of plain functions of C: of native source that is imported, against
 * functions written by hand for the engine, and against what other runtimes have
 * for it: koffi under node, bun:ffi, Deno.dlopen. Each runtime times itself, all of
 * them turn about, and takes its empty loop out.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon/source.h>
#include <unistd.h>

#include "bench.h"
#include "hand.h"
#include "module/module.h"
#include "runtime.h"

enum { ROWS = 3, CALLS = 1 << 17, PEER_ROUNDS = 5, MOST_PEERS = 3 };

static const char library[] =
    "#include <stdint.h>\n"
    "void noop(void) {}\n"
    "double add(double a, double b) { return a + b; }\n"
    "uint32_t length(const char *s) { uint32_t n = 0; while (s[n]) n++; "
    "return n; }\n";

/* What the four have in common: `f` has the three functions. */
static const char timing[] =
    "const text = 'hello, world';\n"
    "if (f.noop() != null || f.add(1.5, 2) !== 3.5 || f.length(text) !== 12)\n"
    "  throw new Error('wrong');\n"
    "const loops = [\n"
    "  (n) => { for (let i = 0; i < n; i++) f.noop(); },\n"
    "  (n) => { for (let i = 0; i < n; i++) f.add(i, 2); },\n"
    "  (n) => { for (let i = 0; i < n; i++) f.length(text); },\n"
    "  (n) => { for (let i = 0; i < n; i++) text; }];\n"
    "const best = loops.map(() => Infinity), n = 200000;\n"
    "for (let round = 0; round < 15; round++)\n"
    "  loops.forEach((loop, k) => {\n"
    "    const start = performance.now();\n"
    "    loop(n);\n"
    "    best[k] = Math.min(best[k], (performance.now() - start) / n * 1e6);\n"
    "  });\n"
    "console.log(best.slice(0, 3).map((t) => t - best[3]).join(' '));\n";

/* How each of the others comes to `f`. */
static const struct {
  const char *name, *file, *begin, *package;
} peers_ways[] = {
    {"node", "node.cjs",
     "const koffi = require('koffi');\n"
     "const lib = koffi.load('./foreign.so');\n"
     "const f = { noop: lib.func('void noop()'),\n"
     "  add: lib.func('double add(double, double)'),\n"
     "  length: lib.func('uint32_t length(const char *)') };\n",
     "koffi"},
    {"bun", "bun.mjs",
     "import { dlopen } from 'bun:ffi';\n"
     "const lib = dlopen('./foreign.so', { noop: { args: [], returns: 'void' },\n"
     "  add: { args: ['f64', 'f64'], returns: 'f64' },\n"
     "  length: { args: ['ptr'], returns: 'u32' } }).symbols;\n"
     "const f = { noop: lib.noop, add: lib.add,\n"
     "  length: (s) => lib.length(Buffer.from(s + '\\0')) };\n",
     NULL},
    {"deno", "deno.mjs",
     "const lib = Deno.dlopen('./foreign.so', {\n"
     "  noop: { parameters: [], result: 'void' },\n"
     "  add: { parameters: ['f64', 'f64'], result: 'f64' },\n"
     "  length: { parameters: ['buffer'], result: 'u32' } }).symbols;\n"
     "const encoder = new TextEncoder();\n"
     "const f = { noop: lib.noop, add: lib.add,\n"
     "  length: (s) => lib.length(encoder.encode(s + '\\0')) };\n",
     NULL}};

HAND(hand_noop)
{
  (void)ctx;
  (void)argv;
  return JS_UNDEFINED;
}

HAND(hand_add)
{
  double a, b;

  if (JS_ToFloat64(ctx, &a, argv[0]) || JS_ToFloat64(ctx, &b, argv[1]))
    return JS_EXCEPTION;
  return JS_NewFloat64(ctx, a + b);
}

HAND(hand_length)
{
  const char *s = JS_ToCString(ctx, argv[0]);
  uint32_t n = 0;

  if (!s) return JS_EXCEPTION;
  while (s[n])
    n++;
  JS_FreeCString(ctx, s);
  return JS_NewUint32(ctx, n);
}

static const struct {
  const char *name, *function, *arguments, *call, *expected;
  JSCFunction *hand;
  int argc;
} rows[ROWS] = {{"native source: no arguments", "noop", "", "f()", "undefined",
                 hand_noop, 0},
                {"native source: two doubles", "add", "1.5, 2", "f(a, b)",
                 "3.5", hand_add, 2},
                {"native source: a string", "length", "'hello, world'", "f(a)",
                 "12", hand_length, 1}};

static int write_file(const char *name, const char *a, const char *b)
{
  FILE *f = fopen(name, "w");

  if (!f || fprintf(f, "%s%s", a, b) < 0 || fclose(f)) {
    perror(name);
    return 1;
  }
  return 0;
}

static int prepare(void)
{
  size_t i;

  if (write_file("foreign.c", library, "") ||
      system("${CC:-cc} -O2 -shared -fPIC -o foreign.so foreign.c"))
    return 1;
  for (i = 0; i < sizeof peers_ways / sizeof *peers_ways; i++)
    if (write_file(peers_ways[i].file, peers_ways[i].begin, timing)) return 1;
  return 0;
}

/* --- The limit and ours --------------------------------------------------- */

static void hear(void *data, tenon_build_event event, const char *text)
{
  (void)data;
  if (event == TENON_BUILD_FAILURE) fprintf(stderr, "bench: %s\n", text);
}

static JSValue import_source(bench_runtime *b)
{
  static const char import[] =
      "import * as m from 'foreign'; globalThis.foreign = m;";
  tenon_source s = {.size = sizeof s, .tell = hear};
  tenon_module_entry *entry;
  char *path = realpath("foreign.c", NULL);

  s.path = path;
  if (!path || tenon_source_load(&s, &entry) ||
      tenon_p_modules_add_native(b->engine, "foreign", entry) ||
      tenon_p_modules_eval(b->engine, TENON_P_SOURCE_MODULE, import,
                           strlen(import), "f.js")) {
    free(path);
    return JS_UNDEFINED;
  }
  free(path);
  return bench_eval(b->ctx, "foreign");
}

static double time_loop(JSContext *ctx, JSValue driver, JSValue f, JSValue list)
{
  JSValueConst argv[3] = {f, JS_NewInt32(ctx, CALLS), list};
  double start = bench_cpu_ns();

  JS_FreeValue(ctx,
               bench_checked(ctx, JS_Call(ctx, driver, JS_UNDEFINED, 3, argv)));
  return (bench_cpu_ns() - start) / CALLS;
}

static JSValue make_driver(JSContext *ctx, const char *call)
{
  char source[160];

  snprintf(source, sizeof source,
           "(function (f, n, [a, b]) { for (let i = 0; i < n; i++) %s; })",
           call);
  return bench_eval(ctx, source);
}

/* Both ways of a row; 0, or 1 when one gives something else. */
static int time_ours(bench_runtime *b, JSValue exports, int i, bool is_check,
                     double *hand, double *ours)
{
  static double times[3][BENCH_ROUNDS];
  JSContext *ctx = b->ctx;
  char list[64];
  JSValue f[2], arguments, expected, call, empty;
  int round, way, failed = 0;

  snprintf(list, sizeof list, "[%s]", rows[i].arguments);
  arguments = bench_eval(ctx, list);
  expected = bench_eval(ctx, rows[i].expected);
  f[0] = bench_checked(
      ctx, JS_NewCFunction(ctx, rows[i].hand, rows[i].function, rows[i].argc));
  f[1] = bench_checked(ctx, JS_GetPropertyStr(ctx, exports, rows[i].function));
  call = make_driver(ctx, rows[i].call);
  empty = make_driver(ctx, "");
  for (way = 0; way < 2; way++)
    if (!bench_gives(ctx, f[way], arguments, expected, rows[i].name))
      failed = 1;
  for (round = 0; round < BENCH_ROUNDS && !failed && !is_check; round++) {
    times[2][round] = time_loop(ctx, empty, f[0], arguments);
    for (way = 0; way < 2; way++)
      times[way][round] = time_loop(ctx, call, f[way], arguments);
  }
  *hand = bench_median(times[0], BENCH_ROUNDS) -
          bench_median(times[2], BENCH_ROUNDS);
  *ours = bench_median(times[1], BENCH_ROUNDS) -
          bench_median(times[2], BENCH_ROUNDS);
  JS_FreeValue(ctx, f[0]);
  JS_FreeValue(ctx, f[1]);
  JS_FreeValues(ctx, arguments, expected);
  JS_FreeValues(ctx, call, empty);
  return failed;
}

/* --- The others ----------------------------------------------------------- */

/* 0, or -1: it is not there, or does not have what it needs. */
static int time_peer(const bench_command *c, double *ns)
{
  static double times[ROWS][PEER_ROUNDS];
  const char *file = NULL;
  bench_command command = *c;
  bench_outcome o;
  size_t i;
  int round, k;

  /* As all the others have it, it may load what it likes. */
  if (strcmp(c->name, "deno") == 0) command.option = "-A";
  for (i = 0; i < sizeof peers_ways / sizeof *peers_ways; i++)
    if (strcmp(peers_ways[i].name, c->name) == 0) file = peers_ways[i].file;
  for (round = 0; file && round < PEER_ROUNDS; round++)
    if (bench_run(&command, file, &o) ||
        sscanf(o.output, "%lf %lf %lf", &times[0][round], &times[1][round],
               &times[2][round]) != ROWS)
      return -1;
  for (k = 0; file && k < ROWS; k++)
    ns[k] = bench_median(times[k], PEER_ROUNDS);
  return file ? 0 : -1;
}

static const char *name_of(const bench_command *c)
{
  return strcmp(c->name, "node") == 0  ? "koffi, node"
         : strcmp(c->name, "bun") == 0 ? "bun:ffi"
                                       : "Deno.dlopen";
}

static int run_all(bench_report *r, bench_runtime *b, JSValue exports,
                   bench_command *peers, size_t count)
{
  double ours[ROWS][2], theirs[MOST_PEERS][ROWS];
  bool is_there[MOST_PEERS];
  int i, failed = 0;
  size_t k;

  for (i = 0; i < ROWS; i++)
    failed |= time_ours(b, exports, i, r->is_check, &ours[i][0], &ours[i][1]);
  if (r->is_check) {
    printf("%sok %d - native source gives the same as functions by hand\n",
           failed ? "not " : "", ++r->tests);
    return failed;
  }
  for (k = 0; k < count; k++) {
    is_there[k] = time_peer(&peers[k], theirs[k]) == 0;
    if (!is_there[k])
      fprintf(stderr, "bench: without %s\n", name_of(&peers[k]));
  }
  for (i = 0; i < ROWS; i++) {
    bench_row *row = bench_add(r, rows[i].name, "ns");
    row->aim = 1.3;
    row->ways[0] = (bench_way){"by hand", ours[i][0]};
    row->ways[1] = (bench_way){"tenon", ours[i][1]};
    row->way_count = 2;
    for (k = 0; k < count; k++)
      if (is_there[k])
        row->ways[row->way_count++] =
            (bench_way){name_of(&peers[k]), theirs[k][i]};
  }
  return failed;
}

int bench_foreign(bench_report *r, const char *peers, const char *packages)
{
  char folder[] = "/tmp/tenon-bench-XXXXXX", before[4096], path[4096 + 64],
       command[128];
  bench_command commands[MOST_PEERS];
  bench_runtime b;
  JSValue exports;
  int failed = 1;
  size_t count, k;

  if (!bench_wants(r, rows[0].name) && !bench_wants(r, rows[1].name) &&
      !bench_wants(r, rows[2].name))
    return 0;
  if (!getcwd(before, sizeof before) || !mkdtemp(folder)) return 1;
  count = bench_find_peers(commands, peers);
  for (k = 0; k < count; k++)
    if (commands[k].path[0] != '/' && strchr(commands[k].path, '/')) {
      char *real = realpath(commands[k].path, NULL);
      if (real) snprintf(commands[k].path, sizeof commands[k].path, "%s", real);
      free(real);
    }
  if (packages) {
    char *real = realpath(packages, NULL);
    snprintf(path, sizeof path, "%s/node_modules", real ? real : packages);
    free(real);
  }
  if (chdir(folder) == 0 && (!packages || symlink(path, "node_modules") == 0) &&
      prepare() == 0 && setenv("TENON_CACHE_DIR", folder, 1) == 0 &&
      bench_runtime_init(&b) == 0) {
    exports = import_source(&b);
    if (JS_IsObject(exports)) failed = run_all(r, &b, exports, commands, count);
    JS_FreeValue(b.ctx, exports);
    bench_runtime_release(&b);
  }
  if (chdir(before)) perror(before);
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command)) perror(folder);
  return failed;
}
