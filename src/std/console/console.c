/*
 * console. What every program uses, log and its kin, is native and loads no
 * script for texts and numbers; objects are shown by src/std/inspect, and the
 * other methods are console.js, loaded when one of them is first called.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "base/text.h"
#include "engine/extension.h"
#include "std/inspect/inspect.h"
#include "std/std.h"

enum { OUT = 1, ERR = 2, INDENT_STEP = 2, KEPT_BYTES = 1 << 16 };

typedef struct console {
  tenon_p_text buffer; /* for the next line; empty while one is written */
  uint32_t indent;     /* columns, of groups */
  int8_t colors[3];    /* by file: 1 yes, 0 no, -1 not looked yet */
  JSValue more;        /* the methods of console.js; undefined until loaded */
  JSValue trace;       /* the method: a stack begins behind it */
} console;

static void console_mark(JSRuntime *rt, void *state, JS_MarkFunc *mark)
{
  const console *c = state;

  JS_MarkValue(rt, c->more, mark);
  JS_MarkValue(rt, c->trace, mark);
}

static void console_free(tenon_p_realm *r, JSRuntime *rt, void *state)
{
  console *c = state;

  JS_FreeValueRT(rt, c->more);
  JS_FreeValueRT(rt, c->trace);
  tenon_p_text_release(&c->buffer);
  tenon_p_heap_free(&r->engine->heap, c);
}

static const tenon_p_realm_type console_type = {
    .name = "console", .mark = console_mark, .free = console_free};

static console *console_of(JSContext *ctx)
{
  return tenon_p_realm_get(ctx, &console_type);
}

/* --- Writing ---------------------------------------------------------------- */

/* All of it, also into a pipe that is full for the moment, unless the program
 * is ended meanwhile. What cannot be written is dropped: console.log has nobody
 * to tell. */
void tenon_p_std_write(tenon_p_engine *e, int file, const char *data,
                       size_t len)
{
  struct pollfd wait = {.fd = file, .events = POLLOUT};

  while (len) {
    ssize_t n = write(file, data, len);
    if (n >= 0) {
      data += n;
      len -= (size_t)n;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      poll(&wait, 1, 100);
    } else if (errno != EINTR) {
      return;
    }
    if (n < 0 && tenon_p_engine_status(e)) return;
  }
}

/* The lines of `t` behind as many spaces as groups want. */
static void indent_lines(tenon_p_text *t, size_t columns)
{
  size_t i, count = 1, len = t->len;
  char *from, *to;

  for (i = 0; i < len; i++)
    count += t->data[i] == '\n';
  if (!tenon_p_text_extend(t, count * columns)) return;
  from = t->data + len;
  to = t->data + t->len;
  while (from > t->data) {
    if (from[-1] == '\n') memset(to -= columns, ' ', columns);
    *--to = *--from;
  }
  memset(t->data, ' ', columns);
}

/* Write a line and give its memory back. */
static JSValue write_line(JSContext *ctx, console *c, int file, tenon_p_text *t)
{
  JSValue r = JS_UNDEFINED;

  if (c->indent && !t->failed) {
    if (!t->len) tenon_p_text_puts(t, "");
    if (t->data) indent_lines(t, c->indent);
  }
  tenon_p_text_append(t, "\n", 1);
  if (t->failed)
    r = JS_ThrowOutOfMemory(ctx);
  else
    tenon_p_std_write(tenon_p_engine_of(ctx), file, t->data, t->len);
  if (t->failed || t->capacity > KEPT_BYTES || c->buffer.data) {
    tenon_p_text_release(t);
  } else {
    tenon_p_text_clear(t);
    c->buffer = *t;
  }
  return r;
}

/* Take the memory for a line; a value's own method may write one meanwhile. */
static tenon_p_text take_buffer(console *c)
{
  tenon_p_text t = c->buffer;

  c->buffer = (tenon_p_text)TENON_P_TEXT_INIT;
  return t;
}

