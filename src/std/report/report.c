#include "std/report/report.h"

#include <inttypes.h>
#include <string.h>
#include <tenon/error.h>

#include "base/json.h"
#include "engine/exception.h"
#include "engine/extension.h"
#include "std/inspect/inspect.h"
#include "std/report/hint.h"
#include "std/report/place.h"

/* --- What an error has to say ------------------------------------------------ */

typedef struct facts {
  bool is_error, has_code, has_place;
  tenon_p_text name, message, code, stack;
  tenon_p_frame place; /* points into `stack` */
  tenon_p_text line;   /* the source line there */
  const char *hint;
} facts;

static void facts_release(facts *f)
{
  tenon_p_text_release(&f->name);
  tenon_p_text_release(&f->message);
  tenon_p_text_release(&f->code);
  tenon_p_text_release(&f->stack);
  tenon_p_text_release(&f->line);
}

static const char *text_of(const tenon_p_text *t)
{
  return t->data ? t->data : "";
}

/* The first frame whose source is there. */
static void find_place(tenon_p_engine *e, facts *f)
{
  const char *stack = text_of(&f->stack);

  while (!f->has_place && tenon_p_frame_next(&stack, &f->place))
    f->has_place = tenon_p_place_line(e, &f->place, &f->line);
}

static void facts_init(facts *f, tenon_p_engine *e, JSValueConst error)
{
  memset(f, 0, sizeof *f);
  if (!JS_IsObject(error)) return;
  /* A DOMException is no Error of the engine's, and has a stack. */
  f->is_error = tenon_p_exception_property(e->ctx, error, "stack", &f->stack) ||
                JS_IsError(error);
  if (!f->is_error) return;
  if (!tenon_p_exception_property(e->ctx, error, "name", &f->name))
    tenon_p_text_puts(&f->name, "Error");
  tenon_p_exception_property(e->ctx, error, "message", &f->message);
  f->has_code = tenon_p_exception_property(e->ctx, error, "code", &f->code);
  while (f->stack.len && f->stack.data[f->stack.len - 1] == '\n')
    f->stack.data[--f->stack.len] = '\0';
  find_place(e, f);
  f->hint = tenon_p_hint_of(text_of(&f->name), text_of(&f->message),
                            f->has_place ? text_of(&f->line) : NULL,
                            f->has_place ? f->place.url : "");
}

/* --- For people -------------------------------------------------------------- */

#define STRONG "\x1b[1m"
#define BAD "\x1b[1;31m"
#define CALM "\x1b[36m"
#define PLAIN "\x1b[0m"

static void put(tenon_p_text *out, tenon_form form, const char *color,
                const char *s)
{
  if (form == TENON_FORM_COLOR) tenon_p_text_puts(out, color);
  tenon_p_text_puts(out, s);
  if (form == TENON_FORM_COLOR) tenon_p_text_puts(out, PLAIN);
}

static void show_place(const tenon_p_frame *f, const tenon_p_text *line,
                       tenon_form form, tenon_p_text *out)
{
  tenon_p_text place = TENON_P_TEXT_INIT;

  tenon_p_place_append_file(f, &place);
  tenon_p_text_printf(&place, ":%d", f->line);
  if (place.failed || line->failed)
    out->failed = true;
  else
    put(out, form, CALM, place.data);
  tenon_p_text_release(&place);
  tenon_p_text_puts(out, "\n");
  tenon_p_place_show(text_of(line), line->len, f->column,
                     form == TENON_FORM_COLOR, out);
}

void tenon_p_report_value(tenon_p_engine *e, JSValueConst v, tenon_form form,
                          tenon_p_text *out)
{
  JSContext *ctx = e->ctx;
  JSValue text = tenon_p_inspect(ctx, v, form == TENON_FORM_COLOR);
  size_t len;
  char *to;

  /* Where inspection fails, as for a lack of memory, String(v) is tried. */
  if (JS_IsException(text) || tenon_p_string_utf8_size(ctx, text, &len)) {
    JS_FreeValue(ctx, JS_GetException(ctx));
    tenon_p_exception_describe(ctx, v, out);
  } else {
    to = tenon_p_text_extend(out, len);
    if (to) tenon_p_string_utf8_write(text, to);
  }
  JS_FreeValue(ctx, text);
}

