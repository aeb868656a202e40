/* Values of any type in described functions, and the environment of a call. */
#define TENON_MODULE any_module
#include "harness.h"

#include <string.h>
#include <tenon/export.h>
#include <tenon/napi.h>

#define M tenon_module_any_module

static napi_valuetype type_of(napi_value v)
{
  napi_valuetype t = napi_undefined;

  CHECK_INT(napi_ok, napi_typeof(tenon_env(), v, &t));
  return t;
}

static tenon_runtime *runtime(void)
{
  tenon_runtime *rt = t_runtime();

  CHECK_INT(0, tenon_runtime_add_module(rt, "m", M));
  return rt;
}

TENON_FUNCTION(i32, kind, (any, v))
{
  return (int32_t)type_of(v);
}

TENON_FUNCTION(any, same, (any, v))
{
  return v;
}

TENON_FUNCTION(any, nothing)
{
  return NULL;
}

TEST(any_takes_and_gives_every_value)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import * as m from 'm';\n"
            "log([undefined, null, true, 1, '', Symbol(), {}, () => {}, 1n]\n"
            "  .map(m.kind).join());\n"
            "const o = {}; log(`${m.same(o) === o} ${m.nothing()}`);\n"
            "log(`${m.same.async}`);");
  CHECK_LOG("0,1,2,3,4,5,6,7,9\ntrue undefined\nundefined\n");
  CHECK_THROWS(rt, "kind: expected 1 argument, got 0",
               "import { kind } from 'm'; kind();");
}

TENON_STRUCT(pair, (any, first), (opt(any), second))

TENON_FUNCTION(pair, swap, (pair, p), (array(any), more), (nullable(any), n))
{
  pair r = {p.second ? *p.second : NULL, &p.first};
  pair *kept = tenon_alloc(sizeof *kept);

  if (!kept) return tenon_fail(TENON_ERROR, "out of memory");
  *kept = p;
  r.second = &kept->first;
  if (more.len) r.first = more.data[more.len - 1];
  if (n) r.first = *n;
  return r;
}

TENON_FUNCTION(array(any), many, (array(any), all))
{
  return all;
}

TEST(structs_and_arrays_hold_any)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { swap, many } from 'm';\n"
            "const show = (x) => log(JSON.stringify(x));\n"
            "show(swap({ first: 1, second: 'b' }, []));\n"
            "show(swap({ first: [1] }, [2, { x: 3 }], null));\n"
            "show(swap({ first: [1] }, [], 4));\n"
            "const all = [...Array(1000)].map((_, i) => ({ i }));\n"
            "log(`${many(all).every((x, i) => x === all[i])}`);");
  CHECK_LOG("{\"first\":\"b\",\"second\":1}\n"
            "{\"first\":{\"x\":3},\"second\":[1]}\n"
            "{\"first\":4,\"second\":[1]}\ntrue\n");
}

/* --- The environment -------------------------------------------------------------- */

TENON_FUNCTION(i32, read, (str, name))
{
  napi_env env = tenon_env();
  napi_value global, v;
  int32_t n = -1;

  CHECK(env && env == tenon_env());
  CHECK_INT(napi_ok, napi_get_global(env, &global));
  if (napi_get_named_property(env, global, name.data, &v) == napi_ok)
    napi_get_value_int32(env, v, &n);
  return n;
}

TENON_FUNCTION(none, throw_it, (i32, how))
{
  napi_env env = tenon_env();

  if (how == 1) napi_throw_range_error(env, "ERR_X", "thrown");
  if (how == 2) tenon_fail(TENON_ERROR, "failed");
}

TEST(the_environment_is_there_without_an_any)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test'; import { read } from 'm';\n"
            "globalThis.x = 5; log(`${read('x')}`);");
  CHECK_LOG("5\n");
  CHECK(tenon_env() == NULL);
}

TEST(what_is_left_pending_is_thrown_as_it_is)
{
  tenon_runtime *rt = runtime();

  t_run(
      rt,
      "import { log } from 'test'; import { read, throw_it, same } from 'm';\n"
      "try { throw_it(1); } catch (e) { log(`${e.code} ${e}`); }\n"
      "try { throw_it(2); } catch (e) { log(`${e}`); }\n"
      "const o = {};\n"
      "Object.defineProperty(globalThis, 'bad', { get() { throw o; } });\n"
      "try { read('bad'); } catch (e) { log(`${e === o}`); }\n"
      "throw_it(0); log('usable');");
  CHECK_LOG("ERR_X RangeError: thrown\nError: failed\ntrue\nusable\n");
}

TEST(what_a_host_has_left_pending_is_the_hosts)
{
  tenon_runtime *rt = runtime();
  napi_env env = tenon_runtime_env(rt);
  bool is = false;

  CHECK_INT(napi_ok, napi_throw_error(env, NULL, "the host's"));
  t_run(rt, "import { log } from 'test'; import { read, throw_it } from 'm';\n"
            "globalThis.x = 5; log(`${read('x')}`);\n"
            "try { throw_it(1); } catch (e) { log(e.code); }");
  CHECK_LOG("5\nERR_X\n");
  CHECK_INT(napi_ok, napi_is_exception_pending(env, &is));
  CHECK(is);
}

