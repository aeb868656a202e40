#include "bind/exports.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "bind/class.h"
#include "bind/table.h"
#include "engine/extension.h"

/* --- Tables ---------------------------------------------------------------------- */

static int compare_names(const void *a, const void *b)
{
  const tenon_p_export *x = a, *y = b;

  return strcmp(x->name, y->name);
}

static tenon_p_export *find(const tenon_p_module *m, const char *name)
{
  tenon_p_export wanted = {.name = name};

  return bsearch(&wanted, m->exports, m->count, sizeof wanted, compare_names);
}

/* A constant's value and a getter are functions that are just called. */
static bool is_valid_value(const tenon_function *f)
{
  return tenon_p_is_valid_function(f) && !f->flags && !f->param_count &&
         !(f->result.flags & (TENON_FIELD_EXHAUSTIVE | TENON_FIELD_SPECIES)) &&
         f->result.type->kind != TENON_KIND_NONE;
}

static bool is_valid_item(const tenon_item *item)
{
  if (!item || item->size < sizeof *item || !item->name) return false;
  switch (item->kind) {
  case TENON_ITEM_CONSTANT:
  case TENON_ITEM_GETTER: return item->name[0] && is_valid_value(item->data);
  case TENON_ITEM_DEFAULT: return true;
  case TENON_ITEM_DOC: return item->doc != NULL;
  case TENON_ITEM_CLASS:
    return item->name[0] && tenon_p_is_valid_class(item->data);
  case TENON_ITEM_MEMBER:
    return item->data &&
           ((const tenon_member *)item->data)->size >= sizeof(tenon_member);
  default: return false;
  }
}

static bool is_valid_module(const tenon_module *d)
{
  return d && d->size >= sizeof *d && d->abi == TENON_MODULE_ABI &&
         d->field_size == sizeof(tenon_field) &&
         tenon_p_threads_of(d) <= TENON_THREADS_any && d->host &&
         !d->begin == !d->end && d->begin <= d->end &&
         !d->items_begin == !d->items_end && d->items_begin <= d->items_end;
}

/* Lists what has a name; false when a table is not valid. */
static bool list_exports(tenon_p_module *m)
{
  const tenon_module *d = m->descriptor;
  const tenon_function *const *f;
  const tenon_item *const *item;
  uint32_t i;

  for (f = d->begin; f != d->end; f++) {
    if (!tenon_p_is_valid_function(*f) ||
        ((*f)->result.flags & TENON_FIELD_SPECIES))
      return false;
    m->exports[m->count++] = (tenon_p_export){(*f)->name, *f, 0};
  }
  for (item = d->items_begin; item != d->items_end; item++) {
    if (!is_valid_item(*item)) return false;
    if ((*item)->kind == TENON_ITEM_CONSTANT ||
        (*item)->kind == TENON_ITEM_GETTER)
      m->exports[m->count++] =
          (tenon_p_export){(*item)->name, (*item)->data, (*item)->kind};
    if ((*item)->kind == TENON_ITEM_CLASS)
      m->exports[m->count++] =
          (tenon_p_export){(*item)->name, NULL, (*item)->kind};
  }
  qsort(m->exports, m->count, sizeof *m->exports, compare_names);
  for (i = 1; i < m->count; i++)
    if (!compare_names(&m->exports[i - 1], &m->exports[i])) return false;
  return true;
}

/* A default that is said is there once, is there at all, and is no getter, whose
 * value would be that of the import for ever. */
static bool find_default(tenon_p_module *m)
{
  const tenon_module *d = m->descriptor;
  const tenon_item *const *item, *said = NULL;
  bool has_getter = false, is_taken = find(m, "default") != NULL;
  uint32_t i;

  for (i = 0; i < m->count; i++)
    if (m->exports[i].kind == TENON_ITEM_GETTER) has_getter = true;
  for (item = d->items_begin; item != d->items_end; item++) {
    if ((*item)->kind != TENON_ITEM_DEFAULT) continue;
    if (said) return false;
    said = *item;
  }
  if (!said || !said->name[0]) {
    m->has_default_object = said || (has_getter && !is_taken);
    return !said || !is_taken;
  }
  m->default_export = find(m, said->name);
  return !is_taken && m->default_export &&
         tenon_p_export_is_importable(m->default_export);
}