/* An error without a stack is inspected as [Error: message], which is to tell
 * it from a text: here there is nothing to be told from. */
static void drop_brackets(const facts *f, tenon_p_text *out, size_t start)
{
  char *title = out->data + start, *end;

  if (out->failed || title[0] != '[') return;
  end = strstr(title + 1, text_of(&f->message));
  end = end ? strchr(end + f->message.len, ']') : NULL;
  if (!end) return;
  memmove(title, title + 1, (size_t)(end - title - 1));
  memmove(end - 1, end + 1, strlen(end + 1) + 1);
  out->len -= 2;
}

static void tell_error(tenon_p_engine *e, JSValueConst error, bool is_rejection,
                       tenon_form form, tenon_p_text *out)
{
  size_t start;
  facts f;

  facts_init(&f, e, error);
  if (f.has_place) {
    show_place(&f.place, &f.line, form, out);
    tenon_p_text_puts(out, "\n");
  }
  put(out, form, BAD, "Uncaught");
  tenon_p_text_puts(out, is_rejection ? " (in promise) " : " ");
  start = out->len;
  tenon_p_report_value(e, error, form, out);
  if (f.is_error && !f.stack.len) drop_brackets(&f, out, start);
  if (f.hint) {
    tenon_p_text_puts(out, "\n");
    put(out, form, STRONG, "hint:");
    tenon_p_text_puts(out, " ");
    tenon_p_text_puts(out, f.hint);
  }
  facts_release(&f);
}

/* --- For tools --------------------------------------------------------------- */

/* How deep causes and errors of errors are told, and how many. */
#define DEEPEST 8
#define MOST_ERRORS 100

static void put_member(tenon_p_text *out, const char *name,
                       const tenon_p_text *t)
{
  if (t->failed) out->failed = true;
  tenon_p_json_member(out, name, t->data, t->len);
}

static void put_place(const tenon_p_frame *f, tenon_p_text *out)
{
  tenon_p_text file = TENON_P_TEXT_INIT;

  tenon_p_place_append_file(f, &file);
  put_member(out, "file", &file);
  tenon_p_json_number(out, "line", f->line);
  tenon_p_json_number(out, "column", f->column);
  tenon_p_text_release(&file);
}

static void put_frames(const char *stack, tenon_p_text *out)
{
  const char *separator = "{";
  tenon_p_frame f;

  tenon_p_json_key(out, "frames");
  tenon_p_text_puts(out, "[");
  for (; tenon_p_frame_next(&stack, &f); separator = ",{") {
    tenon_p_text_puts(out, separator);
    if (f.function)
      tenon_p_json_member(out, "function", f.function, f.function_len);
    if (f.url) {
      put_place(&f, out);
    } else {
      tenon_p_json_key(out, "native");
      tenon_p_text_puts(out, "true");
    }
    tenon_p_text_puts(out, "}");
  }
  tenon_p_text_puts(out, "]");
}

static void put_error(tenon_p_engine *e, JSValueConst error, int depth,
                      tenon_p_text *out);

/* An own property that is data: what a getter would say is not asked. */
static bool own_value(JSContext *ctx, JSValueConst error, const char *name,
                      JSValue *out)
{
  JSAtom atom = JS_NewAtom(ctx, name);
  JSPropertyDescriptor d;
  int r = atom == JS_ATOM_NULL ? -1 : JS_GetOwnProperty(ctx, &d, error, atom);

  JS_FreeAtom(ctx, atom);
  if (r < 0) JS_FreeValue(ctx, JS_GetException(ctx));
  if (r <= 0) return false;
  JS_FreeValue(ctx, d.getter);
  JS_FreeValue(ctx, d.setter);
  *out = d.value;
  return true;
}

