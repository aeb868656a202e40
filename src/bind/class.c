#include "bind/class.h"

#include <stdlib.h>
#include <string.h>
#include <tenon/error.h>

#include "base/alloc.h"
#include "base/text.h"
#include "bind/exotic.h"
#include "bind/iterator.h"
#include "bind/shown.h"
#include "bind/species.h"
#include "bind/table.h"
#include "engine/extension.h"
#include "engine/realm.h"

/* --- Tables ---------------------------------------------------------------------- */

static const tenon_member *member_of(const tenon_item *item)
{
  return item->data;
}

static tenon_p_class_table *find_table(const tenon_p_module *m,
                                       const tenon_class *class)
{
  uint32_t i;

  for (i = 0; i < m->class_count; i++)
    if (m->classes[i].class == class) return &m->classes[i];
  return NULL;
}

/* A function of a member takes `this` of its class, first and alone. */
static bool takes_self(const tenon_member *x)
{
  const tenon_function *f = x->function;

  return tenon_p_takes_this(f) && f->params[0].flags == TENON_FIELD_THIS &&
         f->params[0].offset == sizeof(tenon_args) &&
         f->params[0].type->kind == TENON_KIND_CLASS &&
         f->params[0].type->of == x->of;
}

static bool is_method(const tenon_member *x, uint32_t params)
{
  return tenon_p_is_valid_function(x->function) && takes_self(x) &&
         (params == UINT32_MAX || x->function->param_count == params + 1);
}

static bool is_static(const tenon_member *x, uint32_t params)
{
  return tenon_p_is_valid_function(x->function) &&
         (params == UINT32_MAX || x->function->param_count == params);
}

static bool is_key(const tenon_field *f)
{
  return !f->flags &&
         (f->type->kind == TENON_KIND_STR || f->type->kind == TENON_KIND_U32);
}

static bool is_valid_constructor(const tenon_member *x)
{
  const tenon_function *f = x->function;

  if (!tenon_p_is_valid_function(f) || f->flags) return false;
  if (x->of->storage == TENON_STORAGE_VALUE)
    return takes_self(x) && f->result.type->kind == TENON_KIND_NONE;
  return !tenon_p_takes_this(f) && f->result.type->kind == TENON_KIND_CLASS &&
         f->result.type->of == x->of && !f->result.flags;
}

/* Members of T that scripts write have no memory of their own. */
static bool are_valid_fields(const tenon_member *x)
{
  uint32_t i;

  if (!x->fields || !x->field_count) return false;
  for (i = 0; i < x->field_count; i++) {
    const tenon_field *f = &x->fields[i];
    if (!f->name || !f->type || !tenon_p_is_valid_type(f->type)) return false;
    if (f->flags & ~(uint32_t)(TENON_FIELD_OPT | TENON_FIELD_NULLABLE))
      return false;
    if (f->type->kind == TENON_KIND_ANY || f->type->kind == TENON_KIND_CLASS ||
        f->type->kind == TENON_KIND_COPY ||
        f->type->kind == TENON_KIND_CALLBACK ||
        f->type->kind == TENON_KIND_STREAM ||
        f->type->kind == TENON_KIND_ITERABLE ||
        f->type->kind == TENON_KIND_INOUT)
      return false;
    if (x->of->storage == TENON_STORAGE_VALUE &&
        (f->offset > x->of->instance_size ||
         tenon_p_field_size(f) > x->of->instance_size - f->offset))
      return false;
    if (!(x->flags & TENON_MEMBER_READONLY) &&
        (tenon_p_field_is_pointer(f) || tenon_p_type_has_memory(f->type)))
      return false;
  }
  return true;
}

static bool is_valid_iterator(const tenon_member *x, uint32_t flags)
{
  return is_method(x, 0) && x->function->flags == flags &&
         x->function->result.type->kind != TENON_KIND_NONE &&
         !(x->function->result.flags & TENON_FIELD_EXHAUSTIVE) &&
         x->cursor_size <= TENON_MOST_INSTANCE;
}

