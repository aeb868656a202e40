/* Values that C holds for as long as it wants, and what there is to see of a
 * runtime. */
#include <stdio.h>
#include <string.h>

#include "sections.h"

static bool print_kept(const tenon_kept *kept, void *data)
{
  (void)data;
  printf("not released: %s\n", kept->text);
  return true;
}

/* Across calls, scopes and realms; weakly, too. */
void persistent_values(void)
{
  tenon_runtime *rt = runtime_with(NULL, NULL),
                *other = runtime_with(NULL, NULL);
  napi_env env = tenon_runtime_env(rt);
  tenon_persistent *held, *weak, *forgotten;
  napi_handle_scope scope;
  napi_value text, value;

  must(rt, tenon_kept_report(env, print_kept, NULL));
  must_napi(napi_open_handle_scope(env, &scope));
  must_napi(napi_create_string_utf8(env, "({ name: 'held' })", NAPI_AUTO_LENGTH,
                                    &text));
  must_napi(napi_run_script(env, text, &value));
  must(rt, tenon_persistent_new(env, value, &held));
  must(rt, tenon_persistent_new_weak(env, value, &weak));
  must(rt, tenon_persistent_new(env, text, &forgotten));
  must_napi(napi_close_handle_scope(env, scope));

  must_napi(napi_open_handle_scope(env, &scope));
  must(rt, tenon_persistent_get(env, held, &value));
  printf("held: %d\n", value != NULL);
  printf("another runtime: %s\n", tenon_error_name(tenon_persistent_get(
                                      tenon_runtime_env(other), held, &value)));
  must_napi(napi_close_handle_scope(env, scope));
  tenon_persistent_free(held);
  must_napi(napi_open_handle_scope(env, &scope));
  must(rt, tenon_persistent_get(env, weak, &value));
  printf("weak: %d\n", value != NULL);
  must_napi(napi_close_handle_scope(env, scope));
  tenon_persistent_free(weak);
  tenon_runtime_free(rt);
  printf("after its runtime: %s\n",
         tenon_error_name(tenon_persistent_get(tenon_runtime_env(other),
                                               forgotten, &value)));
  tenon_persistent_free(forgotten);
  tenon_runtime_free(other);
}

typedef struct search {
  const char *text;
  bool found;
} search;

static void look(void *data, const char *text, size_t len)
{
  search *s = data;

  if (memmem(text, len, s->text, strlen(s->text))) s->found = true;
}

void dumps(void)
{
  tenon_runtime *rt = runtime_with(NULL, NULL);
  search classes = {"Rocket", false}, atoms = {"fuel", false},
         collected = {"", false};

  run(rt, "class Rocket { fuel = 1 } globalThis.all ="
          " Array.from({ length: 100 }, () => new Rocket())");
  must(rt, tenon_runtime_dump(rt, TENON_DUMP_CLASSES, look, &classes));
  must(rt, tenon_runtime_dump(rt, TENON_DUMP_ATOMS, look, &atoms));
  must(rt, tenon_runtime_trace(rt, TENON_TRACE_COLLECTIONS, look, &collected));
  tenon_runtime_collect(rt);
  printf("class %d, name %d, a collection told %d\n", classes.found,
         atoms.found, collected.found);
  tenon_runtime_free(rt);
}
