/* Runtimes, realms (contexts), what is in them, and their limits. */
#define TENON_MODULE runtimes

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sections.h"

TENON_FUNCTION(none, say, (str, text))
{
  printf("%s\n", text.data);
}

static void eval(tenon_realm *realm, const char *source)
{
  must(tenon_realm_runtime(realm),
       tenon_realm_eval_script(realm, source, strlen(source), NULL));
}

/* Several global objects share one heap: objects can go from one to another. */
void runtimes_and_realms(void)
{
  tenon_runtime *rt = runtime_with(NULL, NULL),
                *other = runtime_with(NULL, NULL);
  napi_env env = tenon_runtime_env(rt);
  napi_handle_scope scope;
  napi_value global, value;
  tenon_realm *realm;

  must(rt, tenon_realm_new(rt, NULL, &realm));
  eval(tenon_runtime_realm(rt), "globalThis.shared = { from: 'the first' }");
  must_napi(napi_open_handle_scope(env, &scope));
  must_napi(napi_get_global(env, &global));
  must_napi(napi_get_named_property(env, global, "shared", &value));
  must(rt, tenon_realm_enter(realm));
  must_napi(napi_get_global(env, &global));
  must_napi(napi_set_named_property(env, global, "shared", value));
  must(rt, tenon_realm_leave(realm));
  must_napi(napi_close_handle_scope(env, scope));
  eval(realm, "console.log(shared, shared instanceof Object)");
  must(rt, tenon_realm_free(realm));

  run(other, "console.log(typeof shared)");
  tenon_runtime_free(other);
  tenon_runtime_free(rt);
}

/* A realm has what it needs, and no more. */
void intrinsics(void)
{
  tenon_realm_options small = {
      .size = sizeof small,
      .without = ~(uint32_t)(TENON_REALM_JSON | TENON_REALM_EVAL),
  };
  tenon_runtime *rt = runtime_with(NULL, NULL);
  tenon_realm *realm;

  must(rt, tenon_realm_new(rt, &small, &realm));
  must(rt, tenon_realm_add_globals(realm, tenon_module_runtimes));
  eval(realm, "say(JSON.stringify([typeof JSON, typeof Date, typeof Promise,"
              " typeof console, eval('1 + 1')]))");
  tenon_runtime_free(rt);
}

static void ends(tenon_runtime *rt, const char *source)
{
  int r = tenon_runtime_eval_script(rt, source, strlen(source), NULL);

  if (r == 0) r = tenon_runtime_run(rt);
  printf("%s: %s\n", tenon_error_name(r),
         tenon_runtime_explain(rt, r, TENON_FORM_TEXT));
  tenon_runtime_resume(rt);
  tenon_runtime_clear_exception(rt);
}

/* Memory, stack and time, of one runtime each; it goes on after that. */
void limits(void)
{
  tenon_options options = {
      .size = sizeof options,
      .memory_limit_bytes = 16 << 20,
      .stack_limit_bytes = 256 << 10,
      .ends_at_memory_limit = true,
  };
  tenon_runtime *rt;

  must(NULL, tenon_runtime_new(&options, &rt));
  ends(rt, "(a => { for (;;) a.push(new Array(1000).fill(0)) })([])");
  must(rt, tenon_runtime_set_time_limit(rt, 50));
  ends(rt, "for (;;) ;");
  ends(rt, "try { (function f() { f() })() } catch (e) { throw e.message }");
  run(rt, "console.log('still here')");
  tenon_runtime_free(rt);
}

/* Counts what it gives; a real one would give it from somewhere else. */
typedef struct counts {
  size_t blocks, bytes, most;
} counts;

static void *count_alloc(void *data, size_t size)
{
  counts *c = data;
  void *p = malloc(size);

  if (!p) return NULL;
  c->blocks++;
  c->bytes += size;
  if (c->bytes > c->most) c->most = c->bytes;
  return p;
}

static void *count_realloc(void *data, void *p, size_t old_size, size_t size)
{
  counts *c = data;
  void *moved = realloc(p, size);

  if (!moved) return NULL;
  c->bytes += size - old_size;
  if (c->bytes > c->most) c->most = c->bytes;
  return moved;
}

static void count_free(void *data, void *p, size_t size)
{
  counts *c = data;

  c->blocks--;
  c->bytes -= size;
  free(p);
}

void own_allocator(void)
{
  counts c = {0};
  tenon_allocator allocator = {.size = sizeof allocator,
                               .data = &c,
                               .alloc = count_alloc,
                               .realloc = count_realloc,
                               .free = count_free};
  tenon_options options = {.size = sizeof options, .allocator = &allocator};
  tenon_runtime *rt;

  must(NULL, tenon_runtime_new(&options, &rt));
  run(rt, "globalThis.kept = new Uint8Array(1 << 20)");
  printf("more than a megabyte: %d\n", c.bytes > 1 << 20);
  tenon_runtime_free(rt);
  printf("left: %zu blocks, %zu bytes\n", c.blocks, c.bytes);
}