static bool is_valid_member(const tenon_member *x)
{
  bool of_class = x->flags & TENON_MEMBER_STATIC;

  switch (x->kind) {
  case TENON_MEMBER_CONSTRUCTOR: return is_valid_constructor(x);
  case TENON_MEMBER_METHOD:
    return of_class ? is_static(x, UINT32_MAX) : is_method(x, UINT32_MAX);
  case TENON_MEMBER_GETTER: return of_class ? is_static(x, 0) : is_method(x, 0);
  case TENON_MEMBER_SETTER: return of_class ? is_static(x, 1) : is_method(x, 1);
  case TENON_MEMBER_FIELDS: return are_valid_fields(x);
  case TENON_MEMBER_CONSTANT:
    return is_static(x, 0) && !x->function->flags &&
           x->function->result.type->kind != TENON_KIND_NONE;
  case TENON_MEMBER_EXTENDS: return tenon_p_is_valid_class(x->base);
  case TENON_MEMBER_RELEASE:
    return x->hook && x->of->storage == TENON_STORAGE_VALUE;
  case TENON_MEMBER_MEMORY:
  case TENON_MEMBER_ITERATOR_END: return x->hook;
  case TENON_MEMBER_ITERATOR: return is_valid_iterator(x, 0);
  case TENON_MEMBER_ASYNC_ITERATOR:
    return is_valid_iterator(x, TENON_FUNCTION_BLOCKING);
  case TENON_MEMBER_DISPOSE: return true;
  case TENON_MEMBER_ASYNC_DISPOSE: return is_method(x, 0);
  case TENON_MEMBER_CALL: return is_method(x, UINT32_MAX);
  case TENON_MEMBER_KEYED_GET:
  case TENON_MEMBER_KEYED_HAS:
  case TENON_MEMBER_KEYED_DELETE:
    return is_method(x, 1) && is_key(&x->function->params[1]);
  case TENON_MEMBER_KEYED_SET:
    return is_method(x, 2) && is_key(&x->function->params[1]);
  case TENON_MEMBER_KEYED_KEYS: return is_method(x, 0);
  default: return false;
  }
}

const tenon_member *tenon_p_class_member(const tenon_p_class_table *t,
                                         uint32_t kind)
{
  uint32_t i;

  for (; t; t = t->base)
    for (i = 0; i < t->count; i++)
      if (member_of(t->members[i])->kind == kind)
        return member_of(t->members[i]);
  return NULL;
}

static const tenon_member *own_member(const tenon_p_class_table *t,
                                      uint32_t kind)
{
  tenon_p_class_table alone = *t;

  alone.base = NULL;
  return tenon_p_class_member(&alone, kind);
}

/* Which stand once in a class. */
static bool is_single(uint32_t kind)
{
  return kind != TENON_MEMBER_METHOD && kind != TENON_MEMBER_GETTER &&
         kind != TENON_MEMBER_SETTER && kind != TENON_MEMBER_FIELDS &&
         kind != TENON_MEMBER_CONSTANT && kind < TENON_MEMBER_KEYED_GET;
}

static bool are_valid_members(const tenon_p_class_table *t)
{
  uint32_t i, k;

  for (i = 0; i < t->count; i++) {
    const tenon_member *x = member_of(t->members[i]), *y;
    if (x->size < sizeof *x || !is_valid_member(x) ||
        !tenon_p_is_valid_species(x))
      return false;
    for (k = 0; k < i; k++) {
      y = member_of(t->members[k]);
      if (x->kind == y->kind &&
          (is_single(x->kind) ||
           (t->members[k]->name[0] && x->flags == y->flags &&
            !strcmp(t->members[i]->name, t->members[k]->name) &&
            x->kind < TENON_MEMBER_KEYED_GET)))
        return false;
    }
  }
  /* The end of a cursor is for those of the class's own. */
  return !own_member(t, TENON_MEMBER_ITERATOR_END) ||
         own_member(t, TENON_MEMBER_ITERATOR) ||
         own_member(t, TENON_MEMBER_ASYNC_ITERATOR);
}

static uint32_t line_of(const tenon_member *x)
{
  return x->function && x->function->size >= sizeof *x->function
             ? x->function->line
             : 0;
}

/* By class, and then in one order whatever the compiler has made of the module's:
 * kinds, members that are written before those that are not, lines. */