/* --- Colours ---------------------------------------------------------------- */

static bool is_set(const char *name)
{
  const char *v = getenv(name);

  return v && v[0];
}

/* A terminal that knows colours, unless the user says otherwise: FORCE_COLOR
 * (https://force-color.org), NO_COLOR (https://no-color.org). */
static bool wants_color(int file)
{
  const char *force = getenv("FORCE_COLOR"), *term = getenv("TERM");

  if (force && force[0])
    return strcmp(force, "0") != 0 && strcmp(force, "false") != 0;
  if (is_set("NO_COLOR")) return false;
  return term && term[0] && strcmp(term, "dumb") != 0 && isatty(file);
}

static bool has_color(console *c, int file)
{
  if (c->colors[file] < 0) c->colors[file] = wants_color(file);
  return c->colors[file];
}

/* --- log and its kin -------------------------------------------------------- */

/* -1 with an exception. */
static int append_string(JSContext *ctx, tenon_p_text *t, JSValueConst s)
{
  size_t len;
  char *p;

  if (tenon_p_string_utf8_size(ctx, s, &len)) return -1;
  p = tenon_p_text_extend(t, len);
  if (p) tenon_p_string_utf8_write(s, p);
  return 0;
}

static void append_int(tenon_p_text *t, int32_t n)
{
  uint32_t rest = n < 0 ? -(uint32_t)n : (uint32_t)n;
  char digits[12], *p = digits + sizeof digits;

  do
    *--p = (char)('0' + rest % 10);
  while (rest /= 10);
  if (n < 0) *--p = '-';
  tenon_p_text_append(t, p, (size_t)(digits + sizeof digits - p));
}

static int append_value(JSContext *ctx, tenon_p_text *t, JSValueConst v,
                        bool is_colored)
{
  JSValue shown;
  int r;

  if (JS_IsString(v)) return append_string(ctx, t, v);
  if (!is_colored && JS_VALUE_GET_TAG(v) == JS_TAG_INT) {
    append_int(t, JS_VALUE_GET_INT(v));
    return 0;
  }
  if (!is_colored && (JS_IsUndefined(v) || JS_IsNull(v) || JS_IsBool(v))) {
    tenon_p_text_puts(t, JS_IsUndefined(v)      ? "undefined"
                         : JS_IsNull(v)         ? "null"
                         : JS_VALUE_GET_BOOL(v) ? "true"
                                                : "false");
    return 0;
  }
  if (!is_colored && JS_IsNumber(v) && JS_VALUE_GET_FLOAT64(v) != 0)
    shown = JS_ToString(ctx, v);
  else
    shown = tenon_p_inspect(ctx, v, is_colored);
  if (JS_IsException(shown)) return -1;
  r = append_string(ctx, t, shown);
  JS_FreeValue(ctx, shown);
  return r;
}

static int append_values(JSContext *ctx, tenon_p_text *t, int argc,
                         JSValueConst *argv, bool is_colored)
{
  JSValue text;
  int i;

  for (i = 0; i < argc; i++) {
    if (i) tenon_p_text_append(t, " ", 1);
    if (append_value(ctx, t, argv[i], is_colored)) return -1;
    if (i == 0 && argc > 1 && JS_IsString(argv[0]) && t->len &&
        memchr(t->data, '%', t->len))
      break;
  }
  if (i >= argc) return 0;
  tenon_p_text_clear(t);
  text = tenon_p_format(ctx, argc, argv, is_colored);
  if (JS_IsException(text)) return -1;
  i = append_string(ctx, t, text);
  JS_FreeValue(ctx, text);
  return i;
}

static JSValue console_log(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv, int file)
{
  console *c = console_of(ctx);
  tenon_p_text t = take_buffer(c);

  (void)this_value;
  if (append_values(ctx, &t, argc, argv, has_color(c, file))) {
    tenon_p_text_release(&t);
    return JS_EXCEPTION;
  }
  return write_line(ctx, c, file, &t);
}

