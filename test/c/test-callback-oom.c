/*
 * Every allocation fails once, in turn, of programs with callbacks, imports and
 * values: each run either fails with an error or does everything right.
 * TENON_OOM_SAMPLE as in test-oom.c.
 */
#define TENON_MODULE callback_oom
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/import.h>
#include <tenon/napi.h>
#include <uv.h>

TENON_MODULE_THREADS(any);

static tenon_p_text said;

static void say_text(const char *s, size_t len)
{
  tenon_p_text_append(&said, s, len);
  tenon_p_text_puts(&said, ";");
}

TENON_FUNCTION(none, say, (str, line))
{
  say_text(line.data, line.len);
  if (said.failed) tenon_fail(TENON_ERROR, "out of memory");
}

TENON_STRUCT(item, (str, name), (opt(i32), n), (array(f64), all))
TENON_CALLBACK(item, change, (item, it), (bytes, b))
TENON_CALLBACK(any, map, (any, v))
TENON_CALLBACK(none, told, (str, s), (array(str), more))
TENON_IMPORT(str, greet, (str, name))

TENON_FUNCTION(item, changed, (item, it), (bytes, b), (change, f))
{
  item r = it;
  int code = change_call(f, &r, it, b);

  if (code && code != TENON_EEXCEPTION) tenon_fail(TENON_ERROR, "%d", code);
  return r;
}

TENON_FUNCTION(any, mapped, (array(any), all), (map, f))
{
  struct napi_value__ *last = NULL;
  size_t i;

  for (i = 0; i < all.len; i++)
    if (map_call(f, &last, all.data[i])) break;
  return last;
}

TENON_FUNCTION(str, recovered, (map, f))
{
  struct napi_value__ *v;

  return map_call(f, &v, NULL) && tenon_recover() ? tenon_str_of("caught")
                                                  : tenon_str_of("none");
}

TENON_BLOCKING(item, asked, (change, f), (str, s))
{
  static const uint8_t bytes[] = {1, 2};
  tenon_bytes b = {bytes, 2};
  item it = {s, NULL, {NULL, 0}};
  int code = change_await(f, &it, it, b);

  if (code && code != TENON_EEXCEPTION) tenon_fail(TENON_ERROR, "%d", code);
  return it;
}

TENON_CALLBACK(f64, less, (f64, a), (f64, b))

/* By insertion. */
TENON_FUNCTION(i64, sorted, (inout(f64), all), (less, by), (bytes, same))
{
  size_t i, k;

  for (i = 1; i < all.len; i++) {
    for (k = i; k > 0; k--) {
      double r = 0, moved = all.data[k];
      if (less_call(by, &r, moved, all.data[k - 1])) return 0;
      if (r >= 0) break;
      all.data[k] = all.data[k - 1];
      all.data[k - 1] = moved;
    }
  }
  return (int64_t)same.len;
}

static told *kept;

TENON_FUNCTION(none, post, (told, f), (str, s))
{
  tenon_array_str more = {&s, 1};

  tenon_callback_release(kept);
  kept = told_keep(f);
  if (told_post(f, s, more)) tenon_fail(TENON_ERROR, "out of memory");
}