static int compare_members(const void *a, const void *b)
{
  const tenon_item *const *v = a, *const *w = b;
  const tenon_member *x = member_of(*v), *y = member_of(*w);
  uintptr_t p = (uintptr_t)x->of, q = (uintptr_t)y->of;

  if (p != q) return p < q ? -1 : 1;
  if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
  if (x->flags != y->flags) return x->flags < y->flags ? -1 : 1;
  if (line_of(x) != line_of(y)) return line_of(x) < line_of(y) ? -1 : 1;
  return strcmp((*v)->name, (*w)->name);
}

/* A base stands before what extends it; false when one is not of the module or
 * extends itself. */
static bool sort_by_base(tenon_p_module *m)
{
  uint32_t done = 0, i;

  while (done < m->class_count) {
    for (i = done; i < m->class_count; i++) {
      const tenon_member *x = own_member(&m->classes[i], TENON_MEMBER_EXTENDS);
      tenon_p_class_table t = m->classes[i], *base = NULL;
      if (x) {
        base = find_table(m, x->base);
        if (!base || base->class->storage != t.class->storage) return false;
        if (base >= &m->classes[done]) continue;
        if (t.class->instance_size < base->class->instance_size) return false;
      }
      t.base = base;
      m->classes[i] = m->classes[done];
      m->classes[done++] = t;
      break;
    }
    if (i == m->class_count) return false;
  }
  return true;
}

/* Bytes that classes and the lists of their members take. */
int tenon_p_classes_init(tenon_p_module *m, tenon_p_heap *heap)
{
  const tenon_module *d = m->descriptor;
  const tenon_item *const *item, **members;
  size_t classes = 0, count = 0, i;
  tenon_p_class_table *t;

  for (item = d->items_begin; item != d->items_end; item++) {
    if ((*item)->kind == TENON_ITEM_CLASS) classes++;
    if ((*item)->kind == TENON_ITEM_MEMBER) count++;
  }
  if (classes == 0) return count ? TENON_EABI : 0;
  m->classes = tenon_p_heap_alloc(heap, classes * sizeof *m->classes +
                                            count * sizeof *members);
  if (!m->classes) return TENON_ENOMEM;
  members = (const tenon_item **)(m->classes + classes);
  count = 0;
  for (item = d->items_begin; item != d->items_end; item++) {
    if ((*item)->kind == TENON_ITEM_CLASS) {
      if (find_table(m, (*item)->data)) return TENON_EABI;
      m->classes[m->class_count++] =
          (tenon_p_class_table){.class = (*item)->data, .item = *item};
    }
    if ((*item)->kind == TENON_ITEM_MEMBER) members[count++] = *item;
  }
  qsort(members, count, sizeof *members, compare_members);
  for (i = 0; i < count; i++) {
    t = find_table(m, member_of(members[i])->of);
    if (!t) return TENON_EABI;
    if (!t->members) t->members = &members[i];
    t->count++;
  }
  for (i = 0; i < classes; i++)
    if (!are_valid_members(&m->classes[i])) return TENON_EABI;
  if (!sort_by_base(m)) return TENON_EABI;
  for (i = 0; i < classes; i++)
    if (!tenon_p_has_valid_hooks(&m->classes[i])) return TENON_EABI;
  return 0;
}

/* --- Of a realm ------------------------------------------------------------------ */

enum { FIRST_BUCKETS = 8 };

/* The classes that a context has; of one that is a host's until its runtime
 * ends. */
typedef struct classes {
  tenon_p_list link; /* in the engine's, of those of a host's contexts */
  JSContext *ctx;
  tenon_p_bound_class **buckets; /* a power of two of them */
  size_t bucket_count, count;
  tenon_p_bound_class *first_buckets[FIRST_BUCKETS];
} classes;

