/* What is done for imports of native source. */
#include "source/source.h"

#include <stdlib.h>
#include <tenon/error.h>

#include "api/internal.h"
#include "module/internal.h"
#include "source/unit.h"

int tenon_runtime_on_build(tenon_runtime *rt, tenon_build_fn *fn, void *data)
{
  int r = tenon_p_runtime_check(rt);

  if (r) return r;
  if (rt->engine->is_closing) return TENON_ECLOSING;
  tenon_p_source_tell(rt->engine, fn, data);
  return 0;
}

static void tell(const tenon_source *s, tenon_build_event event,
                 const char *text)
{
  if (s->tell) s->tell(s->data, event, text);
}

static void tell_left_out(const tenon_source *s, const tenon_p_left_out *x)
{
  tenon_p_text t = TENON_P_TEXT_INIT;

  for (; s->tell && x && x->name; x++) {
    tenon_p_text_clear(&t);
    tenon_p_text_printf(&t, "%s: %s", x->name, x->reason);
    if (!t.failed) tell(s, TENON_BUILD_LEFT_OUT, t.data);
  }
  tenon_p_text_release(&t);
}

/* 0 or TENON_ENOMEM; a file that is not there is told by the build. */
static int read_notes(tenon_p_unit *u, const tenon_source *s, char **text,
                      size_t *len)
{
  tenon_p_language language = TENON_P_C;
  const char *path;

  *text = NULL;
  (void)tenon_p_language_of(s->path, &language);
  path = tenon_p_unit_notes_path(u, s->path, language);
  if (!path) return TENON_ENOMEM;
  return tenon_p_file_read(path, text, len) == TENON_ENOMEM ? TENON_ENOMEM : 0;
}

int tenon_source_load(const tenon_source *source, tenon_module_entry **entry)
{
  tenon_p_build_failure f = TENON_P_FAILURE_INIT;
  tenon_p_unit_result built = {NULL, NULL, NULL};
  tenon_p_unit u = {0};
  char *text = NULL;
  size_t len = 0;
  int r;

  if (entry) *entry = NULL;
  if (!source || !entry) return TENON_EINVAL;
  if (source->size != sizeof *source) return TENON_EABI;
  if (!source->path || source->path[0] != '/') return TENON_EINVAL;
  u.tell = source->tell;
  u.tell_data = source->data;
  r = read_notes(&u, source, &text, &len);
  if (r == 0) r = tenon_p_unit_fill(&u, source, text, len, &f);
  if (r == 0) r = tenon_p_unit_look(&u, &built, &f);
  if (r == 1) r = tenon_p_unit_build(&u, &built, &f);
  if (r == 0) {
    *entry = built.entry;
    tell_left_out(source, built.left_out);
  } else if (r != TENON_ENOMEM && f.code != TENON_P_FAILURE_MEMORY) {
    tell(source, TENON_BUILD_FAILURE, tenon_p_failure_text(&f));
    r = TENON_ESOURCE;
  } else {
    r = TENON_ENOMEM;
  }
  free(built.key);
  free(text);
  tenon_p_failure_release(&f);
  tenon_p_unit_release(&u);
  return r;
}
