/* See crash.h. Included by unit.c behind foreign.c. */
#include "engine/crash.h"

/* A list of frames that is broken may have no end. */
#define CRASH_MOST_FRAMES 100000

static void crash_put_text(char *to, size_t size, const JSString *s)
{
  if (s->is_wide_char)
    utf8_encode_buf16(to, size, str16((JSString *)s), s->len);
  else
    utf8_encode_buf8(to, size, str8((JSString *)s), s->len);
}

static void crash_put_name(JSObject *p, char *to, size_t size)
{
  JSProperty *property;
  JSShapeProperty *shape = find_own_property(&property, p, JS_ATOM_name);

  if (shape && (shape->flags & JS_PROP_TMASK) == JS_PROP_NORMAL &&
      JS_VALUE_GET_TAG(property->u.value) == JS_TAG_STRING)
    crash_put_text(to, size, JS_VALUE_GET_STRING(property->u.value));
}

bool tenon_p_crash_native_frame(JSRuntime *rt, bool only_top,
                                tenon_p_crash_frame *out)
{
  const JSContext *any = list_entry(rt->context_list.next, JSContext, link);
  const JSStackFrame *f = rt->current_stack_frame;
  int i;

  *out = (tenon_p_crash_frame){.native = NULL};
  for (i = 0; f && i < CRASH_MOST_FRAMES; i++, f = f->prev_frame) {
    if (JS_VALUE_GET_TAG(f->cur_func) != JS_TAG_OBJECT) continue;
    out->native = tenon_p_native_of((JSContext *)any, f->cur_func);
    out->is_foreign = tenon_p_foreign_realm((JSContext *)any, f->cur_func);
    if (out->is_foreign)
      crash_put_name(JS_VALUE_GET_OBJ(f->cur_func), out->name,
                     sizeof out->name);
    if (out->native || out->is_foreign) return true;
    if (only_top) return false;
  }
  return false;
}

void tenon_p_crash_script(JSRuntime *rt, tenon_p_crash_scene *s)
{
  const JSStackFrame *f = rt->current_stack_frame;
  const JSFunctionBytecode *b;
  int i;

  for (i = 0; f && i < CRASH_MOST_FRAMES; i++, f = f->prev_frame) {
    if (JS_VALUE_GET_TAG(f->cur_func) != JS_TAG_OBJECT || !f->cur_pc) continue;
    if (!js_class_has_bytecode(JS_VALUE_GET_OBJ(f->cur_func)->class_id))
      continue;
    b = JS_VALUE_GET_OBJ(f->cur_func)->u.func.function_bytecode;
    if (b->filename == JS_ATOM_NULL || __JS_AtomIsTaggedInt(b->filename) ||
        is_own_code(rt, b->filename))
      continue;
    s->script_line = find_line_num(b->realm, (JSFunctionBytecode *)b,
                                   (uint32_t)(f->cur_pc - b->byte_code_buf - 1),
                                   &s->script_column);
    crash_put_text(s->script, sizeof s->script, rt->atom_array[b->filename]);
    return;
  }
}
