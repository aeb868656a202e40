/*
 * Random signatures: descriptors are made at run time, of all kinds and nested,
 * with random values of them as JavaScript. A function that hands its arguments
 * back is called with them, and what comes back is compared; off the loop, from
 * a result that waits, and with one value among them that cannot be right.
 *
 * The rounds are the same each time. TENON_PROPERTY_ROUNDS=N runs N of them,
 * TENON_PROPERTY_SEED=S begins at another one; a failure names its own.
 */
#include <inttypes.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "random-types.h"

#include <tenon/export.h>

#include "base/alloc.h"
#include "base/text.h"
#include "bind/call.h"
#include "bind/convert.h"
#include "engine/engine.h"

enum { MOST_PARAMS = 4, FUNCTIONS = 6, CALLS = 3, MOST_PATH = 512 };

/* --- Functions --------------------------------------------------------------------- */

static struct {
  tenon_function functions[FUNCTIONS];
  char names[FUNCTIONS][8];
  const tenon_function *list[FUNCTIONS];
  const tenon_host *host;
  tenon_module module;
} made;

static uint32_t result_sizes[FUNCTIONS];

#define ECHO(i)                                              \
  static void echo_##i(void *args, void *result)             \
  {                                                          \
    memcpy(result, (tenon_args *)args + 1, result_sizes[i]); \
  }
ECHO(0)
ECHO(1)
ECHO(3)

/* Overwrites all memory that the arguments of a call are made of. */
static void spoil(tenon_p_call *c)
{
  tenon_p_cleanup *k;

  memset(c->room, 0xDD, sizeof c->room);
  for (k = c->cleanups; k; k = k->next)
    if (k->fn == free && k->p == k)
      memset(k + 1, 0xDD, malloc_usable_size(k) - sizeof *k);
}

/* The result is copied away from the arguments, and away from the copy, and
 * what it was copied from is overwritten each time. */
static void keep(void *result, const tenon_function *f)
{
  void *saved = malloc(f->result.type->size);
  tenon_p_call first;

  CHECK(saved != NULL);
  tenon_p_call_init(&first, false);
  if (tenon_p_keep(&first, &f->result, result)) goto fail;
  memcpy(saved, result, f->result.type->size);
  spoil(tenon_p_current_call);
  memcpy(result, saved, f->result.type->size);
  if (tenon_p_keep(tenon_p_current_call, &f->result, result)) goto fail;
  spoil(&first);
  goto out;
fail:
  tenon_fail(TENON_ERROR, "out of memory");
out:
  tenon_p_call_release(&first);
  free(saved);
}

static void echo_2(void *args, void *result)
{
  memcpy(result, (tenon_args *)args + 1, result_sizes[2]);
  keep(result, &made.functions[2]);
}

static void echo_4(void *args, void *result)
{
  (void)result;
  made.host->deferred_resolve(((tenon_args *)args)->context,
                              (tenon_args *)args + 1);
}

static void echo_5(void *args, void *result)
{
  memcpy(result, (tenon_args *)args + 1, result_sizes[5]);
  keep(result, &made.functions[5]);
}

static void (*const echoes[])(void *, void *) = {echo_0, echo_1, echo_2,
                                                 echo_3, echo_4, echo_5};

static const tenon_module *made_entry(void)
{
  return &made.module;
}

