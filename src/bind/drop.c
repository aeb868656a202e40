/* What a result hands over, where there is nobody to take it. */
#include "bind/drop.h"

#include <tenon/descriptor.h>

#include "bind/any.h"
#include "bind/class.h"
#include "bind/life.h"
#include "bind/stream.h"
#include "bind/table.h"

/* Who drops: a realm, or a call of this module that has none any more. */
typedef struct dropper {
  JSContext *ctx; /* NULL: none */
  const tenon_module *module;
} dropper;

static void drop_owned(const dropper *d, const tenon_class *class, void *p)
{
  tenon_p_bound_class *k = d->ctx ? tenon_p_class_find(d->ctx, class) : NULL;

  if (!p || class->storage == TENON_STORAGE_VALUE) return;
  /* It stays that of the instance that has it. */
  if (class->storage == TENON_STORAGE_POINTER &&
      ((k && tenon_p_instance_find(k->all, p, &k->base, NULL)) ||
       tenon_p_instance_is_detached(p, NULL)))
    return;
  tenon_p_call_finalizer(d->ctx ? tenon_p_engine_of(d->ctx) : NULL, class->free,
                         p);
}

typedef struct left_copy {
  void (*release)(void *self, void *out);
  void *self;
} left_copy;

static void release_copy(void *p)
{
  const left_copy *c = p;

  c->release(c->self, NULL);
}

/* The member of this kind as the tables have it, whose shape was checked. */
static const tenon_member *find_member(const tenon_module *m,
                                       const tenon_class *class, uint32_t kind)
{
  const tenon_item *const *item;

  for (item = m->items_begin; item != m->items_end; item++) {
    const tenon_member *x = (*item)->data;
    if ((*item)->kind == TENON_ITEM_MEMBER && x->of == class && x->kind == kind)
      return x;
  }
  return NULL;
}

static void drop_copy(const dropper *d, const tenon_class *class,
                      const void *src)
{
  tenon_p_bound_class *k = d->ctx ? tenon_p_class_find(d->ctx, class) : NULL;
  const tenon_member *x = NULL, *extends;
  left_copy c = {.self = (void *)src};

  if (k) tenon_p_instance_end_copy(k, src);
  if (d->ctx) return;
  while (class && !(x = find_member(d->module, class, TENON_MEMBER_RELEASE))) {
    extends = find_member(d->module, class, TENON_MEMBER_EXTENDS);
    class = extends ? extends->base : NULL;
  }
  if (!x) return;
  c.release = x->hook;
  tenon_p_call_finalizer(NULL, release_copy, &c);
}

static bool hands_over(const tenon_type *type)
{
  return tenon_p_type_holds(type, TENON_KIND_CLASS) ||
         tenon_p_type_holds(type, TENON_KIND_COPY) ||
         tenon_p_type_holds(type, TENON_KIND_STREAM);
}

static void drop(const dropper *d, const tenon_field *field, const void *src);

static void drop_elements(const dropper *d, const tenon_field *element,
                          const tenon_bytes *a, size_t from)
{
  size_t size = tenon_p_field_size(element);

  if (!a->data || !hands_over(element->type)) return;
  for (; from < a->len; from++)
    drop(d, element, a->data + from * size);
}

static void drop_fields(const dropper *d, const tenon_field *fields,
                        uint32_t count, const void *src, uint32_t from)
{
  for (; from < count; from++)
    drop(d, &fields[from], (const char *)src + fields[from].offset);
}

static void drop(const dropper *d, const tenon_field *field, const void *src)
{
  const tenon_type *type = field->type;
  uint32_t i;

  if (!hands_over(type)) return;
  if (tenon_p_field_is_pointer(field)) {
    src = *(const void *const *)src;
    if (!src) return;
  }
  switch (type->kind) {
  case TENON_KIND_CLASS:
    if (!(field->flags & TENON_FIELD_BORROWED))
      drop_owned(d, type->of, *(void *const *)src);
    return;
  case TENON_KIND_COPY: drop_copy(d, type->of, src); return;
  case TENON_KIND_STREAM:
    tenon_p_drop_stream(*(tenon_stream *const *)src);
    return;
  case TENON_KIND_TUPLE:
  case TENON_KIND_STRUCT:
    drop_fields(d, type->fields, type->field_count, src, 0);
    return;
  case TENON_KIND_ARRAY:
  case TENON_KIND_RECORD: drop_elements(d, &type->fields[0], src, 0); return;
  case TENON_KIND_EITHER:
    i = *(const uint32_t *)src;
    if (i < type->field_count)
      drop(d, &type->fields[i], (const char *)src + type->fields[i].offset);
    return;
  default: return;
  }
}

void tenon_p_drop(JSContext *ctx, const tenon_field *field, const void *src)
{
  const dropper d = {.ctx = ctx};

  drop(&d, field, src);
}

void tenon_p_drop_left(const tenon_module *m, const tenon_field *field,
                       const void *src)
{
  const dropper d = {.module = m};

  drop(&d, field, src);
}

void tenon_p_drop_elements(JSContext *ctx, const tenon_field *element,
                           const tenon_bytes *a, size_t from)
{
  const dropper d = {.ctx = ctx};

  drop_elements(&d, element, a, from);
}

void tenon_p_drop_fields(JSContext *ctx, const tenon_field *fields,
                         uint32_t count, const void *src, uint32_t from)
{
  const dropper d = {.ctx = ctx};

  drop_fields(&d, fields, count, src, from);
}

void tenon_p_drop_members(JSContext *ctx, const tenon_type *type,
                          const void *src, uint32_t from)
{
  tenon_p_drop_fields(ctx, type->fields, type->field_count, src, from);
}