static tenon_p_bound_class **bucket(const classes *all,
                                    const tenon_class *class)
{
  uint64_t h = ((uintptr_t) class >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 32;

  return &all->buckets[h & (all->bucket_count - 1)];
}

/* Where there is no memory for more of them, they are longer. */
static void grow(classes *all, tenon_p_heap *heap)
{
  tenon_p_bound_class **old = all->buckets, **fresh, **at, *k;
  size_t count = all->bucket_count, i;

  fresh = tenon_p_heap_alloc(heap, 2 * count * sizeof *fresh);
  if (!fresh) return;
  all->buckets = fresh;
  all->bucket_count = 2 * count;
  for (i = 0; i < count; i++) {
    while ((k = old[i])) {
      old[i] = k->next;
      at = bucket(all, k->class);
      k->next = *at;
      *at = k;
    }
  }
  if (old != all->first_buckets) tenon_p_heap_free(heap, old);
}

static void add_class(classes *all, tenon_p_bound_class *k, tenon_p_heap *heap)
{
  tenon_p_bound_class **at;

  if (all->count == all->bucket_count) grow(all, heap);
  at = bucket(all, k->class);
  k->next = *at;
  *at = k;
  all->count++;
}

static void remove_class(classes *all, tenon_p_bound_class *k)
{
  tenon_p_bound_class **at = bucket(all, k->class);

  while (*at != k)
    at = &(*at)->next;
  *at = k->next;
  all->count--;
}

static void mark_classes(JSRuntime *rt, void *state, JS_MarkFunc *mark)
{
  const classes *all = state;
  const tenon_p_bound_class *k;
  size_t i;
  int h;

  for (i = 0; i < all->bucket_count; i++) {
    for (k = all->buckets[i]; k; k = k->next) {
      tenon_p_class_mark(rt, &k->base, mark);
      JS_MarkValue(rt, k->constructor, mark);
      for (h = 0; h < TENON_P_HOOKS; h++)
        JS_MarkValue(rt, k->base.hooks[h], mark);
      tenon_p_shown_mark(rt, k, mark);
    }
  }
}

static void release_hooks(JSRuntime *rt, tenon_p_bound_class *k)
{
  JSValue f;
  int h;

  for (h = 0; h < TENON_P_HOOKS; h++) {
    f = k->base.hooks[h];
    k->base.hooks[h] = JS_UNDEFINED;
    JS_FreeValueRT(rt, f);
  }
}

static void release_class(JSRuntime *rt, tenon_p_bound_class *k)
{
  JSValue constructor = k->constructor;

  k->constructor = JS_UNDEFINED;
  tenon_p_class_release(rt, &k->base);
  JS_FreeValueRT(rt, constructor);
  release_hooks(rt, k);
  tenon_p_shown_release(rt, k);
  tenon_p_class_unref(k);
}

static void free_classes(JSRuntime *rt, classes *all, tenon_p_heap *heap)
{
  tenon_p_bound_class *k;
  size_t i;

  for (i = 0; i < all->bucket_count; i++) {
    while ((k = all->buckets[i])) {
      all->buckets[i] = k->next;
      release_class(rt, k);
    }
  }
  if (all->buckets != all->first_buckets) tenon_p_heap_free(heap, all->buckets);
  tenon_p_heap_free(heap, all);
}

static void free_realm_classes(tenon_p_realm *r, JSRuntime *rt, void *state)
{
  free_classes(rt, state, &r->engine->heap);
}

static const tenon_p_realm_type classes_type = {
    .name = "classes", .mark = mark_classes, .free = free_realm_classes};

static void host_classes_release(tenon_p_engine *e, void *state)
{
  tenon_p_list *all = state;

  while (!tenon_p_list_is_empty(all)) {
    classes *k = tenon_p_container(all->next, classes, link);
    tenon_p_list_remove(&k->link);
    free_classes(e->rt, k, &e->heap);
  }
}

static void host_classes_free(tenon_p_engine *e, void *state)
{
  tenon_p_heap_free(&e->heap, state);
}

static const tenon_p_state_type host_classes_type = {.name = "classes",
                                                     .release =
                                                         host_classes_release,
                                                     .free = host_classes_free};

static classes *classes_of(JSContext *ctx)
{
  tenon_p_list *all, *at;

  if (tenon_p_realm_of(ctx)) return tenon_p_realm_get(ctx, &classes_type);
  all = tenon_p_engine_get(tenon_p_engine_of(ctx), &host_classes_type);
  if (!all) return NULL;
  for (at = all->next; at != all; at = at->next)
    if (tenon_p_container(at, classes, link)->ctx == ctx)
      return tenon_p_container(at, classes, link);
  return NULL;
}

/* 0 or TENON_ENOMEM. */
static int attach(JSContext *ctx, classes *k)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  tenon_p_list *all;
  int r;

  if (tenon_p_realm_of(ctx))
    return tenon_p_realm_attach(tenon_p_realm_of(ctx), &classes_type, k);
  all = tenon_p_engine_get(e, &host_classes_type);
  if (!all) {
    all = tenon_p_heap_alloc(&e->heap, sizeof *all);
    if (!all) return TENON_ENOMEM;
    tenon_p_list_init(all);
    r = tenon_p_engine_attach(e, &host_classes_type, all);
    if (r) {
      tenon_p_heap_free(&e->heap, all);
      return r;
    }
  }
  k->ctx = ctx;
  tenon_p_list_append(all, &k->link);
  return 0;
}

