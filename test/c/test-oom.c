/*
 * Every allocation of a runtime's whole life fails, one run after the other:
 * create, bind, call, throw, await, report, free. Each run either fails with an error
 * or does everything right; none crashes, hangs or leaks (the sanitizers see
 * to the last).
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#define TENON_MODULE oom
#include "harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>
#include <uv.h>

#include "base/alloc.h"

TENON_MODULE_THREADS(any);

static tenon_p_text said;

TENON_FUNCTION(none, say, (str, line))
{
  tenon_p_text_append(&said, line.data, line.len);
  tenon_p_text_puts(&said, ";");
  if (said.failed) tenon_fail(TENON_ERROR, "out of memory");
}

TENON_FUNCTION(f64, add, (f64, a), (f64, b, 1))
{
  return a + b;
}

TENON_FUNCTION(str, repeat, (str, s), (u32, n))
{
  tenon_str r = {NULL, s.len * n};
  char *p = tenon_alloc(r.len + 1);
  uint32_t i;

  if (!p) return tenon_fail(TENON_ERROR, "out of memory");
  for (i = 0; i < n; i++)
    memcpy(p + i * s.len, s.data, s.len);
  r.data = p;
  return r;
}

TENON_FUNCTION(bytes, moved, (bytes, b))
{
  tenon_bytes r = {tenon_defer(free, tenon_p_malloc(b.len)), b.len};

  if (!r.data) return tenon_fail(TENON_ERROR, "out of memory");
  memcpy((void *)r.data, b.data, b.len);
  return r;
}

TENON_FUNCTION(none, refuse, (opt(str), why))
{
  tenon_fail(TENON_RANGE_ERROR, "%s", why ? why->data : "refused");
}

TENON_FUNCTION(none, refuse_caused)
{
  tenon_fail_code(TENON_TYPE_ERROR, "E_FIRST", "first");
  tenon_recover();
  tenon_fail_system(2, "open", "/a");
  tenon_fail_caused(TENON_URI_ERROR, "outer");
}

TENON_ASYNC(none, refuse_later)
{
  tenon_fail_system(2, "open", "/a");
  tenon_deferred_reject_caused(deferred, TENON_URI_ERROR, "later");
}

TENON_FUNCTION(nullable(cstr), parts, (nullable(cstr), s), (big_u64, n))
{
  return n ? s : NULL;
}

TENON_ENUM(side, left, right)
TENON_STRUCT(inner, (str, s), (side, to, side_right))

TENON_CONSTANT(inner, constant, {{"constant", 8}, side_left})

TENON_GETTER(inner, got)
{
  inner r = {{"got", 3}, side_right};
  return r;
}

TENON_STRUCT(outer, (inner, first), (opt(inner), second), (bytes, b),
             (str, more, tenon_str_of("more")), (cstr, last))

TENON_FUNCTION(exhaustive(str), words, (this(inner), self), (coerce(str), s),
               (coerce(big_i64), n), (rest(inner), all))
{
  char *p = tenon_alloc(64);

  if (!p) return tenon_fail_memory();
  sprintf(p, "%.8s%.8s%d%.8s", self.s.data, s.data, (int)n,
          all.data[all.len - 1].s.data);
  return tenon_str_of(p);
}

TENON_FUNCTION(outer, structs, (bytes, b), (outer, o))
{
  o.b = b;
  return o;
}

TENON_FUNCTION(array(outer), arrays, (bytes, b), (array(outer), all),
               (array(opt(i32)), n))
{
  return n.len == 3 && !n.data[1] && b.len == 1 ? all
                                                : (tenon_array_outer){NULL, 0};
}

TENON_ASYNC(array(nullable(outer)), arrays_later, (array(nullable(outer)), all))
{
  TENON_RESOLVE(arrays_later, deferred, all);
}

TENON_ASYNC(outer, structs_later, (outer, o))
{
  TENON_RESOLVE(structs_later, deferred, o);
}

TENON_BLOCKING(str, slowly, (str, s))
{
  return s;
}

static void on_time(uv_timer_t *timer);
static void on_runtime_close(tenon_deferred *deferred, void *timer);

TENON_ASYNC(i64, later, (i64, n))
{
  uv_timer_t *timer = tenon_p_calloc(sizeof *timer + sizeof n);

  if (!timer) {
    tenon_fail(TENON_ERROR, "out of memory");
    return;
  }
  *(int64_t *)(timer + 1) = n;
  uv_timer_init((uv_loop_t *)tenon_deferred_loop(deferred), timer);
  timer->data = deferred;
  tenon_deferred_on_close(deferred, on_runtime_close, timer);
  uv_timer_start(timer, on_time, 0, 0);
}

static void on_closed(uv_handle_t *timer)
{
  free(timer);
}

static void on_time(uv_timer_t *timer)
{
  TENON_RESOLVE(later, timer->data, *(int64_t *)(timer + 1));
  uv_close((uv_handle_t *)timer, on_closed);
}

static void on_runtime_close(tenon_deferred *deferred, void *timer)
{
  tenon_deferred_reject(deferred, TENON_ERROR, "closed");
  uv_close(timer, on_closed);
}

static const char program[] =
    "import { say, add, repeat, moved, refuse, slowly, later,\n"
    "  refuse_caused, refuse_later, words,\n"
    "  parts, structs, structs_later, arrays, arrays_later,\n"
    "  constant, default as object } from 'oom';\n"
    "const attempt = (type, f, ...args) => {\n"
    "  try { f(...args); } catch (e) {\n"
    "    if (!(e instanceof type)) throw e;\n"
    "    say(e.message);\n"
    "  }\n"
    "};\n"
    "say(`${add(1)} ${add(1, 2)}`);\n"
    "say(repeat('h\\u00e9', 3));\n"
    "say(`${constant.s} ${object.constant.to} ${object.got.s}`);\n"
    "say(repeat('ab' + add(1), 200).length + '');\n"
    "say(`${moved(new Uint8Array([1, 2, 3]))}`);\n"
    "say(`${parts('b', 2n ** 60n)} ${parts('b', 0n)}`);\n"
    "attempt(TypeError, parts, '\\0', 1n);\n"
    "attempt(TypeError, parts, null, 1);\n"
    "const o = { first: { s: 'f', to: 'left' }, second: { s: 's'.repeat(300) },\n"
    "  b: new Uint8Array(300), get last() { return 'l' + 1; } };\n"
    "const r = structs(new Uint8Array([4, 5]), o);\n"
    "say(JSON.stringify([r.first, r.second.s.length, r.second.to, r.b, r.more,\n"
    "  r.last]));\n"
    "say((await structs_later(o)).second.s.length + '');\n"
    "const many = [...Array(20)].map(() => o);\n"
    "say(arrays(new Uint8Array(1), many, [1, , 3]).map((x) => x.last).join(''));"
    "\n"
    "say((await arrays_later([null, ...many])).map((x) => x && x.first.s).join());"
    "\n"
    "attempt(TypeError, arrays, new Uint8Array(1), [o, o, {}], []);\n"
    "attempt(TypeError, structs, new Uint8Array(1), { first: { s: '', to: 'up' }"
    " });\n"
    "attempt(RangeError, refuse);\n"
    "attempt(RangeError, refuse, '\\ud83d\\ude00');\n"
    "say(words.call({ s: 'self' }, [1, 'x'], '12', { s: 'a' }, { s: 'b' }));\n"
    "say(await words.async.call({ s: 'me' }, { toString: () => 'own' },\n"
    "  { valueOf: () => 2n ** 40n }, { s: 'c' }));\n"
    "attempt(TypeError, words, 1);\n"
    "try { refuse_caused(); } catch (e) {\n"
    "  if (!(e instanceof URIError)) throw e;\n"
    "  say(e.message + e.cause.code + e.cause.path); }\n"
    "await refuse_later().catch((e) => {\n"
    "  if (!(e instanceof URIError)) throw e;\n"
    "  say(e.message + e.cause.code + e.cause.path); });\n"
    "attempt(TypeError, add, 'x');\n"
    "attempt(TypeError, add);\n"
    "say(`${await later(7)}`);\n"
    "say(await slowly('off the loop'));\n"
    "say(`${await add.async(3, 4)}`);\n"
    "await slowly(1).catch((e) => {\n"
    "  if (!(e instanceof TypeError)) throw e;\n"
    "  say('rejected');\n"
    "});\n"
    "await new Promise((done) => setTimeout(done, 0, 1));\n"
    "await import('./nowhere.js').catch((e) => {\n"
    "  if (e.code !== 'ERR_MODULE_NOT_FOUND') throw e;\n"
    "});\n"
    "const { default: [one] } = await import('data:application/json,[1]',\n"
    "  { with: { type: 'json' } });\n"
    "const { default: bytes } = await import('data:;base64,AAEC',\n"
    "  { with: { type: 'bytes' } });\n"
    "say(`${one} ${bytes} ${(await import('data:text/javascript,'\n"
    "  + 'export default 5')).default}`);\n"
    "await import('data:text/x,').catch((e) => {\n"
    "  if (e.code !== 'ERR_UNKNOWN_MODULE_FORMAT') throw e;\n"
    "});\n"
    "onunhandledrejection = (e) => { say(e.reason); return false; };\n"
    "addEventListener('error', (e) => {\n"
    "  if (e.error !== 'thrown') return;\n"
    "  e.preventDefault();\n"
    "  say(e.error);\n"
    "});\n"
    "addEventListener('rejectionhandled', (e) => say(e.type), { once: true });\n"
    "const left = Promise.reject('left');\n"
    "queueMicrotask(() => { throw 'thrown'; });\n"
    "await new Promise((done) => setTimeout(done, 0));\n"
    "await left.catch(() => {});\n"
    "await new Promise((done) => setTimeout(done, 0));\n"
    "const target = new EventTarget(), event = new CustomEvent('x');\n"
    "target.addEventListener('x', { handleEvent(e) { say(e.type); } });\n"
    "target.dispatchEvent(event) && target.dispatchEvent(event);\n"
    "console.log.name === 'log' && process.argv.length === 0 && say('end');\n";

static const char expected[] =
    "2 3;h\xc3\xa9h\xc3\xa9h\xc3\xa9;"
    "constant left got;600;1,2,3;b null;"
    "parts: argument 1 's': expected string without NUL, got one with it;"
    "parts: argument 2 'n': expected bigint, got 1;"
    "[{\"s\":\"f\",\"to\":\"left\"},300,\"right\",{\"0\":4,\"1\":5},"
    "\"more\",\"l1\"];300;"
    "l1l1l1l1l1l1l1l1l1l1l1l1l1l1l1l1l1l1l1l1;"
    ",f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f,f;"
    "arrays: argument 2 'all[2].first': expected object, got undefined;"
    "structs: argument 2 'o.first.to': expected one of 'left', 'right',"
    " got 'up';"
    "refused;\xf0\x9f\x98\x80;"
    "self1,x12b;meown0c;words: expected at least 2 arguments, got 1;outerENOENT/a;laterENOENT/a;"
    "add: argument 1 'a': expected number, got string;"
    "add: expected at least 1 argument, got 0;7;off the loop;7;rejected;"
    "1 0,1,2 5;thrown;left;rejectionhandled;x;x;end;";

/* What it returned; TENON_ENOMEM and the like too. */
static int live(void)
{
  tenon_p_text_clear(&said);
  return t_live("oom", tenon_module_oom, program);
}

