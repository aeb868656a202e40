/*
 * Every allocation of a program that converts values of all kinds, both ways,
 * fails once: it does everything right or fails with an error.
 *
 * TENON_OOM_SAMPLE=N tries N points spread over all of them; 0 or unset: all.
 */
#define TENON_MODULE kinds
#include "harness.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/export.h>

#include "base/alloc.h"

TENON_MODULE_THREADS(any);

static tenon_p_text said;

TENON_FUNCTION(none, say, (str, line))
{
  tenon_p_text_append(&said, line.data, line.len);
  tenon_p_text_puts(&said, ";");
  if (said.failed) tenon_fail(TENON_ERROR, "out of memory");
}

TENON_FLAGS(rights, read, write)
TENON_STRUCT(point, (f64, x), (str, (the_name, "name")))
TENON_TUPLE(entry, (str, key), (opt(point), p), (i32, n, 7))
TENON_RECORD(sizes, i64)
TENON_VIEW(samples, f32)
TENON_EITHER(value, (i64, number), (str, text), (view(u16), units),
             (bytes, raw), (array(entry), list),
             (record(nullable(point)), points), (date, when),
             (opt(bool), truth))
TENON_STRUCT(all, (value, v), (array(value), values), (rights, rights),
             (sizes, s), (record(samples), views), (entry, e))

TENON_FUNCTION(all, echo, (all, a))
{
  return a;
}

TENON_ASYNC(all, echo_later, (all, a))
{
  TENON_RESOLVE(echo_later, deferred, a);
}

TENON_FUNCTION(value, choose, (value, v), (opt(point), later))
{
  (void)later;
  return v;
}

TENON_FUNCTION(view(f64), moved, (u32, n))
{
  double *p = tenon_defer(free, tenon_p_calloc(n * sizeof *p));
  tenon_view_f64 r = {p, n};

  if (!p) return tenon_fail(TENON_ERROR, "out of memory");
  return r;
}

TENON_FUNCTION(none, fill, (inout(bytes), b), (inout(i32), n),
               (record(bool), r))
{
  memset(b.data, 1, b.len);
  if (n.len) n.data[0] = (int32_t)r.len;
}

TENON_FUNCTION(rights, bad_flags)
{
  return 8;
}

static const char program[] =
    "import * as n from 'kinds';\n"
    "const { say } = n;\n"
    "const text = (v) => JSON.stringify(v, (k, w) => ArrayBuffer.isView(w)\n"
    "  ? [...w] : w);\n"
    "const attempt = (type, f, ...args) => {\n"
    "  try { f(...args); } catch (e) {\n"
    "    if (!(e instanceof type)) throw e;\n"
    "    say(e.message);\n"
    "  }\n"
    "};\n"
    "const a = {\n"
    "  get v() { return new Date(5); },\n"
    "  values: [1, 2n, 'x'.repeat(3), new Uint16Array([7]),\n"
    "    new Uint8Array([8]), [['k'], ['l', { x: 1, name: '\\u20ac' }, 2]],\n"
    "    { p: { x: 2, name: 'n' }, __proto__: null, q: null }, true, undefined],"
    "\n  rights: ['write', 'read'],\n"
    "  s: { a: 1, get b() { return 2; } },\n"
    "  views: new Proxy({ v: new Float32Array([0.5]) }, {}),\n"
    "  e: new Proxy(['e'], {}),\n"
    "};\n"
    "say(text(n.echo(a)));\n"
    "say(text(await n.echo_later(a)));\n"
    "say(text(await n.echo.async(a)));\n"
    "const b = new Uint8Array(2), i = new Int32Array(1);\n"
    "n.fill(b, i, { x: true, y: false });\n"
    "say(`${b} ${i} ${n.moved(100).length}`);\n"
    "say(`${n.choose(b, { x: 1, name: '' })}`);\n"
    "attempt(TypeError, n.choose, Symbol());\n"
    "attempt(TypeError, n.echo, { ...a, rights: ['wirte'] });\n"
    "attempt(TypeError, n.echo, { ...a, rights: 5 });\n"
    "attempt(TypeError, n.echo, { ...a, e: [] });\n"
    "attempt(TypeError, n.echo, { ...a, s: { ['x'.repeat(50)]: 'y' } });\n"
    "attempt(TypeError, n.echo, { ...a, v: new Date(NaN) });\n"
    "attempt(TypeError, n.fill, b.buffer.transferToImmutable(), i, {});\n"
    "attempt(RangeError, n.bad_flags);\n"
    "say('end');\n";

#define ALL                                                              \
  "{\"v\":\"1970-01-01T00:00:00.005Z\",\"values\":[1,2,\"xxx\",[7],[8]," \
  "[[\"k\",null,7],[\"l\",{\"x\":1,\"name\":\"\xe2\x82\xac\"},2]],"      \
  "{\"p\":{\"x\":2,\"name\":\"n\"},\"q\":null},true,null],"              \
  "\"rights\":[\"read\",\"write\"],\"s\":{\"a\":1,\"b\":2},"             \
  "\"views\":{\"v\":[0.5]},\"e\":[\"e\",null,7]};"
static const char expected[] = ALL ALL ALL
    "1,1 2 100;1,1;"
    "choose: argument 1 'v': expected number, bigint, string, Uint16Array,"
    " Uint8Array, ArrayBuffer, array, object, Date, boolean or undefined, got"
    " symbol;"
    "echo: argument 1 'a.rights[0]': expected one of 'read', 'write', got"
    " 'wirte';"
    "echo: argument 1 'a.rights': expected array of 'read', 'write', got 5;"
    "echo: argument 1 'a.e': expected array of 1 to 3 elements, got one of 0;"
    "echo: argument 1 'a.s.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\xe2\x80\xa6"
    "': expected integer, got string;"
    "echo: argument 1 'a.v': expected valid Date, got an invalid one;"
    "fill: argument 1 'b': expected memory that can be written to, got an"
    " immutable ArrayBuffer;"
    "bad_flags: result: expected bits of 'read', 'write', got 0x8;end;";

/* What it returned; TENON_ENOMEM and the like too. */
static int live(void)
{
  tenon_p_text_clear(&said);
  return t_live("kinds", tenon_module_kinds, program);
}

static const t_oom oom = {.live = live, .said = &said, .expected = expected};

TEST(every_allocation_fails_once_of_a_program_with_all_kinds)
{
  CHECK(t_fail_each(&oom, false) > 2000);
}

TEST(every_allocation_fails_from_some_point_on_of_a_program_with_all_kinds)
{
  CHECK(t_fail_each(&oom, true) > 2000);
}