static void make_function(uint32_t i)
{
  static const uint32_t flags[FUNCTIONS] = {
      0, 0, 0, TENON_FUNCTION_BLOCKING, TENON_FUNCTION_ASYNC, 0};
  uint32_t count = 1 + below(MOST_PARAMS), k, first = below(8);
  tenon_field *params = new_fields(2 * count), *parts = params + count;
  tenon_type *result = new_type(TENON_KIND_TUPLE, 0);

  for (k = 0; k < count; k++) {
    make_field(&params[k], part_names[first + k], 0);
    parts[k] = params[k];
  }
  result->fields = parts;
  result->field_count = count;
  result->size = round_up(lay_out(parts, count, 0), 8);
  for (k = 0; k < count; k++)
    params[k].offset = parts[k].offset + (uint32_t)sizeof(tenon_args);
  result_sizes[i] = result->size;
  result->size = round_up(result->size, align_of_type(result));
  snprintf(made.names[i], sizeof made.names[i], "f%u", (unsigned)i);
  made.functions[i] =
      (tenon_function){.size = sizeof(tenon_function),
                       .flags = flags[i],
                       .name = made.names[i],
                       .result = {.name = "result", .type = result},
                       .params = params,
                       .param_count = count,
                       .args_size = (uint32_t)sizeof(tenon_args) + result->size,
                       .thunk = echoes[i],
                       .file = __FILE__,
                       .line = __LINE__};
  made.list[i] = &made.functions[i];
}

static void make_module(void)
{
  uint32_t i;

  pool.type_count = pool.field_count = 0;
  for (i = 0; i < FUNCTIONS; i++)
    make_function(i);
  made.module = (tenon_module){.size = sizeof(tenon_module),
                               .abi = TENON_MODULE_ABI,
                               .field_size = sizeof(tenon_field),
                               .threads = TENON_THREADS_any,
                               .host = &made.host,
                               .begin = made.list,
                               .end = made.list + FUNCTIONS};
}

/* --- Values ------------------------------------------------------------------------- */

/* What is sent and what has to come back, as JavaScript. `wrong` counts down to
 * the place that gets a value that nothing takes; its path is kept. */
typedef struct writer {
  tenon_p_text sent, want;
  char path[MOST_PATH], wrong_path[MOST_PATH];
  uint32_t places, wrong;
} writer;

__attribute__((format(printf, 2, 3))) static void both(writer *w,
                                                       const char *format, ...)
{
  va_list ap;

  va_start(ap, format);
  tenon_p_text_vprintf(&w->sent, format, ap);
  va_end(ap);
  va_start(ap, format);
  tenon_p_text_vprintf(&w->want, format, ap);
  va_end(ap);
}

static void write_value(writer *w, const tenon_field *f, bool is_choice);

/* Is this the place of the wrong value? Then it is written. */
static bool write_wrong(writer *w)
{
  if (++w->places != w->wrong) return false;
  strcpy(w->wrong_path, w->path);
  both(w, "Symbol()");
  return true;
}

static void write_number(writer *w, const tenon_type *t)
{
  uint32_t bits = t->size * 8;
  int64_t n;

  switch (t->kind) {
  case TENON_KIND_F32:
  case TENON_KIND_F64: {
    static const char *const odd[] = {"NaN", "-0", "Infinity", "-Infinity"};
    if (one_in(4))
      both(w, "%s", odd[below(4)]);
    else
      both(w, "%g", ((int)below(4000) - 2000) / 8.0);
    return;
  }
  case TENON_KIND_I64:
  case TENON_KIND_U64:
    n = (int64_t)(next() >> (11 + below(50)));
    if (t->kind == TENON_KIND_I64 && one_in(2)) n = -n;
    tenon_p_text_printf(&w->sent, one_in(3) ? "%" PRId64 "n" : "%" PRId64, n);
    tenon_p_text_printf(&w->want, "%" PRId64, n);
    return;
  case TENON_KIND_BIG_I64:
    both(w, "BigInt.asIntN(64, %" PRIu64 "n)", next() >> below(64));
    return;
  case TENON_KIND_BIG_U64: both(w, "%" PRIu64 "n", next() >> below(64)); return;
  case TENON_KIND_I8:
  case TENON_KIND_I16:
  case TENON_KIND_I32:
    n = (int64_t)(next() >> (64 - bits + below(bits)));
    n -= INT64_C(1) << (bits - 1);
    break;
  default: n = (int64_t)(next() >> (64 - bits + below(bits)));
  }
  both(w, "%" PRId64, n);
}

