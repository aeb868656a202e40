#include "bind/exotic.h"

#include <string.h>

#include "base/text.h"

typedef struct hook {
  uint32_t kind; /* enum tenon_member_kind */
  bool indexed;
} hook;

static hook hook_of(enum tenon_p_hook h)
{
  static const uint32_t kinds[] = {
      [TENON_P_HOOK_GET] = TENON_MEMBER_KEYED_GET,
      [TENON_P_HOOK_SET] = TENON_MEMBER_KEYED_SET,
      [TENON_P_HOOK_HAS] = TENON_MEMBER_KEYED_HAS,
      [TENON_P_HOOK_DELETE] = TENON_MEMBER_KEYED_DELETE,
      [TENON_P_HOOK_KEYS] = TENON_MEMBER_KEYED_KEYS,
  };

  if (h == TENON_P_HOOK_CALL) return (hook){TENON_MEMBER_CALL, false};
  return (hook){kinds[h % TENON_P_HOOK_INDEXED], h >= TENON_P_HOOK_INDEXED};
}

static bool is_indexed(const tenon_member *x)
{
  if (x->kind < TENON_MEMBER_KEYED_GET) return false;
  return (x->kind == TENON_MEMBER_KEYED_KEYS
              ? x->function->result.type->kind
              : x->function->params[1].type->kind) == TENON_KIND_U32;
}

static const tenon_member *own_hook(const tenon_p_class_table *t, hook h)
{
  uint32_t i;

  for (i = 0; i < t->count; i++) {
    const tenon_member *x = t->members[i]->data;
    if (x->kind == h.kind && is_indexed(x) == h.indexed) return x;
  }
  return NULL;
}

static const tenon_member *find_hook(const tenon_p_class_table *t, hook h)
{
  const tenon_member *x = NULL;

  for (; t && !x; t = t->base)
    x = own_hook(t, h);
  return x;
}

/* The engine waits for the answer, and hands over what the type says. */
static bool is_valid_hook(const tenon_member *x)
{
  const tenon_function *f = x->function;
  const tenon_type *type = f->result.type;

  if (f->flags) return false;
  switch (x->kind) {
  case TENON_MEMBER_KEYED_GET: return type->kind != TENON_KIND_NONE;
  case TENON_MEMBER_KEYED_KEYS:
    if (f->result.flags) return false;
    return type->kind == TENON_KIND_U32 ||
           (type->kind == TENON_KIND_ARRAY &&
            type->fields[0].type->kind == TENON_KIND_STR &&
            !type->fields[0].flags);
  default: return !f->result.flags && type->kind == TENON_KIND_BOOL;
  }
}

bool tenon_p_has_valid_hooks(const tenon_p_class_table *t)
{
  uint32_t i;

  for (i = 0; i < t->count; i++) {
    const tenon_member *x = t->members[i]->data;
    hook h = {x->kind, false}, get = {TENON_MEMBER_KEYED_GET, false};
    if (x->kind < TENON_MEMBER_KEYED_GET) continue;
    h.indexed = get.indexed = is_indexed(x);
    if (!is_valid_hook(x) || own_hook(t, h) != x || !find_hook(t, get))
      return false;
  }
  return true;
}

uint32_t tenon_p_object_kind(const tenon_p_class_table *t)
{
  const hook named = {TENON_MEMBER_KEYED_GET, false};
  const hook indexed = {TENON_MEMBER_KEYED_GET, true};
  uint32_t kind = 0;

  if (find_hook(t, named) || find_hook(t, indexed))
    kind |= TENON_P_OBJECT_EXOTIC;
  if (tenon_p_class_member(t, TENON_MEMBER_CALL))
    kind |= TENON_P_OBJECT_CALLABLE;
  return kind;
}

static JSValue new_hook(JSContext *ctx, const tenon_p_module *m,
                        const tenon_p_class_table *t, tenon_p_bound_class *k,
                        const tenon_member *x)
{
  const char *name = t->item->name;
  bool calls = x->kind == TENON_MEMBER_CALL;
  tenon_p_method method = {.function = x->function,
                           .name = calls ? name : x->function->name,
                           .self_class = &k->base,
                           .measures = k->memory != NULL,
                           .looks = x->kind == TENON_MEMBER_KEYED_GET,
                           .is_accessor = true};
  tenon_p_text label = TENON_P_TEXT_INIT;
  JSValue f = JS_EXCEPTION;

  tenon_p_text_printf(&label, "%s%s", name,
                      calls                                ? "()"
                      : x->kind == TENON_MEMBER_KEYED_KEYS ? ""
                      : is_indexed(x)                      ? "[index]"
                                                           : "[key]");
  method.label = label.data;
  if (label.failed)
    JS_ThrowOutOfMemory(ctx);
  else
    f = tenon_p_method_new(ctx, m, &method);
  tenon_p_text_release(&label);
  return f;
}

int tenon_p_hooks_bind(JSContext *ctx, const tenon_p_module *m,
                       const tenon_p_class_table *t, tenon_p_bound_class *k)
{
  uint32_t h;

  for (h = 0; h < TENON_P_HOOKS; h++) {
    const tenon_member *x = own_hook(t, hook_of(h));
    JSValue f = JS_UNDEFINED;
    if (x)
      f = new_hook(ctx, m, t, k, x);
    else if (k->base.base)
      f = JS_DupValue(ctx, k->base.base->hooks[h]);
    if (JS_IsException(f)) return -1;
    k->base.hooks[h] = f;
  }
  return 0;
}
