#include "bind/options.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bind/message.h"
#include "bind/signal.h"
#include "engine/extension.h"

static const char *const names[] = {"signal", "timeout", "onFull"};

tenon_p_call_options tenon_p_no_options(void)
{
  return (tenon_p_call_options){.signal = JS_UNDEFINED,
                                .timeout_ms = -1,
                                .when_full = TENON_P_FULL_DEFAULT};
}

void tenon_p_options_release(JSContext *ctx, tenon_p_call_options *o)
{
  JS_FreeValue(ctx, o->signal);
  o->signal = JS_UNDEFINED;
}

static int has_own(JSContext *ctx, JSValueConst v, const char *name)
{
  JSAtom atom = JS_NewAtom(ctx, name);
  int r;

  if (atom == JS_ATOM_NULL) return -1;
  r = JS_GetOwnProperty(ctx, NULL, v, atom);
  JS_FreeAtom(ctx, atom);
  return r;
}

int tenon_p_options_are_there(JSContext *ctx, JSValueConst v)
{
  size_t i;
  int r = 0;

  if (!JS_IsObject(v) || !tenon_p_is_plain_object(v)) return 0;
  for (i = 0; r == 0 && i < tenon_p_countof(names); i++)
    r = has_own(ctx, v, names[i]);
  return r;
}

static int read_signal(JSContext *ctx, const tenon_p_place *place,
                       JSValueConst v, tenon_p_call_options *o)
{
  if (!tenon_p_signal_of(ctx, v))
    return tenon_p_throw_expected(ctx, place, "AbortSignal", v);
  JS_FreeValue(ctx, o->signal);
  o->signal = JS_DupValue(ctx, v);
  return 0;
}

/* Fractions are rounded up: what is left until a time of performance.now(). */
static int read_timeout(JSContext *ctx, const tenon_p_place *place,
                        JSValueConst v, tenon_p_call_options *o)
{
  char text[32] = "NaN";
  double ms;

  if (!JS_IsNumber(v)) return tenon_p_throw_expected(ctx, place, "number", v);
  if (JS_ToFloat64(ctx, &ms, v)) return -1;
  if (!(ms >= 0)) {
    if (!isnan(ms)) snprintf(text, sizeof text, "%g", ms);
    return tenon_p_throw_at(ctx, place, TENON_RANGE_ERROR,
                            TENON_P_MESSAGE_TIMEOUT, text);
  }
  o->timeout_ms = ceil(ms);
  return 0;
}

static int read_when_full(JSContext *ctx, const tenon_p_place *place,
                          JSValueConst v, tenon_p_call_options *o)
{
  static const tenon_field words[] = {{.name = "error"}, {.name = "wait"}};
  static const tenon_type type = {.fields = words,
                                  .field_count = tenon_p_countof(words)};
  bool is_error = false, is_wait = false;
  const char *s;

  if (JS_IsString(v)) {
    s = JS_ToCString(ctx, v);
    if (!s) return -1;
    is_error = !strcmp(s, "error");
    is_wait = !strcmp(s, "wait");
    JS_FreeCString(ctx, s);
  }
  if (!is_error && !is_wait)
    return tenon_p_throw_not_of_enum(ctx, place, &type, v);
  o->when_full = is_error ? TENON_P_FULL_REFUSED : TENON_P_FULL_WAITS;
  return 0;
}

int tenon_p_options_read(JSContext *ctx, const tenon_function *f,
                         JSValueConst object, tenon_p_call_options *o)
{
  static int (*const readers[])(JSContext *, const tenon_p_place *,
                                JSValueConst, tenon_p_call_options *) = {
      read_signal, read_timeout, read_when_full};
  tenon_p_place place = {
      .function = f, .index = TENON_P_PLACE_OPTION, .comes_in = true};
  size_t i;
  int r = 0;

  if (!JS_IsObject(object)) {
    place.member = NULL;
    return tenon_p_throw_expected(ctx, &place, "object", object);
  }
  for (i = 0; r == 0 && i < tenon_p_countof(names); i++) {
    JSValue v = JS_GetPropertyStr(ctx, object, names[i]);
    if (JS_IsException(v)) return -1;
    place.member = names[i];
    if (!JS_IsUndefined(v)) r = readers[i](ctx, &place, v, o);
    JS_FreeValue(ctx, v);
  }
  return r;
}

int tenon_p_options_check(JSContext *ctx, const tenon_p_call_options *o)
{
  tenon_p_signal *s;

  if (JS_IsUndefined(o->signal)) return 0;
  s = tenon_p_signal_of(ctx, o->signal);
  if (!tenon_p_signal_is_aborted(s)) return 0;
  JS_Throw(ctx, JS_DupValue(ctx, tenon_p_signal_reason(s)));
  return -1;
}