static void write_string(writer *w, bool may_hold_nul)
{
  static const char *const texts[] = {
      "''",
      "'a'",
      "'gr\\u00fc\\u00dfe'",
      "'\\u{1f600}\\u20ac'",
      "'x'.repeat(300)",
      "('a'.repeat(200) + '\\u20ac'.repeat(200))",
      "'a\\0b'"};
  uint32_t i = below(may_hold_nul ? 8 : 7);

  if (i == 7)
    i = 6;
  else if (i == 6) {
    tenon_p_text_puts(&w->sent, "'\\ud800-\\udc00'");
    tenon_p_text_puts(&w->want, "'\\ufffd-\\ufffd'");
    return;
  }
  both(w, "%s", texts[i]);
}

static void write_bytes(writer *w)
{
  static const char *const as[] = {"%s", "%s.buffer", "new DataView(%s.buffer)",
                                   "new Uint8ClampedArray(%s.buffer)"};
  tenon_p_text list = TENON_P_TEXT_INIT;
  uint32_t i, len = one_in(8) ? 300 : below(5);

  tenon_p_text_puts(&list, "new Uint8Array([");
  for (i = 0; i < len; i++)
    tenon_p_text_printf(&list, "%u,", (unsigned)below(256));
  tenon_p_text_puts(&list, "])");
  i = below(4);
  tenon_p_text_puts(&w->want, list.data);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  tenon_p_text_printf(&w->sent, as[i], list.data);
#pragma GCC diagnostic pop
  tenon_p_text_release(&list);
}

static const char *view_of(const tenon_type *t)
{
  static const char *const names[] = {[TENON_KIND_I8] = "Int8Array",
                                      [TENON_KIND_U8] = "Uint8Array",
                                      [TENON_KIND_I16] = "Int16Array",
                                      [TENON_KIND_U16] = "Uint16Array",
                                      [TENON_KIND_I32] = "Int32Array",
                                      [TENON_KIND_U32] = "Uint32Array",
                                      [TENON_KIND_I64] = "BigInt64Array",
                                      [TENON_KIND_U64] = "BigUint64Array",
                                      [TENON_KIND_F32] = "Float32Array",
                                      [TENON_KIND_F64] = "Float64Array",
                                      [TENON_KIND_BIG_I64] = "BigInt64Array",
                                      [TENON_KIND_BIG_U64] = "BigUint64Array"};

  return t->kind < sizeof names / sizeof *names ? names[t->kind] : NULL;
}

static void write_view(writer *w, const tenon_type *t)
{
  const tenon_type *element = t->fields[0].type;
  uint32_t i, len = below(5);
  bool is_big = element->size == 8 && element->kind != TENON_KIND_F64;
  bool is_part = one_in(2);

  both(w, "new %s([", view_of(element));
  if (is_part) tenon_p_text_puts(&w->sent, is_big ? "1n," : "1,");
  for (i = 0; i < len; i++)
    both(w, is_big ? "%un," : "%u,", (unsigned)below(128));
  both(w, "])");
  if (is_part) tenon_p_text_puts(&w->sent, ".subarray(1)");
}

static void write_flags(writer *w, const tenon_type *t)
{
  uint64_t set = 0;
  uint32_t i, k;

  if (one_in(4)) {
    both(w, "['%s']", t->fields[i = below(t->field_count)].name);
    return;
  }
  tenon_p_text_puts(&w->sent, "[");
  for (i = below(5); i; i--) {
    k = below(t->field_count);
    set |= UINT64_C(1) << k;
    tenon_p_text_printf(&w->sent, "'%s',", t->fields[k].name);
  }
  tenon_p_text_puts(&w->sent, "]");
  tenon_p_text_puts(&w->want, "[");
  for (i = 0; i < t->field_count; i++)
    if (set >> i & 1) tenon_p_text_printf(&w->want, "'%s',", t->fields[i].name);
  tenon_p_text_puts(&w->want, "]");
}