static void put_errors(tenon_p_engine *e, JSValueConst list, int depth,
                       tenon_p_text *out)
{
  int64_t count = 0, i;
  JSValue v;

  if (JS_GetLength(e->ctx, list, &count))
    JS_FreeValue(e->ctx, JS_GetException(e->ctx));
  tenon_p_json_key(out, "errors");
  tenon_p_text_puts(out, "[");
  for (i = 0; i < count && i < MOST_ERRORS; i++) {
    v = JS_GetPropertyInt64(e->ctx, list, i);
    if (JS_IsException(v)) JS_FreeValue(e->ctx, JS_GetException(e->ctx));
    tenon_p_text_puts(out, i ? ",{" : "{");
    put_error(e, JS_IsException(v) ? JS_UNDEFINED : v, depth + 1, out);
    tenon_p_text_puts(out, "}");
    JS_FreeValue(e->ctx, v);
  }
  tenon_p_text_puts(out, "]");
}

static void put_others(tenon_p_engine *e, JSValueConst error, int depth,
                       tenon_p_text *out)
{
  JSValue v;

  if (depth == DEEPEST) return;
  if (own_value(e->ctx, error, "cause", &v)) {
    tenon_p_json_key(out, "cause");
    tenon_p_text_puts(out, "{");
    put_error(e, v, depth + 1, out);
    tenon_p_text_puts(out, "}");
    JS_FreeValue(e->ctx, v);
  }
  if (own_value(e->ctx, error, "errors", &v)) {
    if (JS_IsArray(v)) put_errors(e, v, depth, out);
    JS_FreeValue(e->ctx, v);
  }
}

/* The members that tell of an error, or of another value that was thrown. */
static void put_error(tenon_p_engine *e, JSValueConst error, int depth,
                      tenon_p_text *out)
{
  tenon_p_text value = TENON_P_TEXT_INIT;
  facts f;

  facts_init(&f, e, error);
  if (f.is_error) {
    put_member(out, "name", &f.name);
    put_member(out, "message", &f.message);
    if (f.has_code) put_member(out, "code", &f.code);
    put_member(out, "stack", &f.stack);
    put_frames(text_of(&f.stack), out);
    if (f.has_place) {
      tenon_p_json_key(out, "place");
      tenon_p_text_puts(out, "{");
      put_place(&f.place, out);
      put_member(out, "source", &f.line);
      tenon_p_text_puts(out, "}");
    }
    if (f.hint) {
      tenon_p_json_key(out, "hints");
      tenon_p_text_puts(out, "[");
      tenon_p_json_string(out, f.hint, strlen(f.hint));
      tenon_p_text_puts(out, "]");
    }
    put_others(e, error, depth, out);
  } else {
    tenon_p_report_value(e, error, TENON_FORM_TEXT, &value);
    put_member(out, "message", &value);
    put_member(out, "value", &value);
    tenon_p_text_release(&value);
  }
  facts_release(&f);
}

static void begin(const char *kind, tenon_p_text *out)
{
  tenon_p_text_puts(out, "{");
  tenon_p_json_member(out, "kind", kind, strlen(kind));
}

void tenon_p_report_error(tenon_p_engine *e, JSValueConst error,
                          bool is_rejection, tenon_form form, tenon_p_text *out)
{
  if (form != TENON_FORM_JSON) {
    tell_error(e, error, is_rejection, form, out);
    return;
  }
  begin(is_rejection ? "rejection" : "error", out);
  put_error(e, error, 0, out);
  tenon_p_text_puts(out, "}");
}

void tenon_p_report_failure(const char *message, tenon_p_text *out)
{
  begin("failure", out);
  tenon_p_json_member(out, "message", message, strlen(message));
  tenon_p_text_puts(out, "}");
}

/* --- Limits ------------------------------------------------------------------ */

/* 64 MiB, 1536 KiB, 1000 bytes. */
static void append_size(size_t size, tenon_p_text *out)
{
  static const char *const units[] = {"bytes", "KiB", "MiB", "GiB"};
  size_t unit = 0;

  for (; unit < 3 && size && size % 1024 == 0; unit++)
    size /= 1024;
  tenon_p_text_printf(out, "%zu %s", size, units[unit]);
}

static void append_time(uint64_t ms, tenon_p_text *out)
{
  if (ms % 1000 == 0)
    tenon_p_text_printf(out, "%" PRIu64 " s", ms / 1000);
  else
    tenon_p_text_printf(out, "%" PRIu64 " ms", ms);
}