static JSValue console_group(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv, int magic)
{
  JSValue r = JS_UNDEFINED;

  (void)magic;
  if (argc) r = console_log(ctx, this_value, argc, argv, OUT);
  if (!JS_IsException(r)) console_of(ctx)->indent += INDENT_STEP;
  return r;
}

static JSValue console_group_end(JSContext *ctx, JSValueConst this_value,
                                 int argc, JSValueConst *argv, int magic)
{
  console *c = console_of(ctx);

  (void)this_value;
  (void)argc;
  (void)argv;
  (void)magic;
  if (c->indent) c->indent -= INDENT_STEP;
  return JS_UNDEFINED;
}

/* --- What console.js uses --------------------------------------------------- */

/* print(file, ...values): as log does */
static JSValue native_print(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  int file;

  if (argc < 1 || JS_VALUE_GET_TAG(argv[0]) != JS_TAG_INT)
    return JS_ThrowTypeError(ctx, "print: expected 1 or 2, and values");
  file = JS_VALUE_GET_INT(argv[0]);
  if (file != OUT && file != ERR)
    return JS_ThrowTypeError(ctx, "print: expected 1 or 2, and values");
  return console_log(ctx, this_value, argc - 1, argv + 1, file);
}

/* format(...values): the text that log would print to stderr */
static JSValue native_format(JSContext *ctx, JSValueConst this_value, int argc,
                             JSValueConst *argv)
{
  (void)this_value;
  return tenon_p_format(ctx, argc, argv, has_color(console_of(ctx), ERR));
}

/* hasColor(): does stdout take colours? */
static JSValue native_has_color(JSContext *ctx, JSValueConst this_value,
                                int argc, JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  (void)argv;
  return JS_NewBool(ctx, has_color(console_of(ctx), OUT));
}

/* now(): milliseconds of a clock that only goes forward */
static JSValue native_now(JSContext *ctx, JSValueConst this_value, int argc,
                          JSValueConst *argv)
{
  (void)this_value;
  (void)argc;
  (void)argv;
  return JS_NewFloat64(ctx, (double)uv_hrtime() / 1e6);
}

/* clear(): a terminal's screen */
static JSValue native_clear(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv)
{
  static const char home[] = "\033[1;1H\033[0J";
  const char *term = getenv("TERM");

  (void)this_value;
  (void)argc;
  (void)argv;
  if (isatty(OUT) && !(term && strcmp(term, "dumb") == 0))
    tenon_p_std_write(tenon_p_engine_of(ctx), OUT, home, sizeof home - 1);
  return JS_UNDEFINED;
}

static const JSCFunctionListEntry natives[] = {
    JS_CFUNC_DEF("print", 2, native_print),
    JS_CFUNC_DEF("format", 0, native_format),
    JS_CFUNC_DEF("hasColor", 0, native_has_color),
    JS_CFUNC_DEF("now", 0, native_now),
    JS_CFUNC_DEF("clear", 0, native_clear),
};

/* 0, or -1 with an exception. */
static int load_more(JSContext *ctx, console *c)
{
  JSValue native = tenon_p_std_native(ctx, natives, tenon_p_countof(natives));
  JSValue v;

  if (JS_IsException(native)) return -1;
  v = tenon_p_inspect_tools(ctx);
  if (JS_IsException(v) ||
      JS_DefinePropertyValueStr(ctx, native, "tools", v, JS_PROP_C_W_E) < 0 ||
      JS_DefinePropertyValueStr(ctx, native, "trace",
                                JS_DupValue(ctx, c->trace),
                                JS_PROP_C_W_E) < 0) {
    JS_FreeValue(ctx, native);
    return -1;
  }
  v = tenon_p_std_load(ctx, &tenon_p_console_bytecode, native);
  if (JS_IsException(v)) return -1;
  JS_FreeValue(ctx, c->more);
  c->more = v;
  return 0;
}