TEST(handles_end_with_their_call)
{
  tenon_runtime *rt = runtime();
  size_t before;

  t_run(rt, "import { same, read, kind } from 'm';\n"
            "globalThis.go = () => { for (let i = 0; i < 1000; i++) {\n"
            "  same(new Uint8Array(1000)); kind(new Uint8Array(1000));\n"
            "  read('x'); try { same(); } catch {} } };\n"
            "go();");
  tenon_runtime_collect(rt);
  before = tenon_runtime_memory(rt).used_bytes;
  t_run(rt, "for (let i = 0; i < 20; i++) go();");
  tenon_runtime_collect(rt);
  CHECK(tenon_runtime_memory(rt).used_bytes < before + 20000);
}

/* --- Callbacks ----------------------------------------------------------------------- */

TENON_CALLBACK(any, map, (any, v), (i32, i))

static int code;

TENON_FUNCTION(any, mapped, (array(any), all), (map, f))
{
  napi_value list, v;
  size_t i;

  napi_create_array(tenon_env(), &list);
  for (i = 0; i < all.len; i++) {
    code = map_call(f, &v, all.data[i], (int32_t)i);
    if (code) return NULL;
    napi_set_element(tenon_env(), list, (uint32_t)i, v);
  }
  return list;
}

TENON_FUNCTION(any, only_callback, (map, f))
{
  napi_value a, b;

  if (map_call(f, &a, NULL, 1) || map_call(f, &b, a, 2)) return NULL;
  return b;
}

TEST(callbacks_take_and_give_any)
{
  tenon_runtime *rt = runtime();

  t_run(rt, "import { log } from 'test';\n"
            "import { mapped, only_callback } from 'm';\n"
            "log(mapped(['a', {}, 3n], (v, i) => [typeof v, i]).join(';'));\n"
            "const o = {};\n"
            "log(`${only_callback((v, i) => i === 1 ? o : v === o)}`);\n"
            "try { mapped([1], () => { throw o; }); }\n"
            "catch (e) { log(`${e === o}`); }\n"
            "const f = (v, i) => v ? mapped([v - 1], f)[0] : 'end';\n"
            "log(mapped([5, 0], f).join());");
  CHECK_LOG("string,0;object,1;bigint,2\ntrue\ntrue\nend,end\n");
}

static map *kept;

TENON_FUNCTION(i32, keep_map, (map, f))
{
  kept = map_keep(f);
  return map_post(f, NULL, 1);
}

static int blocking_code;

TENON_BLOCKING(none, call_off_loop, (map, f))
{
  napi_value v;

  blocking_code = map_call(f, &v, NULL, 1);
  if (tenon_env()) blocking_code = 1;
}

static tenon_runtime *other;

TENON_FUNCTION(i32, use_map_of_other)
{
  napi_value v = NULL;
  int r = map_call(kept, &v, NULL, 3);

  t_free(other);
  return v ? r : -1;
}

TEST(what_a_callback_of_another_runtime_gives_is_not_the_calls)
{
  tenon_runtime *rt = runtime();

  other = runtime();
  t_run(other, "import { keep_map } from 'm'; keep_map(() => ({}));");
  t_run(rt, "import { log } from 'test'; import { use_map_of_other } from 'm';"
            "log(`${use_map_of_other()}`);");
  CHECK_LOG("0\n");
  tenon_callback_release(kept);
}

TEST(any_stays_on_the_loop)
{
  tenon_runtime *rt = runtime();
  napi_handle_scope scope;
  napi_value v;
  napi_env env = tenon_runtime_env(rt);

  t_run(rt, "import { log } from 'test';\n"
            "import { keep_map, call_off_loop } from 'm';\n"
            "log(`${keep_map((v, i) => `${v}${i}`)}`);\n"
            "await call_off_loop(() => 1);");
  CHECK_LOG("-5004\n");
  CHECK_INT(TENON_ETHREAD, blocking_code);
  /* Outside of functions handles are of the scope that is open. */
  CHECK_INT(napi_ok, napi_open_handle_scope(env, &scope));
  CHECK_INT(0, map_call(kept, &v, NULL, 3));
  CHECK_INT(napi_ok, napi_close_handle_scope(env, scope));
  tenon_callback_release(kept);
}

static void no_thunk(void *args, void *result)
{
  (void)args;
  (void)result;
}

static tenon_function by_hand = {
    .size = sizeof by_hand,
    .name = "f",
    .result = {"result", &tenon_p_array_any, 0, 0, NULL},
    .args_size = sizeof(tenon_args),
    .thunk = no_thunk};

static const tenon_module *give(void)
{
  static const tenon_host *host;
  static const tenon_function *const list[] = {&by_hand};
  static const tenon_module m = {.size = sizeof m,
                                 .abi = TENON_MODULE_ABI,
                                 .field_size = sizeof(tenon_field),
                                 .host = &host,
                                 .begin = list,
                                 .end = list + 1};

  return &m;
}

TEST(a_table_of_a_function_off_the_loop_with_any_is_refused)
{
  tenon_runtime *rt = runtime();

  by_hand.flags = TENON_FUNCTION_BLOCKING;
  CHECK_INT(TENON_EABI, tenon_runtime_add_module(rt, "b", give));
  by_hand.flags = TENON_FUNCTION_ASYNC;
  CHECK_INT(TENON_EABI, tenon_runtime_add_module(rt, "b", give));
  by_hand.flags = 0;
  CHECK_INT(0, tenon_runtime_add_module(rt, "b", give));
}