int tenon_p_module_init(tenon_p_module *m, tenon_p_heap *heap,
                        const tenon_module *d, const tenon_p_schedule *schedule)
{
  size_t most;
  int r;

  *m = (tenon_p_module){.descriptor = d, .schedule = schedule};
  if (!is_valid_module(d)) return TENON_EABI;
  most = (size_t)(d->end - d->begin) + (size_t)(d->items_end - d->items_begin);
  m->exports = tenon_p_heap_alloc(heap, (most + 1) * sizeof *m->exports);
  if (!m->exports) return TENON_ENOMEM;
  r = list_exports(m) && find_default(m) ? tenon_p_classes_init(m, heap)
                                         : TENON_EABI;
  if (r == 0 && !tenon_p_are_sound_classes(m)) r = TENON_EABI;
  if (r) tenon_p_module_release(m, heap);
  return r;
}

void tenon_p_module_release(tenon_p_module *m, tenon_p_heap *heap)
{
  tenon_p_heap_free(heap, m->classes);
  tenon_p_heap_free(heap, m->exports);
  m->classes = NULL;
  m->class_count = 0;
  m->exports = NULL;
  m->count = 0;
}

enum tenon_p_default tenon_p_module_default(const tenon_p_module *m)
{
  if (m->has_default_object) return TENON_P_DEFAULT_OBJECT;
  return m->default_export ? TENON_P_DEFAULT_EXPORT : TENON_P_DEFAULT_NONE;
}

/* --- Values ---------------------------------------------------------------------- */

/* A function by its export's name, which messages have as the table says it. */
static JSValue new_function(JSContext *ctx, const tenon_p_module *m,
                            const tenon_p_export *x, const char *prefix)
{
  JSValue f = tenon_p_function_new(ctx, m, x->function), name;
  size_t len = strlen(prefix) + strlen(x->name) + 1;
  char *text;

  if (JS_IsException(f) || x->kind == 0) return f;
  text = js_malloc(ctx, len);
  if (!text) goto fail;
  strcpy(text, prefix);
  strcat(text, x->name);
  name = JS_NewStringLen(ctx, text, len - 1);
  js_free(ctx, text);
  if (JS_IsException(name) ||
      JS_DefinePropertyValueStr(ctx, f, "name", name, JS_PROP_CONFIGURABLE) < 0)
    goto fail;
  return f;
fail:
  JS_FreeValue(ctx, f);
  return JS_EXCEPTION;
}

static JSValue value_of(JSContext *ctx, const tenon_p_module *m,
                        const tenon_p_export *x)
{
  JSValue f, v;

  if (x->kind == TENON_ITEM_CLASS)
    return tenon_p_class_constructor(ctx, m, x->name);
  f = tenon_p_function_new(ctx, m, x->function);
  if (JS_IsException(f) || x->kind == 0) return f;
  v = JS_Call(ctx, f, JS_UNDEFINED, 0, NULL);
  JS_FreeValue(ctx, f);
  return v;
}

/* 0, or -1 with an exception. */
static int define(JSContext *ctx, JSValueConst object, const tenon_p_module *m,
                  const tenon_p_export *x)
{
  JSAtom key = JS_NewAtom(ctx, x->name);
  int flags = JS_PROP_ENUMERABLE | JS_PROP_THROW, r = -1;
  JSValue v;

  if (key == JS_ATOM_NULL) return -1;
  if (x->kind == TENON_ITEM_GETTER) {
    v = new_function(ctx, m, x, "get ");
    if (!JS_IsException(v))
      r = JS_DefinePropertyGetSet(ctx, object, key, v, JS_UNDEFINED,
                                  flags | JS_PROP_CONFIGURABLE);
  } else {
    if (x->kind == 0 || x->kind == TENON_ITEM_CLASS)
      flags |= JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE;
    v = value_of(ctx, m, x);
    if (!JS_IsException(v))
      r = JS_DefinePropertyValue(ctx, object, key, v, flags);
  }
  JS_FreeAtom(ctx, key);
  return r < 0 ? -1 : 0;
}