static bool is_identifier(const char *s)
{
  if (!*s || (*s >= '0' && *s <= '9')) return false;
  return !strchr(s, ' ');
}

/* Write a part whose path is longer by this. */
static void write_part(writer *w, const tenon_field *f, const char *member,
                       uint32_t at)
{
  size_t len = strlen(w->path);
  const char *format = !member                 ? "[%u]"
                       : is_identifier(member) ? ".%s"
                                               : "[\"%s\"]";

  CHECK(len + 32 < MOST_PATH);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  if (member)
    snprintf(w->path + len, MOST_PATH - len, format, member);
  else
    snprintf(w->path + len, MOST_PATH - len, format, (unsigned)at);
#pragma GCC diagnostic pop
  write_value(w, f, false);
  w->path[len] = '\0';
}

/* A Proxy sees what its target would. */
static bool open_proxy(writer *w)
{
  bool is_proxy = one_in(6);

  if (is_proxy) tenon_p_text_puts(&w->sent, "new Proxy(");
  return is_proxy;
}

static void close_proxy(writer *w, bool is_proxy)
{
  if (is_proxy) tenon_p_text_puts(&w->sent, ", {})");
}

static void write_struct(writer *w, const tenon_type *t)
{
  bool is_proxy = open_proxy(w);
  uint32_t i;

  both(w, "({");
  for (i = 0; i < t->field_count; i++) {
    bool is_getter = one_in(4);
    tenon_p_text_printf(
        &w->sent, is_getter ? "get ['%s']() { collect(); return " : "['%s']: ",
        t->fields[i].name);
    tenon_p_text_printf(&w->want, "['%s']: ", t->fields[i].name);
    write_part(w, &t->fields[i], t->fields[i].name, 0);
    tenon_p_text_puts(&w->sent, is_getter ? "; }, " : ", ");
    tenon_p_text_puts(&w->want, ", ");
  }
  both(w, "})");
  close_proxy(w, is_proxy);
}

static void write_tuple(writer *w, const tenon_type *t)
{
  bool is_proxy = open_proxy(w);
  uint32_t i;

  both(w, "[");
  for (i = 0; i < t->field_count; i++) {
    write_part(w, &t->fields[i], NULL, i);
    both(w, ", ");
  }
  both(w, "]");
  close_proxy(w, is_proxy);
}

static void write_array(writer *w, const tenon_type *t, bool is_choice)
{
  const tenon_field *f = &t->fields[0];
  const char *view = is_pointer(f) ? NULL : view_of(f->type);
  bool is_big = f->type->kind == TENON_KIND_BIG_I64 ||
                f->type->kind == TENON_KIND_BIG_U64;
  uint32_t i, len = one_in(10) ? 40 : below(4);
  bool is_proxy;

  if (view && !is_choice && one_in(4)) {
    bool is_view_big = is_big || f->type->kind == TENON_KIND_I64 ||
                       f->type->kind == TENON_KIND_U64;
    tenon_p_text_printf(&w->sent, "new %s([", view);
    tenon_p_text_puts(&w->want, "[");
    for (i = 0; i < len; i++) {
      uint32_t n = below(128);
      tenon_p_text_printf(&w->sent, is_view_big ? "%un," : "%u,", (unsigned)n);
      tenon_p_text_printf(&w->want, is_big ? "%un," : "%u,", (unsigned)n);
    }
    tenon_p_text_puts(&w->sent, "])");
    tenon_p_text_puts(&w->want, "]");
    return;
  }
  is_proxy = open_proxy(w);
  both(w, "[");
  for (i = 0; i < len; i++) {
    write_part(w, f, NULL, i);
    both(w, ", ");
  }
  both(w, "]");
  close_proxy(w, is_proxy);
}