static void shown(void *data, const char *text, size_t len)
{
  (void)data;
  tenon_p_text_append(&said, text, len);
  tenon_p_text_puts(&said, ";");
}

/* Programs that fail, and what is told of them. A text may be a shorter one,
 * there must be one. */
static int fail_and_tell(void)
{
  static const char failing[] =
      "const f = () => { throw new AggregateError([Error('b'), 5], 'a',"
      " { cause: Error('c') }); };\nf();";
  static const char shown_source[] = "await 1; [2, { a: new Map([[3, 4]]) }]";
  tenon_runtime *rt = NULL;
  int r, failed;

  tenon_p_text_clear(&said);
  r = tenon_runtime_new(NULL, &rt);
  if (r) return r;
  r = tenon_runtime_set_time_limit(rt, 1000000);
  failed = tenon_runtime_eval(rt, failing, strlen(failing), "a.js");
  if (r == 0 && failed != TENON_EEXCEPTION) r = failed;
  CHECK(tenon_runtime_explain(rt, failed, TENON_FORM_TEXT) != NULL);
  CHECK(tenon_runtime_explain(rt, failed, TENON_FORM_COLOR) != NULL);
  CHECK(tenon_runtime_explain(rt, failed, TENON_FORM_JSON) != NULL);
  CHECK(tenon_runtime_explain(rt, TENON_EUNSETTLED, TENON_FORM_TEXT) != NULL);
  if (r == 0)
    r = tenon_runtime_eval_shown(rt, shown_source, strlen(shown_source), NULL,
                                 TENON_FORM_TEXT, shown, NULL);
  if (r == 0) r = tenon_runtime_run(rt);
  tenon_runtime_free(rt);
  return r;
}

