/*
 * A megabyte of nested data into C structs and back: by descriptors, by hand,
 * as JSON text, and against structuredClone of other runtimes.
 *
 * JSON is measured by the engine's half alone: C would still have to parse the
 * text, or to print it. structuredClone makes no C structs either, but it goes
 * the same way: what it reads is written down and made anew.
 */
#include "nested.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "hand.h"
#include "runtime.h"

/* 1 MB as JSON; most text is ASCII, as it is in data. */
static const char make_source[] =
    "function make() {\n"
    "  const colors = ['red', 'green', 'blue', 'yellow', 'purple'];\n"
    "  const items = [];\n"
    "  for (let i = 0; i < 4000; i++)\n"
    "    items.push({\n"
    "      id: i % 7 ? i : 2 ** 40 + i,\n"
    "      name: 'item number ' + i,\n"
    "      active: i % 3 === 0,\n"
    "      score: i / 8,\n"
    "      tags: ['tag ' + i % 10, 'caf\\u00e9', 'third'].slice(i % 3),\n"
    "      at: { x: i + 0.5, y: -i },\n"
    "      kind: colors[i % 5],\n"
    "      note: i % 4 ? null : 'a longer note, that says of ' + i + ' that it'\n"
    "        + ' is one of those \\u2264 4000',\n"
    "      parts: [{ code: 'A' + i, count: i % 100 },\n"
    "        { code: 'B' + i, count: 3 }, { code: 'C', count: -1 }],\n"
    "    });\n"
    "  return { version: 3, title: 'a document', items };\n"
    "}\n";

/* The same sum as bench_sum's. */
static const char sum_source[] =
    "(d => {\n"
    "  const colors = ['red', 'green', 'blue', 'yellow', 'purple'];\n"
    "  const size = s => encodeURIComponent(s).replace(/%../g, '.').length;\n"
    "  let sum = d.version + size(d.title);\n"
    "  for (const t of d.items) {\n"
    "    sum += t.id + size(t.name) + t.active + t.score + t.at.x + t.at.y +\n"
    "      colors.indexOf(t.kind) + (t.note ? size(t.note) : 0);\n"
    "    for (const s of t.tags) sum += size(s);\n"
    "    for (const p of t.parts) sum += size(p.code) + p.count;\n"
    "  }\n"
    "  return sum;\n"
    "})";

/* Nanoseconds of one clone, of many. */
static const char clone_source[] =
    "const d = make();\n"
    "if (JSON.stringify(structuredClone(d)) !== JSON.stringify(d))\n"
    "  throw new Error('wrong');\n"
    "const times = [];\n"
    "for (let i = -20; i < 41; i++) {\n"
    "  const start = performance.now();\n"
    "  structuredClone(d);\n"
    "  if (i >= 0) times.push(performance.now() - start);\n"
    "}\n"
    "times.sort((a, b) => a - b);\n"
    "console.log(Math.round(times[20] * 1e6));\n";

/* --- As JSON text --------------------------------------------------------- */

static const char *json;
static size_t json_len;

HAND(json_in)
{
  JSValue text = JS_JSONStringify(ctx, argv[0], JS_UNDEFINED, JS_UNDEFINED);
  const char *s;
  size_t len;

  if (JS_IsException(text)) return text;
  s = JS_ToCStringLen(ctx, &len, text);
  JS_FreeValue(ctx, text);
  if (!s) return JS_EXCEPTION;
  JS_FreeCString(ctx, s);
  return JS_NewInt64(ctx, (int64_t)len);
}

HAND(json_out)
{
  return JS_ParseJSON(ctx, json, json_len, "json");
}

HAND(json_echo)
{
  JSValue text = JS_JSONStringify(ctx, argv[0], JS_UNDEFINED, JS_UNDEFINED);
  JSValue v = JS_EXCEPTION;
  const char *s;
  size_t len;

  if (JS_IsException(text)) return text;
  s = JS_ToCStringLen(ctx, &len, text);
  JS_FreeValue(ctx, text);
  if (s) v = JS_ParseJSON(ctx, s, len, "json");
  JS_FreeCString(ctx, s);
  return v;
}

/* --- Other runtimes ------------------------------------------------------- */

typedef struct peers {
  bench_command commands[BENCH_MOST_WAYS];
  double times[BENCH_MOST_WAYS][BENCH_ROUNDS];
  size_t count, rounds;
  char file[40];
} peers;

static int peers_init(peers *p, const char *folder)
{
  int fd, failed;

  memset(p, 0, sizeof *p);
  strcpy(p->file, "/tmp/tenon-bench-XXXXXX.mjs");
  p->count = bench_find_peers(p->commands, folder);
  if (p->count == 0) return 0;
  fd = mkstemps(p->file, 4);
  if (fd < 0) {
    perror(p->file);
    return 1;
  }
  failed = dprintf(fd, "%s%s", make_source, clone_source) < 0;
  return close(fd) || failed;
}

static void peers_release(peers *p)
{
  if (p->count) unlink(p->file);
}

/* One time of each. */
static int peers_time(peers *p)
{
  bench_outcome o;
  size_t i;

  for (i = 0; i < p->count; i++) {
    if (bench_run(&p->commands[i], p->file, &o)) {
      fprintf(stderr, "bench: %s cannot clone\n", p->commands[i].path);
      return 1;
    }
    p->times[i][p->rounds] = strtod(o.output, NULL);
  }
  p->rounds++;
  return 0;
}