JSValue tenon_p_exports_object(JSContext *ctx, const tenon_p_module *m)
{
  JSValue object;
  uint32_t i;

  if (tenon_p_classes_bind(ctx, m)) return JS_EXCEPTION;
  object = JS_NewObject(ctx);
  for (i = 0; !JS_IsException(object) && i < m->count; i++) {
    if (define(ctx, object, m, &m->exports[i])) {
      JS_FreeValue(ctx, object);
      return JS_EXCEPTION;
    }
  }
  return object;
}

/* --- Globals --------------------------------------------------------------------- */

/* 1 when one is there, 0, or -1 with an exception. */
static int is_any_taken(JSContext *ctx, const tenon_p_module *m)
{
  uint32_t i;
  int r = 0;

  for (i = 0; r == 0 && i < m->count; i++) {
    JSAtom key = JS_NewAtom(ctx, m->exports[i].name);
    if (key == JS_ATOM_NULL) return -1;
    r = tenon_p_has_global(ctx, key);
    JS_FreeAtom(ctx, key);
  }
  return r;
}

/* Copies a property, which is there, as one that can be deleted. */
static int copy_property(JSContext *ctx, JSValueConst from, JSValueConst to,
                         const char *name)
{
  JSAtom key = JS_NewAtom(ctx, name);
  JSPropertyDescriptor d;
  int r = -1;

  if (key == JS_ATOM_NULL) return -1;
  if (JS_GetOwnProperty(ctx, &d, from, key) > 0) {
    int flags = JS_PROP_CONFIGURABLE | JS_PROP_THROW;
    if (d.flags & JS_PROP_GETSET)
      r = JS_DefinePropertyGetSet(ctx, to, key, d.getter, d.setter, flags);
    else
      r = JS_DefinePropertyValue(ctx, to, key, d.value,
                                 flags | (d.flags & JS_PROP_WRITABLE));
  }
  JS_FreeAtom(ctx, key);
  return r < 0 ? -1 : 0;
}

/* Takes back the first `count`, and keeps what was thrown. */
static void delete_properties(JSContext *ctx, JSValueConst object,
                              const tenon_p_module *m, uint32_t count)
{
  JSValue thrown = JS_GetException(ctx);
  uint32_t i;

  for (i = 0; i < count; i++) {
    JSAtom key = JS_NewAtom(ctx, m->exports[i].name);
    if (key == JS_ATOM_NULL || JS_DeleteProperty(ctx, object, key, 0) < 0)
      JS_FreeValue(ctx, JS_GetException(ctx));
    JS_FreeAtom(ctx, key);
  }
  JS_Throw(ctx, thrown);
}

int tenon_p_exports_to_global(JSContext *ctx, const tenon_p_module *m)
{
  JSValue global, object;
  uint32_t i = 0;
  int r = is_any_taken(ctx, m);

  if (r) return r > 0 ? TENON_EEXIST : TENON_EEXCEPTION;
  object = tenon_p_exports_object(ctx, m);
  if (JS_IsException(object)) return TENON_EEXCEPTION;
  global = JS_GetGlobalObject(ctx);
  while (r == 0 && i < m->count)
    r = copy_property(ctx, object, global, m->exports[i++].name);
  if (r) delete_properties(ctx, global, m, i - 1);
  JS_FreeValue(ctx, global);
  JS_FreeValue(ctx, object);
  return r ? TENON_EEXCEPTION : 0;
}