static void write_record(writer *w, const tenon_type *t)
{
  const tenon_field *f = &t->fields[0].type->fields[1];
  uint32_t count = sizeof part_names / sizeof *part_names, i;
  bool is_proxy = open_proxy(w);

  both(w, "({");
  for (i = below(count); i < count; i += 1 + below(6)) {
    bool is_getter = one_in(5);
    tenon_p_text_printf(
        &w->sent, is_getter ? "get ['%s']() { collect(); return " : "['%s']: ",
        part_names[i]);
    tenon_p_text_printf(&w->want, "['%s']: ", part_names[i]);
    write_part(w, f, part_names[i], 0);
    tenon_p_text_puts(&w->sent, is_getter ? "; }, " : ", ");
    tenon_p_text_puts(&w->want, ", ");
  }
  both(w, "})");
  close_proxy(w, is_proxy);
}

static void write_plain(writer *w, const tenon_type *t, bool is_choice)
{
  /* These have places of their own. */
  switch (t->kind) {
  case TENON_KIND_EITHER:
    write_value(w, &t->fields[below(t->field_count)], true);
    return;
  default: break;
  }
  if (write_wrong(w)) return;
  switch (t->kind) {
  case TENON_KIND_BOOL: both(w, "%s", one_in(2) ? "true" : "false"); break;
  case TENON_KIND_STR: write_string(w, true); break;
  case TENON_KIND_CSTR: write_string(w, false); break;
  case TENON_KIND_BYTES: write_bytes(w); break;
  case TENON_KIND_DATE:
    both(w, "new Date(%" PRId64 ")",
         (int64_t)(next() >> 11) - (INT64_C(1) << 52));
    break;
  case TENON_KIND_ENUM:
    both(w, "'%s'", t->fields[below(t->field_count)].name);
    break;
  case TENON_KIND_FLAGS: write_flags(w, t); break;
  case TENON_KIND_VIEW: write_view(w, t); break;
  case TENON_KIND_STRUCT: write_struct(w, t); break;
  case TENON_KIND_TUPLE: write_tuple(w, t); break;
  case TENON_KIND_ARRAY: write_array(w, t, is_choice); break;
  case TENON_KIND_RECORD: write_record(w, t); break;
  default: write_number(w, t); break;
  }
}

static void write_value(writer *w, const tenon_field *f, bool is_choice)
{
  if (is_pointer(f) && one_in(3)) {
    bool is_nullable = f->flags & TENON_FIELD_NULLABLE;
    tenon_p_text_puts(&w->sent,
                      is_nullable && one_in(2) ? "null" : "undefined");
    tenon_p_text_puts(&w->want, is_nullable ? "null" : "undefined");
    return;
  }
  write_plain(w, f->type, is_choice);
}

/* --- Programs ------------------------------------------------------------------------- */

static const char prelude[] =
    "import * as n from 'made'; import { collect } from 'native';\n"
    "const same = (a, b) => {\n"
    "  if (Object.is(a, b)) return true;\n"
    "  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b)\n"
    "    return false;\n"
    "  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;"
    "\n  if (a instanceof Date) return +a === +b;\n"
    "  const k = Reflect.ownKeys(a), l = Reflect.ownKeys(b);\n"
    "  return k.length === l.length\n"
    "    && k.every((x, i) => x === l[i] && same(a[x], b[x]));\n"
    "};\n"
    "const show = (v) => JSON.stringify(v, (k, x) => ArrayBuffer.isView(x)\n"
    "  ? [...x].map(String) : typeof x === 'bigint' ? `${x}n`\n"
    "  : Object.is(x, -0) ? '-0' : typeof x === 'number' ? `${x}`\n"
    "  : x === undefined ? 'undefined' : x);\n"
    "const check = async (f, sent, want) => {\n"
    "  collect();\n"
    "  const r = await f(...sent());\n"
    "  if (!same(r, want)) throw Error(`wrong: ${show(r)} for ${show(want)}`);"
    "\n};\n"
    "const refused = async (f, sent, path) => {\n"
    "  let e;\n"
    "  collect();\n"
    "  try { await f(...sent()); } catch (x) { e = x; }\n"
    "  if (e instanceof RangeError || e instanceof InternalError) throw e;\n"
    "  if (!e) throw Error(`wrong: nothing was refused at ${path}`);\n"
    "  if (!(e instanceof TypeError) || !e.message.includes(`${path}': `))\n"
    "    throw Error(`wrong: ${e} at ${path}`);\n"
    "};\n";

