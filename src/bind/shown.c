#include "bind/shown.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "bind/life.h"

typedef struct tenon_p_shown {
  const char *name;
  JSValue get;
} tenon_p_shown;

int tenon_p_shown_add(JSContext *ctx, tenon_p_bound_class *k, const char *name,
                      JSValueConst getter)
{
  tenon_p_shown *all;
  JSValue old;
  uint32_t i;

  for (i = 0; i < k->shown_count; i++) {
    if (strcmp(k->shown[i].name, name) != 0) continue;
    old = k->shown[i].get;
    k->shown[i].get = JS_DupValue(ctx, getter);
    JS_FreeValue(ctx, old);
    return 0;
  }
  all = tenon_p_realloc(k->shown, (k->shown_count + 1) * sizeof *all);
  if (!all) {
    JS_ThrowOutOfMemory(ctx);
    return -1;
  }
  k->shown = all;
  all[k->shown_count++] = (tenon_p_shown){name, JS_DupValue(ctx, getter)};
  return 0;
}

int tenon_p_shown_inherit(JSContext *ctx, tenon_p_bound_class *k)
{
  const tenon_p_bound_class *base = (const tenon_p_bound_class *)k->base.base;
  uint32_t i;

  for (i = 0; base && i < base->shown_count; i++)
    if (tenon_p_shown_add(ctx, k, base->shown[i].name, base->shown[i].get))
      return -1;
  return 0;
}

void tenon_p_shown_mark(JSRuntime *rt, const tenon_p_bound_class *k,
                        JS_MarkFunc *mark)
{
  uint32_t i;

  for (i = 0; i < k->shown_count; i++)
    JS_MarkValue(rt, k->shown[i].get, mark);
}

void tenon_p_shown_release(JSRuntime *rt, tenon_p_bound_class *k)
{
  tenon_p_shown *all = k->shown;
  uint32_t i, count = k->shown_count;

  k->shown = NULL;
  k->shown_count = 0;
  for (i = 0; i < count; i++)
    JS_FreeValueRT(rt, all[i].get);
  free(all);
}

static const tenon_p_bound_class *class_of(JSContext *ctx, JSValueConst v)
{
  const tenon_p_instance *i = tenon_p_instance_of(ctx, v);

  return i ? (const tenon_p_bound_class *)i->class : NULL;
}

int tenon_p_shown_state(JSContext *ctx, JSValueConst v)
{
  tenon_p_instance *i = tenon_p_instance_of(ctx, v);

  if (!i) return -1;
  if (tenon_p_instance_is_over(tenon_p_life_of(i))) return 1;
  return tenon_p_instance_is_out(tenon_p_life_of(i)) ? 2 : 0;
}

uint32_t tenon_p_shown_count(JSContext *ctx, JSValueConst v)
{
  return class_of(ctx, v)->shown_count;
}

const char *tenon_p_shown_name(JSContext *ctx, JSValueConst v, uint32_t i)
{
  return class_of(ctx, v)->shown[i].name;
}

JSValue tenon_p_shown_value(JSContext *ctx, JSValueConst v, uint32_t i)
{
  const tenon_p_bound_class *k = class_of(ctx, v);
  JSValue get, r;

  if (i >= k->shown_count) return JS_UNDEFINED;
  get = JS_DupValue(ctx, k->shown[i].get);
  r = JS_Call(ctx, get, v, 0, NULL);
  JS_FreeValue(ctx, get);
  return r;
}

/* --- JSON -------------------------------------------------------------------- */

/* Is `v` one of the class that may be used? As a method says it: 0, or -1 with
 * an exception. */
static int check(JSContext *ctx, const tenon_p_bound_class *k, JSValueConst v)
{
  const tenon_type type = {.kind = TENON_KIND_CLASS,
                           .size = sizeof(void *),
                           .name = k->class->name,
                           .of = k->class};
  const tenon_field self = {
      .name = "self", .type = &type, .flags = TENON_FIELD_THIS};
  tenon_p_text label = TENON_P_TEXT_INIT;
  tenon_function f = {.size = sizeof f, .params = &self, .param_count = 1};
  tenon_p_place place = {.function = &f};
  tenon_p_call c;
  void *p;
  int r = -1;

  tenon_p_text_printf(&label, "%s.toJSON", k->class->name);
  f.name = label.data;
  tenon_p_call_init(&c, false);
  c.ctx = ctx;
  if (label.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    r = tenon_p_read_instance(ctx, &c, &place, &self, v, &p);
  tenon_p_call_release(&c);
  tenon_p_text_release(&label);
  return r;
}

static JSValue to_json(JSContext *ctx, JSValueConst this_value, int argc,
                       JSValueConst *argv, int magic, JSValueConst *data)
{
  const tenon_p_native *n = tenon_p_native_of(ctx, data[0]);
  uint32_t i, count;
  JSValue object, v;

  (void)argc;
  (void)argv;
  (void)magic;
  ctx = n->realm;
  if (check(ctx, (const tenon_p_bound_class *)n->makes, this_value))
    return JS_EXCEPTION;
  object = JS_NewObject(ctx);
  if (JS_IsException(object)) return object;
  count = tenon_p_shown_count(ctx, this_value);
  for (i = 0; i < count; i++) {
    v = tenon_p_shown_value(ctx, this_value, i);
    if (JS_IsException(v) ||
        JS_DefinePropertyValueStr(ctx, object,
                                  tenon_p_shown_name(ctx, this_value, i), v,
                                  JS_PROP_C_W_E | JS_PROP_THROW) < 0) {
      JS_FreeValue(ctx, object);
      return JS_EXCEPTION;
    }
  }
  return object;
}

JSValue tenon_p_shown_json(JSContext *ctx, const tenon_p_bound_class *k)
{
  JSValueConst data[1] = {k->constructor};

  return JS_NewCFunctionData2(ctx, to_json, "toJSON", 0, 0, 1, data);
}
