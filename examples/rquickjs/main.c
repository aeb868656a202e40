#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sections.h"

void must(tenon_runtime *rt, int r)
{
  if (r == 0) return;
  printf("%s\n", rt ? tenon_runtime_explain(rt, r, TENON_FORM_TEXT)
                    : tenon_strerror(r));
  exit(1);
}

void must_napi(napi_status status)
{
  if (status == napi_ok) return;
  printf("Node-API: %d\n", (int)status);
  exit(1);
}

tenon_runtime *runtime_with(const char *name, tenon_module_entry *entry)
{
  tenon_runtime *rt;

  must(NULL, tenon_runtime_new(NULL, &rt));
  if (entry) must(rt, tenon_runtime_add_module(rt, name, entry));
  return rt;
}

void run(tenon_runtime *rt, const char *source)
{
  must(rt, tenon_runtime_eval_module(rt, source, strlen(source), "example.js"));
  must(rt, tenon_runtime_run(rt));
}

void refused(tenon_runtime *rt, const char *source)
{
  int r = tenon_runtime_eval_module(rt, source, strlen(source), "example.js");
  const char *text, *end;

  if (r == 0) r = tenon_runtime_run(rt);
  if (r != TENON_EEXCEPTION) {
    printf("not refused: %s\n", source);
    exit(1);
  }
  text = tenon_runtime_exception(rt);
  end = strchr(text, '\n');
  printf("%.*s\n", (int)(end ? (size_t)(end - text) : strlen(text)), text);
  tenon_runtime_clear_exception(rt);
}

int main(void)
{
  static const struct {
    const char *title;
    void (*show)(void);
  } sections[] = {
      {"runtimes and realms", runtimes_and_realms},
      {"intrinsics", intrinsics},
      {"limits", limits},
      {"an allocator of one's own", own_allocator},
      {"conversions", conversions},
      {"coercion", coercion},
      {"optional and rest", optional_and_rest},
      {"array buffers", array_buffers},
      {"keys", keys},
      {"properties", properties},
      {"functions", functions},
      {"functions with a state", states},
      {"classes", classes},
      {"exports", exports},
      {"loaders", loaders},
      {"promises", promises},
      {"persistent values", persistent_values},
      {"debug dumps", dumps},
  };
  size_t i;

  /* console.log does not write through stdio. */
  setvbuf(stdout, NULL, _IONBF, 0);
  for (i = 0; i < sizeof sections / sizeof *sections; i++) {
    printf("--- %s\n", sections[i].title);
    sections[i].show();
  }
  return 0;
}