/* One call of each function and the like; `wrong` is the place of the value
 * that is refused, 0 for none. How many places there were. */
static uint32_t write_call(tenon_p_text *program, const tenon_function *f,
                           const char *twin, uint32_t wrong)
{
  writer w = {.wrong = wrong};
  uint32_t i, index = 0;

  for (i = 0; i < f->param_count; i++) {
    snprintf(w.path, sizeof w.path, "%s", f->params[i].name);
    write_value(&w, &f->params[i], false);
    both(&w, ", ");
    if (wrong && w.places >= wrong && !index) index = i + 1;
  }
  if (!wrong)
    tenon_p_text_printf(program, "await check(n.%s%s, () => [%s], [%s]);\n",
                        f->name, twin, w.sent.data, w.want.data);
  else if (index)
    tenon_p_text_printf(
        program, "await refused(n.%s%s, () => [%s], `%s: argument %u '%s`);\n",
        f->name, twin, w.sent.data, f->name, (unsigned)index, w.wrong_path);
  tenon_p_text_release(&w.sent);
  tenon_p_text_release(&w.want);
  return w.places;
}

static void write_program(tenon_p_text *program)
{
  uint32_t i, k, places;

  tenon_p_text_clear(program);
  tenon_p_text_puts(program, prelude);
  for (i = 0; i < FUNCTIONS; i++) {
    const tenon_function *f = &made.functions[i];
    for (k = 0; k < CALLS; k++) {
      uint64_t before = state;
      const char *twin = f->flags == 0 && k == CALLS - 1 ? ".async" : "";
      places = write_call(program, f, twin, 0);
      if (!places) continue;
      /* The same value, one place of which is wrong. */
      state = before;
      write_call(program, f, twin, 1 + (uint32_t)((before >> 7) % places));
      state = before + (((uint64_t)k + 1) << 40);
    }
  }
}

/* --- Rounds ---------------------------------------------------------------------------- */

static JSRuntime *collected; /* the engine whose collections are asked for */

TENON_FUNCTION(none, collect)
{
  if (collected) JS_SetGCThreshold(collected, 0);
}

static pthread_t loop_thread;

static void collect_soon(void *p)
{
  if (pthread_equal(pthread_self(), loop_thread)) JS_SetGCThreshold(p, 0);
}

static uint64_t number_of(const char *variable, uint64_t otherwise)
{
  const char *s = getenv(variable);

  return s ? strtoull(s, NULL, 0) : otherwise;
}

static uint64_t first_seed(void)
{
  return number_of("TENON_PROPERTY_SEED", 1);
}

static uint64_t rounds(uint64_t otherwise)
{
#ifdef __SANITIZE_ADDRESS__
  otherwise = (otherwise + 3) / 4;
#endif
  return number_of("TENON_PROPERTY_ROUNDS", otherwise);
}

static int begin(tenon_runtime **rt)
{
  int r = tenon_runtime_new(NULL, rt);

  if (r == 0) r = tenon_runtime_add_module(*rt, "native", tenon_module_v1);
  if (r == 0) r = tenon_runtime_add_module(*rt, "made", made_entry);
  return r;
}

static int run(tenon_runtime *rt, const tenon_p_text *program)
{
  int r = tenon_runtime_eval_module(rt, program->data, program->len, "made.js");

  return r ? r : tenon_runtime_run(rt);
}

