#include "source/generate.h"

#include <stdlib.h>
#include <string.h>

#include "source/binding.h"
#include "source/declare.h"

/* Nothing of it can be imported: say why not. */
static int fail_empty(const tenon_p_generator *g, const tenon_p_plan *p,
                      tenon_p_build_failure *f)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  size_t i;
  int r;

  for (i = 0; i < p->refusal_count && i < 20; i++)
    tenon_p_text_printf(&t, "\n'%s' is left out: %s", p->refusals[i].name,
                        p->refusals[i].reason);
  for (i = 0; i < p->table->note_count && i < 20; i++)
    tenon_p_text_printf(&t, "\n%s", p->table->notes[i]);
  r = tenon_p_fail_source(f, TENON_P_FAILURE_GENERATE,
                          "%s: it exports nothing that can be imported%s",
                          g->shown, t.data ? t.data : "");
  tenon_p_text_release(&t);
  return r;
}

/* The table, and behind it what is declared beside the library. */
static tenon_p_table *parse(tenon_p_generator *g, const char *text, size_t len,
                            const char **problem)
{
  static const char end[] = "end\n";
  tenon_p_text all = TENON_P_TEXT_INIT;
  tenon_p_table *t = NULL;

  if (!g->notes.declared_count || len < sizeof end - 1 ||
      memcmp(text + len - (sizeof end - 1), end, sizeof end - 1) != 0)
    return tenon_p_table_parse(&g->store, text, len, problem);
  tenon_p_text_append(&all, text, len - (sizeof end - 1));
  if (tenon_p_declare_native(&g->store, &g->notes,
                             tenon_p_table_count_types(text, len), &all,
                             problem) == 0) {
    tenon_p_text_puts(&all, end);
    t = all.failed ? NULL
                   : tenon_p_table_parse(&g->store, all.data, all.len, problem);
  }
  tenon_p_text_release(&all);
  return t;
}

int tenon_p_generate(void *data, const char *table_text, size_t len,
                     const uint32_t *dropped, size_t dropped_count,
                     tenon_p_text *c_source, tenon_p_build_failure *f)
{
  tenon_p_generator *g = data;
  const char *problem;
  tenon_p_table *table = parse(g, table_text, len, &problem);
  tenon_p_plan *p;
  char *c;

  if (!table)
    return problem ? tenon_p_fail_source(f, TENON_P_FAILURE_READER, "%s: %s",
                                         g->shown, problem)
                   : tenon_p_fail_source_memory(f);
  if (table->module_count) return 0;
  p = tenon_p_plan_make(&g->store, table, &g->notes, g->files, dropped,
                        dropped_count, &problem);
  if (!p)
    return problem
               ? tenon_p_fail_source(f, TENON_P_FAILURE_GENERATE, "%s", problem)
               : tenon_p_fail_source_memory(f);
  if (!p->function_count && !p->constant_count) return fail_empty(g, p, f);
  p->guards = g->guards;
  c = tenon_p_plan_emit(p, &len);
  if (!c) return tenon_p_fail_source_memory(f);
  tenon_p_text_append(c_source, c, len);
  free(c);
  return c_source->failed ? tenon_p_fail_source_memory(f) : 0;
}