/* NULL with an exception. */
static classes *need_classes(JSContext *ctx)
{
  tenon_p_engine *e = tenon_p_engine_of(ctx);
  classes *k = classes_of(ctx);

  if (k) return k;
  k = tenon_p_heap_alloc(&e->heap, sizeof *k);
  if (k) {
    k->buckets = k->first_buckets;
    k->bucket_count = FIRST_BUCKETS;
    if (attach(ctx, k) == 0) return k;
  }
  tenon_p_heap_free(&e->heap, k);
  JS_ThrowOutOfMemory(ctx);
  return NULL;
}

tenon_p_bound_class *tenon_p_class_find(JSContext *ctx,
                                        const tenon_class *class)
{
  classes *all = classes_of(ctx);
  tenon_p_bound_class *k = all ? *bucket(all, class) : NULL;

  while (k && k->class != class)
    k = k->next;
  return k;
}

bool tenon_p_is_of_class(const tenon_p_class *c, const tenon_class *class)
{
  while (c && ((const tenon_p_bound_class *)c)->class != class)
    c = c->base;
  return c != NULL;
}

JSValue tenon_p_class_constructor(JSContext *ctx, const tenon_p_module *m,
                                  const char *name)
{
  uint32_t i = 0;

  while (strcmp(m->classes[i].item->name, name) != 0)
    i++;
  return JS_DupValue(ctx,
                     tenon_p_class_find(ctx, m->classes[i].class)->constructor);
}

/* --- Constructors and prototypes -------------------------------------------------- */

/* One class that is being put together. */
typedef struct making {
  JSContext *ctx;
  const tenon_p_module *module;
  const tenon_p_class_table *table;
  tenon_p_bound_class *class;
  bool measures;
} making;

/* "Vec2.scale" */
static char *label_of(const making *k, const char *name)
{
  tenon_p_text t = TENON_P_TEXT_INIT;
  char *label;

  if (name[0])
    tenon_p_text_printf(&t, "%s.%s", k->table->item->name, name);
  else
    tenon_p_text_puts(&t, k->table->item->name);
  label = t.failed ? NULL : js_strdup(k->ctx, t.data);
  if (t.failed) JS_ThrowOutOfMemory(k->ctx);
  tenon_p_text_release(&t);
  return label;
}

/* The key of a member: a string, or the symbol of "@@name"; with a dot in it that
 * of Symbol.for(). */
static JSAtom key_of(JSContext *ctx, const char *name)
{
  JSAtom key;
  JSValue v;

  if (strncmp(name, "@@", 2) != 0) return JS_NewAtom(ctx, name);
  if (!strchr(name, '.')) return tenon_p_known_symbol(ctx, name + 2);
  v = JS_NewSymbol(ctx, name + 2, true);
  if (JS_IsException(v)) return JS_ATOM_NULL;
  key = JS_ValueToAtom(ctx, v);
  JS_FreeValue(ctx, v);
  return key;
}

static JSValue member_function(const making *k, const tenon_item *item,
                               tenon_p_method *method)
{
  char *label = label_of(k, item->name);
  JSValue f;

  if (!label) return JS_EXCEPTION;
  method->label = label;
  if (!method->name) method->name = item->name;
  f = tenon_p_method_new(k->ctx, k->module, method);
  js_free(k->ctx, label);
  return f;
}