static void complain(uint64_t seed, const tenon_p_text *program,
                     tenon_runtime *rt, int code)
{
  const char *e = rt ? tenon_runtime_exception(rt) : NULL;

  print_error("TENON_PROPERTY_SEED=%" PRIu64 ": %s\n", seed,
              e ? e : tenon_strerror(code));
  if (getenv("TENON_PROPERTY_SEED")) print_error("%s\n", program->data);
  fail();
}

static void make_round(uint64_t seed, tenon_p_text *program)
{
  state = seed * UINT64_C(0xD1342543DE82EF95);
  make_module();
  write_program(program);
}

TEST(values_of_random_types_come_back_as_they_were_sent)
{
  tenon_p_text program = TENON_P_TEXT_INIT;
  uint64_t first = first_seed(), seed;

  for (seed = first; seed < first + rounds(150); seed++) {
    tenon_runtime *rt = NULL;
    int r;
    make_round(seed, &program);
    r = begin(&rt);
    collected = one_in(2) && r == 0 ? (*(tenon_p_engine **)rt)->rt : NULL;
    if (r == 0) r = run(rt, &program);
    if (r) complain(seed, &program, rt, r);
    collected = NULL;
    tenon_runtime_free(rt);
  }
  tenon_p_text_release(&program);
}

TEST(values_of_random_types_outlive_a_collection_at_every_allocation)
{
  tenon_p_text program = TENON_P_TEXT_INIT;
  uint64_t first = first_seed(), seed;

  for (seed = first; seed < first + rounds(4); seed++) {
    tenon_runtime *rt = NULL;
    int r;
    make_round(seed, &program);
    /* A runtime that begins so asks about every allocation. */
    tenon_p_alloc_inject(0, false);
    r = begin(&rt);
    CHECK_INT(0, r);
    loop_thread = pthread_self();
    tenon_p_alloc_watch(collect_soon, (*(tenon_p_engine **)rt)->rt);
    r = run(rt, &program);
    tenon_p_alloc_watch(NULL, NULL);
    tenon_p_alloc_stop();
    if (r) complain(seed, &program, rt, r);
    tenon_runtime_free(rt);
  }
  tenon_p_text_release(&program);
}

/* Right, or out of memory: nothing else. */
static void check_outcome(uint64_t seed, const tenon_p_text *program,
                          tenon_runtime *rt, int r)
{
  const char *e = tenon_runtime_exception(rt);

  if (r == 0 || r == TENON_ENOMEM) return;
  if (r == TENON_EEXCEPTION && (!e || !strstr(e, "wrong:"))) return;
  complain(seed, program, rt, r);
}

TEST(random_types_are_right_or_out_of_memory)
{
  tenon_p_text program = TENON_P_TEXT_INIT;
  uint64_t first = first_seed(), seed, at, count, step;

  for (seed = first; seed < first + rounds(8); seed++) {
    tenon_runtime *rt = NULL;
    make_round(seed, &program);
    tenon_p_alloc_inject(0, false);
    CHECK_INT(0, begin(&rt));
    tenon_p_alloc_inject(0, false);
    CHECK_INT(0, run(rt, &program));
    count = tenon_p_alloc_stop();
    step = count / 12 + 1;
    for (at = 1 + seed % step; at <= count; at += step) {
      tenon_p_alloc_inject(at, false);
      check_outcome(seed, &program, rt, run(rt, &program));
      tenon_p_alloc_stop();
      /* More may have been rejected than one run tells. */
      do
        tenon_runtime_clear_exception(rt);
      while (tenon_runtime_run(rt) == TENON_EEXCEPTION);
    }
    {
      int r = run(rt, &program);
      if (r) complain(seed, &program, rt, r);
    }
    tenon_runtime_free(rt);
  }
  tenon_p_text_release(&program);
}