static const char program[] =
    "import { say, changed, mapped, recovered, asked, post, sorted }\n"
    "  from 'oom';\n"
    "const twice = (it, b) => ({ name: it.name + it.name, n: b.length,\n"
    "  all: [...it.all, 1] });\n"
    "say(JSON.stringify(changed({ name: 'a'.repeat(150), all: [] },\n"
    "  new Uint8Array(300), twice)).length + '');\n"
    "const o = new RangeError('thrown');\n"
    "const attempt = (f) => { try { f(); } catch (e) {\n"
    "  if (e !== o && !(e instanceof TypeError)) throw e;\n"
    "  say(e.message); } };\n"
    "attempt(() => changed({ name: '', all: [] }, new Uint8Array(1),\n"
    "  () => { throw o; }));\n"
    "attempt(() => changed({ name: '', all: [] }, new Uint8Array(1),\n"
    "  () => ({})));\n"
    "say(mapped([1, 'b', o], (v) => v).message);\n"
    "attempt(() => mapped([1], () => { throw o; }));\n"
    "say(recovered(() => { throw 'recovered'; }));\n"
    "const f = new Float64Array([3, 1, 2]), refused = new Set();\n"
    "say(`${sorted(f, (a, b) => {\n"
    "  try { f.buffer.transfer(a); refused.add('no'); }\n"
    "  catch (e) { if (!(e instanceof TypeError)) throw e;\n"
    "    refused.add(e.message); }\n"
    "  return a - b; }, f.buffer)} ${f} ${[...refused]}`);\n"
    "say((await asked(async (it, b) => twice(it, b), 'ab')).name);\n"
    "await asked(() => { throw o; }, '').catch((e) => {\n"
    "  if (e !== o) throw e; say('rejected'); });\n"
    "await new Promise((done) => post((s, more) => done(say(s + more)),\n"
    "  'posted'));\n"
    "globalThis.greet = (s) => 'hello ' + s;\n"
    "globalThis.later = async (s) => { await 1; return 'later ' + s; };\n";

static const char expected[] =
    "329;thrown;change: result 'name': expected string, got undefined;thrown;"
    "thrown;caught;24 1,2,3 ArrayBuffer is in use by native code;"
    "abab;rejected;postedposted;hello C;later C;2 x;"
    "{\"a\":[1]};";

/* 0 or the code of what failed. */
static int use(tenon_runtime *rt)
{
  static const char struct_source[] = "await 1; ({ name: 'x', all: [1, 2] })";
  static const char json_source[] = "({ a: [1] })";
  tenon_owner *owner;
  tenon_str s;
  greet *f;
  item it;
  int r;

  r = greet_import(rt, NULL, "greet", &f);
  if (r) return r;
  r = greet_call(f, &s, tenon_str_of("C"));
  if (r == 0) say_text(s.data, s.len);
  tenon_callback_release(f);
  if (r == 0) r = greet_import(rt, NULL, "later", &f);
  if (r) return r;
  r = greet_await(f, &s, tenon_str_of("C"));
  if (r == 0) say_text(s.data, s.len);
  tenon_callback_release(f);
  if (r) return r;
  r = tenon_runtime_eval_into(rt, struct_source, strlen(struct_source), NULL,
                              TENON_TYPE(item), &it, &owner);
  if (r) return r;
  tenon_p_text_printf(&said, "%d %s;", (int)it.all.len, it.name.data);
  tenon_owner_free(owner);
  r = tenon_runtime_eval_json(rt, json_source, strlen(json_source), NULL, &s,
                              &owner);
  if (r) return r;
  say_text(s.data, s.len);
  tenon_owner_free(owner);
  return 0;
}

static int live(void)
{
  tenon_runtime *rt = NULL;
  int r;

  tenon_p_text_clear(&said);
  r = tenon_runtime_new(NULL, &rt);
  if (r == 0)
    r = tenon_runtime_add_module(rt, "oom", tenon_module_callback_oom);
  if (r == 0)
    r = tenon_runtime_eval_module(rt, program, strlen(program), "oom.js");
  if (r == 0) r = tenon_runtime_run(rt);
  if (r == 0) r = use(rt);
  if (r == TENON_EEXCEPTION) CHECK(tenon_runtime_exception(rt) != NULL);
  tenon_runtime_free(rt);
  tenon_callback_release(kept);
  kept = NULL;
  return r;
}

static const t_oom oom = {.live = live, .said = &said, .expected = expected};

TEST(every_allocation_fails_once)
{
  CHECK(t_fail_each(&oom, false) > 1500);
}

TEST(every_allocation_fails_from_some_point_on)
{
  CHECK(t_fail_each(&oom, true) > 1500);
}