/* --- Rows ----------------------------------------------------------------- */

enum { WAYS = 4 };

static const struct {
  const char *name, *export_name;
  JSCFunction *by_hand, *fastest, *as_json;
  bool has_argument;
} rows[] = {
    {"nested: 1 MB in", "in_document", bench_in_name, bench_in_atom, json_in,
     true},
    {"nested: 1 MB out", "out_document", bench_out_name, bench_out_atom,
     json_out, false},
    {"nested: 1 MB in and out", "echo_document", bench_echo_name,
     bench_echo_atom, json_echo, true},
};

/* What a way of a row is to give. */
static JSValue expected_of(JSContext *ctx, size_t row, int way, JSValue d)
{
  JSValue sums, r;

  if (row != 0) return JS_DupValue(ctx, d);
  if (way == 3) return JS_NewInt64(ctx, (int64_t)json_len);
  sums = bench_eval(ctx, sum_source);
  r = bench_checked(ctx,
                    JS_Call(ctx, sums, JS_UNDEFINED, 1, (JSValueConst *)&d));
  JS_FreeValue(ctx, sums);
  return r;
}

static double time_call(JSContext *ctx, JSValue f, int argc, JSValue d)
{
  double start = bench_cpu_ns();

  JS_FreeValue(ctx, bench_checked(ctx, JS_Call(ctx, f, JS_UNDEFINED, argc,
                                               (JSValueConst *)&d)));
  return (bench_cpu_ns() - start) / 1000;
}

static int time_row(JSContext *ctx, size_t i, const JSValue *f, JSValue d,
                    const char *folder, bench_report *r)
{
  static const char *const names[WAYS] = {"by hand", "tenon",
                                          "by hand, fastest", "JSON"};
  static double times[WAYS][BENCH_ROUNDS];
  static peers p;
  int round, way, argc = rows[i].has_argument, failed = 0;
  bench_row *row;
  size_t k;

  /* Only there and back is what a clone is. */
  if (i == 2) failed = peers_init(&p, folder);
  for (round = 0; !failed && round < BENCH_ROUNDS; round++) {
    for (way = 0; way < WAYS; way++)
      times[way][round] = time_call(ctx, f[way], argc, d);
    if (p.count && round % 10 == 0) failed = peers_time(&p);
  }
  row = bench_add(r, rows[i].name, "us");
  row->ahead_of = "all";
  for (way = 0; way < WAYS; way++)
    row->ways[row->way_count++] =
        (bench_way){names[way], bench_median(times[way], BENCH_ROUNDS)};
  for (k = 0; k < p.count; k++)
    row->ways[row->way_count++] = (bench_way){
        p.commands[k].name, bench_median(p.times[k], p.rounds) / 1000};
  peers_release(&p);
  return failed;
}

static int run_row(bench_runtime *b, size_t i, JSValue d, const char *folder,
                   bench_report *r)
{
  JSContext *ctx = b->ctx;
  JSCFunction *const by_hand[WAYS] = {rows[i].by_hand, NULL, rows[i].fastest,
                                      rows[i].as_json};
  JSValue arguments = JS_NewArray(ctx), f[WAYS];
  int way, failed = 0;

  if (rows[i].has_argument)
    JS_SetPropertyUint32(ctx, arguments, 0, JS_DupValue(ctx, d));
  for (way = 0; way < WAYS; way++) {
    JSValue expected = expected_of(ctx, i, way, d);
    f[way] = bench_checked(
        ctx, by_hand[way]
                 ? JS_NewCFunction(ctx, by_hand[way], rows[i].export_name, 1)
                 : JS_GetPropertyStr(ctx, b->exports, rows[i].export_name));
    failed |= !bench_gives(ctx, f[way], arguments, expected, rows[i].name);
    JS_FreeValue(ctx, expected);
  }
  if (r->is_check)
    printf("%sok %d - %s is right all ways\n", failed ? "not " : "", ++r->tests,
           rows[i].name);
  else if (!failed)
    failed = time_row(ctx, i, f, d, folder, r);
  for (way = 0; way < WAYS; way++)
    JS_FreeValue(ctx, f[way]);
  JS_FreeValue(ctx, arguments);
  return failed;
}

int bench_nested(bench_report *r, const char *folder)
{
  JSValue d, text, made;
  bench_runtime b;
  int failed = 0;
  size_t i;

  if (bench_runtime_init(&b)) return 1;
  JS_FreeValue(b.ctx, bench_eval(b.ctx, make_source));
  d = bench_eval(b.ctx, "make()");
  text = bench_checked(b.ctx,
                       JS_JSONStringify(b.ctx, d, JS_UNDEFINED, JS_UNDEFINED));
  json = JS_ToCStringLen(b.ctx, &json_len, text);
  made = bench_checked(b.ctx, JS_ParseJSON(b.ctx, json, json_len, "json"));
  if (bench_document_init(b.ctx, made)) bench_checked(b.ctx, JS_EXCEPTION);
  for (i = 0; i < sizeof rows / sizeof *rows; i++)
    if (bench_wants(r, rows[i].name)) failed |= run_row(&b, i, d, folder, r);
  bench_document_release(b.ctx);
  JS_FreeCString(b.ctx, json);
  JS_FreeValues(b.ctx, d, text, made);
  bench_runtime_release(&b);
  return failed;
}