/* "time limit of 2 s reached"; the system may refuse memory, too. */
static void append_limit(const tenon_p_engine *e, enum tenon_p_termination why,
                         tenon_p_text *out)
{
  const tenon_p_reached *r = &e->reached;

  if (why == TENON_P_OUT_OF_MEMORY && !r->amount) {
    tenon_p_text_puts(out, "out of memory");
    return;
  }
  switch (why) {
  case TENON_P_OUT_OF_TIME: tenon_p_text_puts(out, "time"); break;
  case TENON_P_OUT_OF_CPU: tenon_p_text_puts(out, "CPU time"); break;
  default: tenon_p_text_puts(out, r->is_external ? "native memory" : "memory");
  }
  tenon_p_text_puts(out, " limit of ");
  if (why == TENON_P_OUT_OF_MEMORY)
    append_size((size_t)r->amount, out);
  else
    append_time(r->amount, out);
  tenon_p_text_puts(out, " reached");
}

void tenon_p_report_limit(const tenon_p_engine *e, tenon_form form,
                          tenon_p_text *out)
{
  enum tenon_p_termination why = tenon_p_engine_termination(e);
  const char *name = why == TENON_P_OUT_OF_TIME  ? "time"
                     : why == TENON_P_OUT_OF_CPU ? "cpu"
                                                 : "memory";
  int64_t amount = (int64_t)e->reached.amount;
  tenon_p_text message = TENON_P_TEXT_INIT;

  append_limit(e, why, &message);
  if (form == TENON_FORM_JSON) {
    begin("limit", out);
    put_member(out, "message", &message);
    tenon_p_json_member(out, "limit", name, strlen(name));
    if (why != TENON_P_OUT_OF_MEMORY)
      tenon_p_json_number(out, "limitMs", amount);
    else if (amount)
      tenon_p_json_number(out, "limitBytes", amount);
    tenon_p_text_puts(out, "}");
  } else {
    tenon_p_text_append(out, text_of(&message), message.len);
  }
  if (message.failed) out->failed = true;
  tenon_p_text_release(&message);
}

/* --- Awaits that nothing ends -------------------------------------------------- */

/* Of a host that awaits in C there is no place, nor where memory is short. */
static const char *what_waits(const char *places)
{
  return *places ? "a top-level await can never settle"
                 : tenon_strerror(TENON_EUNSETTLED);
}

/* A line of `places`, which moves behind it, as a frame. */
static bool next_place(const char **places, tenon_p_text *frame,
                       tenon_p_frame *f)
{
  const char *end = strchrnul(*places, '\n'), *stack;

  if (!**places) return false;
  tenon_p_text_clear(frame);
  tenon_p_text_puts(frame, "    at ");
  tenon_p_text_append(frame, *places, (size_t)(end - *places));
  *places = *end ? end + 1 : end;
  stack = frame->data;
  return !frame->failed && tenon_p_frame_next(&stack, f);
}

void tenon_p_report_waiting(tenon_p_engine *e, const char *places,
                            tenon_form form, tenon_p_text *out)
{
  tenon_p_text frame = TENON_P_TEXT_INIT, line = TENON_P_TEXT_INIT;
  const char *at = places ? places : "", *separator = "{";
  const char *message = what_waits(at);
  bool is_json = form == TENON_FORM_JSON, is_found;
  tenon_p_frame f;

  if (is_json) {
    begin("unsettled", out);
    tenon_p_json_member(out, "message", message, strlen(message));
    tenon_p_json_key(out, "places");
    tenon_p_text_puts(out, "[");
  } else {
    tenon_p_text_puts(out, message);
  }
  for (; next_place(&at, &frame, &f); separator = ",{") {
    tenon_p_text_clear(&line);
    is_found = tenon_p_place_line(e, &f, &line);
    tenon_p_text_puts(out, is_json ? separator : "\n\n");
    if (is_json) {
      put_place(&f, out);
      if (is_found) put_member(out, "source", &line);
      tenon_p_text_puts(out, "}");
    } else if (is_found) {
      show_place(&f, &line, form, out);
      out->data[--out->len] = '\0';
    } else {
      tenon_p_text_puts(out, text_of(&frame));
    }
  }
  if (is_json) tenon_p_text_puts(out, "]}");
  if (frame.failed || line.failed) out->failed = true;
  tenon_p_text_release(&frame);
  tenon_p_text_release(&line);
}