static const t_oom oom = {.live = live, .said = &said, .expected = expected};
static const t_oom failing = {.live = fail_and_tell};

TEST(every_allocation_fails_once)
{
  CHECK(t_fail_each(&oom, false) > 2000);
}

TEST(every_allocation_fails_from_some_point_on)
{
  CHECK(t_fail_each(&oom, true) > 2000);
}

TEST(every_allocation_fails_of_a_program_that_fails)
{
  CHECK(t_fail_each(&failing, false) > 1000);
  CHECK(t_fail_each(&failing, true) > 1000);
  tenon_p_text_release(&said);
}

TEST(a_runtime_is_usable_after_a_failed_evaluation)
{
  static const char small[] = "import { say } from 'oom';\n"
                              "say([1, 2, 3].map((x) => `${x}`).join());";
  uint64_t at, count;
  tenon_runtime *rt;

  tenon_p_alloc_inject(0, false);
  CHECK_INT(0, tenon_runtime_new(NULL, &rt));
  CHECK_INT(0, tenon_runtime_add_module(rt, "oom", tenon_module_oom));
  tenon_p_alloc_inject(0, false);
  CHECK_INT(0, t_eval_module(rt, small));
  count = tenon_p_alloc_stop();
  for (at = 1; at <= count; at++) {
    tenon_p_text_clear(&said);
    tenon_p_alloc_inject(at, false);
    (void)t_eval_module(rt, small);
    tenon_p_alloc_stop();
    tenon_runtime_clear_exception(rt);
    tenon_p_text_clear(&said);
    if (t_eval_module(rt, small) || strcmp(said.data, "1,2,3;") != 0) {
      print_error("unusable after allocation %llu failed: %s\n",
                  (unsigned long long)at,
                  tenon_runtime_exception(rt) ? tenon_runtime_exception(rt)
                                              : said.data);
      fail();
    }
  }
  tenon_runtime_free(rt);
  tenon_p_text_release(&said);
}