/* 0, or -1 with an exception. A value that is one is consumed. */
static int define(JSContext *ctx, JSValueConst object, const char *name,
                  JSValue v, int flags)
{
  JSAtom key;
  int r;

  if (JS_IsException(v)) return -1;
  key = key_of(ctx, name);
  if (key == JS_ATOM_NULL) {
    JS_FreeValue(ctx, v);
    return -1;
  }
  r = JS_DefinePropertyValue(ctx, object, key, v, flags | JS_PROP_THROW);
  JS_FreeAtom(ctx, key);
  return r < 0 ? -1 : 0;
}

static int define_accessor(JSContext *ctx, JSValueConst object,
                           const char *name, JSValue f, bool sets)
{
  JSAtom key;
  int r;

  if (JS_IsException(f)) return -1;
  key = key_of(ctx, name);
  if (key == JS_ATOM_NULL) {
    JS_FreeValue(ctx, f);
    return -1;
  }
  r = JS_DefineProperty(ctx, object, key, JS_UNDEFINED, sets ? JS_UNDEFINED : f,
                        sets ? f : JS_UNDEFINED,
                        (sets ? JS_PROP_HAS_SET : JS_PROP_HAS_GET) |
                            JS_PROP_HAS_CONFIGURABLE | JS_PROP_CONFIGURABLE |
                            JS_PROP_HAS_ENUMERABLE | JS_PROP_THROW);
  JS_FreeAtom(ctx, key);
  JS_FreeValue(ctx, f);
  return r < 0 ? -1 : 0;
}

/* "get x", for the name of a function; freed with js_free. */
static char *accessor_name(JSContext *ctx, const char *name, bool sets)
{
  size_t size = strlen(name) + 5;
  char *text = js_malloc(ctx, size);

  if (!text) return NULL;
  memcpy(text, sets ? "set " : "get ", 4);
  memcpy(text + 4, name, size - 4);
  return text;
}