/* The methods of console.js; a magic number is a place in this list. */
#define MORE_METHODS(X) \
  X(assert)             \
  X(clear)              \
  X(count) X(countReset) X(dir) X(table) X(time) X(timeEnd) X(timeLog) X(trace)

enum {
#define X(name) MORE_##name,
  MORE_METHODS(X)
#undef X
};

static const char *const more_names[] = {
#define X(name) #name,
    MORE_METHODS(X)
#undef X
};

static JSValue console_more(JSContext *ctx, JSValueConst this_value, int argc,
                            JSValueConst *argv, int which)
{
  console *c = console_of(ctx);
  JSValue f, r;

  (void)this_value;
  if (which == MORE_assert && argc && JS_ToBool(ctx, argv[0]))
    return JS_UNDEFINED;
  if (JS_IsUndefined(c->more) && load_more(ctx, c)) return JS_EXCEPTION;
  f = JS_GetPropertyStr(ctx, c->more, more_names[which]);
  if (JS_IsException(f)) return f;
  r = JS_Call(ctx, f, JS_UNDEFINED, argc, argv);
  JS_FreeValue(ctx, f);
  return r;
}

/* --- The object ------------------------------------------------------------- */

/* Enumerable, as the Console Standard has them. */
#define FUNCTION(f)            \
  {                            \
    0, JS_CFUNC_generic_magic, \
    {                          \
      .generic_magic = (f)     \
    }                          \
  }
#define METHOD(name, f, magic)                \
  {                                           \
    name, JS_PROP_C_W_E, JS_DEF_CFUNC, magic, \
    {                                         \
      .func = FUNCTION(f)                     \
    }                                         \
  }
#define X(name) METHOD(#name, console_more, MORE_##name),

static const JSCFunctionListEntry methods[] = {
    METHOD("log", console_log, OUT),
    METHOD("warn", console_log, ERR),
    METHOD("error", console_log, ERR),
    METHOD("info", console_log, OUT),
    METHOD("debug", console_log, OUT),
    METHOD("dirxml", console_log, OUT),
    METHOD("group", console_group, 0),
    METHOD("groupCollapsed", console_group, 0),
    METHOD("groupEnd", console_group_end, 0),
    JS_PROP_STRING_DEF("[Symbol.toStringTag]", "console", JS_PROP_CONFIGURABLE),
    MORE_METHODS(X)};
#undef X

/* The prototype is an empty object: the standard wants it so. */
static JSValue make_console(JSContext *ctx, const tenon_p_lazy *lazy)
{
  console *c = console_of(ctx);
  JSValue proto = JS_NewObject(ctx), v, trace = JS_EXCEPTION;

  (void)lazy;
  if (JS_IsException(proto)) return proto;
  v = JS_NewObjectProto(ctx, proto);
  JS_FreeValue(ctx, proto);
  if (JS_IsException(v)) return v;
  if (JS_SetPropertyFunctionList(ctx, v, methods, tenon_p_countof(methods)) ==
      0)
    trace = JS_GetPropertyStr(ctx, v, "trace");
  if (JS_IsException(trace)) {
    JS_FreeValue(ctx, v);
    return JS_EXCEPTION;
  }
  JS_FreeValue(ctx, c->trace);
  c->trace = trace;
  return v;
}

int tenon_p_console_define(tenon_p_realm *r)
{
  static const tenon_p_lazy lazy = {.name = "console", .make = make_console};
  console *c = tenon_p_heap_alloc(&r->engine->heap, sizeof *c);

  if (!c) return -1;
  *c = (console){
      .colors = {-1, -1, -1}, .more = JS_UNDEFINED, .trace = JS_UNDEFINED};
  if (tenon_p_realm_attach(r, &console_type, c)) {
    tenon_p_heap_free(&r->engine->heap, c);
    return -1;
  }
  return tenon_p_std_lazy(r, &lazy);
}
