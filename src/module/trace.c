/*
 * What is done to find out what a specifier means, told to a host step by step.
 *
 * A link is named when it has something to tell; one that just passes is one line.
 */
#include "module/internal.h"

tenon_p_tracer *tenon_p_tracer_of(JSContext *ctx)
{
  return tenon_p_modules_of(tenon_p_engine_of(ctx))->tracer;
}

void tenon_p_modules_trace(tenon_p_engine *e,
                           void (*step)(void *data, const char *text,
                                        size_t len),
                           void *data)
{
  tenon_p_modules *m = tenon_p_modules_of(e);

  m->told = (tenon_p_tracer){.step = step, .data = data};
  m->tracer = step ? &m->told : NULL;
}

static void say(const tenon_p_tracer *t, const tenon_p_text *text)
{
  if (text->data && !text->failed) t->step(t->data, text->data, text->len);
}

void tenon_p_trace_step(tenon_p_tracer *t, const char *format, ...)
{
  tenon_p_text text = TENON_P_TEXT_INIT;
  va_list ap;

  if (t->link && !t->has_told) {
    t->has_told = true;
    tenon_p_text_printf(&text, "%s:", t->link);
    say(t, &text);
    tenon_p_text_clear(&text);
  }
  if (t->link) tenon_p_text_puts(&text, "  ");
  va_start(ap, format);
  tenon_p_text_vprintf(&text, format, ap);
  va_end(ap);
  say(t, &text);
  tenon_p_text_release(&text);
}

void tenon_p_trace_link(tenon_p_tracer *t, const char *name)
{
  t->link = name;
  t->has_told = false;
}

void tenon_p_trace_said(tenon_p_tracer *t, const char *said, const char *note)
{
  const char *link = t->link, *gap = note ? ": " : "";

  if (!note) note = "";
  if (t->has_told) {
    tenon_p_trace_step(t, "%s%s%s", said, gap, note);
    t->link = NULL;
  } else {
    t->link = NULL;
    tenon_p_trace_step(t, "%s: %s%s%s", link, said, gap, note);
  }
}