static int add_function(const making *k, const tenon_item *item)
{
  const tenon_member *x = member_of(item);
  bool of_class = x->flags & TENON_MEMBER_STATIC;
  tenon_p_method method = {.function = x->function,
                           .self_class = of_class ? NULL : &k->class->base,
                           .measures = k->measures && !of_class};
  JSValueConst object = of_class ? k->class->constructor : k->class->base.proto;
  JSValue f;
  char *name;
  bool sets = x->kind == TENON_MEMBER_SETTER;
  int r;

  if (x->kind == TENON_MEMBER_METHOD) {
    f = member_function(k, item, &method);
    return define(k->ctx, object, item->name, f,
                  JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
  }
  name = accessor_name(k->ctx, item->name, sets);
  if (!name) return -1;
  method.name = name;
  method.is_accessor = true;
  f = member_function(k, item, &method);
  r = define_accessor(k->ctx, object, item->name, f, sets);
  js_free(k->ctx, name);
  return r;
}

/* What accessors of T's own members take. */
static int add_fields(const making *k, const tenon_member *x)
{
  uint32_t i;
  int sets, r = 0;

  for (i = 0; r == 0 && i < x->field_count; i++) {
    for (sets = 0; r == 0 && sets <= !(x->flags & TENON_MEMBER_READONLY);
         sets++) {
      tenon_p_method method = {.self_class = &k->class->base,
                               .field = &x->fields[i],
                               .self = k->table->class,
                               .sets = sets};
      tenon_item item = {.name = x->fields[i].name};
      char *name = accessor_name(k->ctx, item.name, sets);
      JSValue f;
      if (!name) return -1;
      method.name = name;
      method.is_accessor = true;
      f = member_function(k, &item, &method);
      js_free(k->ctx, name);
      if (!sets && !JS_IsException(f))
        r = tenon_p_shown_add(k->ctx, k->class, item.name, f);
      if (r)
        JS_FreeValue(k->ctx, f);
      else
        r = define_accessor(k->ctx, k->class->base.proto, item.name, f, sets);
    }
  }
  return r;
}

static int add_constant(const making *k, const tenon_item *item)
{
  tenon_p_method method = {.function = member_of(item)->function};
  JSValue f = member_function(k, item, &method), v;

  if (JS_IsException(f)) return -1;
  v = JS_Call(k->ctx, f, JS_UNDEFINED, 0, NULL);
  JS_FreeValue(k->ctx, f);
  return define(k->ctx, k->class->constructor, item->name, v,
                JS_PROP_ENUMERABLE);
}

/* One function under its symbol and, where it has one, its name. */
static int add_dispose(const making *k, const tenon_item *item)
{
  static const tenon_item symbol = {.name = "@@dispose"};
  bool has_name = item->name[0];
  tenon_p_method method = {.self = k->table->class,
                           .disposes = true,
                           .hook = member_of(item)->hook,
                           .self_class = &k->class->base,
                           .name = has_name ? item->name : "[Symbol.dispose]"};
  JSValue f = member_function(k, has_name ? item : &symbol, &method);

  if (JS_IsException(f)) return -1;
  if (has_name &&
      define(k->ctx, k->class->base.proto, item->name, JS_DupValue(k->ctx, f),
             JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE)) {
    JS_FreeValue(k->ctx, f);
    return -1;
  }
  return define(k->ctx, k->class->base.proto, symbol.name, f,
                JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
}

static int add_async_dispose(const making *k, const tenon_item *item)
{
  tenon_p_method method = {.function = member_of(item)->function,
                           .self_class = &k->class->base,
                           .name = "[Symbol.asyncDispose]",
                           .ends = true};

  return define(k->ctx, k->class->base.proto, "@@asyncDispose",
                member_function(k, item, &method),
                JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
}

static int add_iterator(const making *k, const tenon_member *x)
{
  const char *name =
      x->kind == TENON_MEMBER_ITERATOR ? "@@iterator" : "@@asyncIterator";
  JSValue f = tenon_p_iterator_method(
      k->ctx, k->module, &k->class->base, k->table->item->name, x,
      own_member(k->table, TENON_MEMBER_ITERATOR_END), k->measures);

  return define(k->ctx, k->class->base.proto, name, f,
                JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
}

static int add_member(const making *k, const tenon_item *item)
{
  const tenon_member *x = member_of(item);

  switch (x->kind) {
  case TENON_MEMBER_METHOD:
  case TENON_MEMBER_GETTER:
  case TENON_MEMBER_SETTER: return add_function(k, item);
  case TENON_MEMBER_FIELDS: return add_fields(k, x);
  case TENON_MEMBER_CONSTANT: return add_constant(k, item);
  case TENON_MEMBER_DISPOSE: return add_dispose(k, item);
  case TENON_MEMBER_ASYNC_DISPOSE: return add_async_dispose(k, item);
  case TENON_MEMBER_ITERATOR:
  case TENON_MEMBER_ASYNC_ITERATOR: return add_iterator(k, x);
  default: return 0;
  }
}

static bool has_json(const tenon_p_class_table *t)
{
  uint32_t i;

  for (i = 0; i < t->count; i++)
    if (!strcmp(t->members[i]->name, "toJSON") &&
        !(member_of(t->members[i])->flags & TENON_MEMBER_STATIC))
      return true;
  return false;
}

/* Members of T are an instance's JSON form, unless that is a container, whose
 * properties are, or somebody has said another one. */
static int add_json(const making *k)
{
  const tenon_p_class_table *t;

  if (!own_member(k->table, TENON_MEMBER_FIELDS)) return 0;
  if (tenon_p_object_kind(k->table) & TENON_P_OBJECT_EXOTIC) return 0;
  for (t = k->table; t; t = t->base)
    if (has_json(t) || (t->base && own_member(t->base, TENON_MEMBER_FIELDS)))
      return 0;
  return define(k->ctx, k->class->base.proto, "toJSON",
                tenon_p_shown_json(k->ctx, k->class),
                JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
}

static JSValue new_constructor(const making *k)
{
  const tenon_member *x = own_member(k->table, TENON_MEMBER_CONSTRUCTOR);
  tenon_p_method method = {.function = x ? x->function : NULL,
                           .name = k->table->item->name,
                           .makes = &k->class->base};
  tenon_item item = {.name = ""};

  return member_function(k, &item, &method);
}

static JSValue new_proto(const making *k)
{
  const tenon_p_class *base = k->class->base.base;
  JSValue above, proto;

  if (base) return JS_NewObjectProto(k->ctx, base->proto);
  if (!(tenon_p_object_kind(k->table) & TENON_P_OBJECT_CALLABLE))
    return JS_NewObject(k->ctx);
  above = JS_GetFunctionProto(k->ctx);
  proto = JS_NewObjectProto(k->ctx, above);
  JS_FreeValue(k->ctx, above);
  return proto;
}

/* 0, or -1 with an exception. */
static int make_class(const making *k)
{
  static const char *const tag = "@@toStringTag";
  const tenon_p_bound_class *base =
      (const tenon_p_bound_class *)k->class->base.base;
  JSContext *ctx = k->ctx;
  tenon_p_bound_class *c = k->class;
  uint32_t i;

  c->base.proto = new_proto(k);
  if (JS_IsException(c->base.proto)) {
    c->base.proto = JS_UNDEFINED;
    return -1;
  }
  c->constructor = new_constructor(k);
  if (JS_IsException(c->constructor)) {
    c->constructor = JS_UNDEFINED;
    return -1;
  }
  if (base && JS_SetPrototype(ctx, c->constructor, base->constructor) < 0)
    return -1;
  if (define(ctx, c->constructor, "prototype", JS_DupValue(ctx, c->base.proto),
             0) ||
      define(ctx, c->base.proto, "constructor",
             JS_DupValue(ctx, c->constructor),
             JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE) ||
      define(ctx, c->base.proto, tag, JS_NewString(ctx, k->table->item->name),
             JS_PROP_CONFIGURABLE) ||
      tenon_p_shown_inherit(ctx, c) ||
      tenon_p_hooks_bind(ctx, k->module, k->table, c))
    return -1;
  for (i = 0; i < k->table->count; i++)
    if (add_member(k, k->table->members[i])) return -1;
  if (tenon_p_has_species(k->table) &&
      define_accessor(ctx, c->constructor, "@@species",
                      tenon_p_species_getter(ctx), false))
    return -1;
  return add_json(k);
}

static tenon_p_bound_class *new_class(JSContext *ctx, const tenon_p_module *m,
                                      const tenon_p_class_table *t)
{
  tenon_p_bound_class *k = tenon_p_calloc(sizeof *k);
  const tenon_member *x;
  int h;

  if (!k) {
    JS_ThrowOutOfMemory(ctx);
    return NULL;
  }
  k->base.refs = 1;
  k->base.ops = &tenon_p_instance_ops;
  k->base.object_kind = tenon_p_object_kind(t);
  k->base.class_id = tenon_p_instance_class(ctx, k->base.object_kind);
  k->base.proto = k->constructor = JS_UNDEFINED;
  for (h = 0; h < TENON_P_HOOKS; h++)
    k->base.hooks[h] = JS_UNDEFINED;
  if (t->base) {
    tenon_p_class *base = &tenon_p_class_find(ctx, t->base->class)->base;
    base->refs++;
    k->base.base = base;
  }
  k->all = tenon_p_instances_of(ctx);
  k->class = t->class;
  k->schedule = m->schedule;
  if (tenon_p_threads_of(m->descriptor) == TENON_THREADS_serial)
    k->serial = m->descriptor;
  x = tenon_p_class_member(t, TENON_MEMBER_RELEASE);
  if (x) k->release = x->hook;
  x = tenon_p_class_member(t, TENON_MEMBER_MEMORY);
  if (x) k->memory = x->hook;
  return k;
}

/* What fails is taken back, the classes before it stay. */
int tenon_p_classes_bind(JSContext *ctx, const tenon_p_module *m)
{
  classes *all = m->class_count ? need_classes(ctx) : NULL;
  uint32_t i;

  if (m->class_count && !all) return -1;
  for (i = 0; i < m->class_count; i++) {
    making k = {.ctx = ctx, .module = m, .table = &m->classes[i]};
    if (tenon_p_class_find(ctx, k.table->class)) continue;
    k.class = new_class(ctx, m, k.table);
    if (!k.class) return -1;
    k.measures = k.class->memory != NULL;
    /* Constants may be of the class itself. */
    add_class(all, k.class, &tenon_p_engine_of(ctx)->heap);
    if (make_class(&k)) {
      remove_class(all, k.class);
      release_class(JS_GetRuntime(ctx), k.class);
      return -1;
    }
  }
  return 0;
}
