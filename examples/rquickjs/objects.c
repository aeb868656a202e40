/* Objects as C sees them: keys that are made once, descriptors, functions. */
#define TENON_MODULE objects

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sections.h"

/* An object of a script, for Node-API. */
static napi_value object_of(napi_env env, const char *source)
{
  napi_value text, r;

  must_napi(napi_create_string_utf8(env, source, NAPI_AUTO_LENGTH, &text));
  must_napi(napi_run_script(env, text, &r));
  return r;
}

/* A name of a property, prepared: an atom of the engine. */
void keys(void)
{
  tenon_runtime *rt = runtime_with(NULL, NULL);
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value object, value;
  tenon_key *name, *first;
  double sum = 0, d;

  must_napi(napi_open_handle_scope(env, &scope));
  object = object_of(env, "({ count: 3, 0: 'zero' })");
  must_napi(tenon_key_new(env, "count", NAPI_AUTO_LENGTH, &name));
  must_napi(tenon_key_new(env, "0", NAPI_AUTO_LENGTH, &first));
  for (int i = 0; i < 1000; i++) {
    must_napi(tenon_key_get(env, object, name, &value));
    must_napi(napi_get_value_double(env, value, &d));
    sum += d;
  }
  printf("%g\n", sum);
  tenon_key_free(name);
  tenon_key_free(first);
  must_napi(napi_close_handle_scope(env, scope));
  tenon_runtime_free(rt);
}

static bool print_property(napi_env env, napi_value key,
                           const tenon_property *p, void *data)
{
  char text[40];

  (void)data;
  must_napi(napi_get_value_string_utf8(env, key, text, sizeof text, NULL));
  printf("%s:%s%s%s%s\n", text, p->value ? " value" : " accessor",
         p->attributes & TENON_PROPERTY_WRITABLE ? " writable" : "",
         p->attributes & TENON_PROPERTY_ENUMERABLE ? " enumerable" : "",
         p->attributes & TENON_PROPERTY_CONFIGURABLE ? " configurable" : "");
  return true;
}

void properties(void)
{
  tenon_runtime *rt = runtime_with(NULL, NULL);
  napi_env env = tenon_runtime_env(rt);
  tenon_property fixed = {.attributes = TENON_PROPERTY_ENUMERABLE,
                          .given = TENON_PROPERTY_ALL};
  napi_handle_scope scope;
  napi_value object, key;

  must_napi(napi_open_handle_scope(env, &scope));
  object = object_of(env, "({ plain: 1, get half() { return 0.5 } })");
  must_napi(napi_create_string_utf8(env, "fixed", NAPI_AUTO_LENGTH, &key));
  must_napi(napi_create_int32(env, 7, &fixed.value));
  must_napi(tenon_property_define(env, object, key, &fixed, NULL));
  must_napi(tenon_property_each(env, object, 0, print_property, NULL));
  must_napi(napi_close_handle_scope(env, scope));
  tenon_runtime_free(rt);
}

TENON_FUNCTION(str, name_of, (this(any), self))
{
  napi_env env = tenon_env();
  size_t size = 0;
  napi_value name;
  char *text;

  if (napi_get_named_property(env, self, "name", &name) ||
      napi_get_value_string_utf8(env, name, NULL, 0, &size))
    return tenon_fail(TENON_TYPE_ERROR, "name_of: no name");
  text = tenon_alloc(size + 1);
  if (!text) return tenon_fail_memory();
  napi_get_value_string_utf8(env, name, text, size + 1, NULL);
  return (tenon_str){text, size};
}
TENON_CALLBACK(f64, transform, (f64, x))
TENON_FUNCTION(f64, apply, (transform, f), (f64, x), (i32, times))
{
  for (int32_t i = 0; i < times; i++)
    if (transform_call(f, &x, x)) return 0; /* what it threw is thrown */
  return x;
}
TENON_CALLBACK_ONCE(none, done)
TENON_FUNCTION(i32, twice, (done, f))
{
  return done_call(f) == 0 && done_call(f) == TENON_EALREADY;
}

void functions(void)
{
  tenon_runtime *rt = runtime_with("objects", tenon_module_objects);

  run(rt, "import { name_of, apply, twice } from 'objects';\n"
          "const o = { name: 'o', name_of }; let calls = 0;\n"
          "console.log(o.name_of(), apply(x => x * 2, 1, 10),"
          " twice(() => calls++), calls);\n"
          "const mine = new Error('mine');\n"
          "try { apply(() => { throw mine }, 1, 1) } catch (e) {"
          " console.log(e === mine) }");
  tenon_runtime_free(rt);
}

/* What a function keeps is seen by nobody else; what a realm keeps, by all of
 * its functions. */
typedef struct counter {
  int64_t value;
} counter;

typedef struct total {
  int64_t calls;
} total;

TENON_STATE(realm, total, NULL, NULL)

TENON_CLOSURE(i64, counter, next, (i64, by, 1))
{
  total *t = total_state();

  if (!t) return 0;
  t->calls++;
  return state->value += by;
}
TENON_FUNCTION(any, make_counter, (i64, start, 0))
{
  counter *c = malloc(sizeof *c);

  if (!c) return tenon_fail_memory();
  c->value = start;
  return next_new(c, free);
}
TENON_FUNCTION(i64, all_calls)
{
  total *t = total_state();

  return t ? t->calls : 0;
}

void states(void)
{
  tenon_runtime *rt = runtime_with("objects", tenon_module_objects);

  run(rt, "import { make_counter, all_calls } from 'objects';\n"
          "const a = make_counter(), b = make_counter(10);\n"
          "console.log(a(), a(), b(5), all_calls(), Reflect.ownKeys(a));");
  tenon_runtime_free(rt);
}
