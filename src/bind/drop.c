/* What a result hands over, where there is nobody to take it. */
#include "bind/drop.h"

#include <tenon/descriptor.h>

#include "bind/any.h"
#include "bind/class.h"
#include "bind/life.h"
#include "bind/table.h"

static void drop_owned(JSContext *ctx, const tenon_class *class, void *p)
{
  tenon_p_bound_class *k = tenon_p_class_find(ctx, class);

  if (!p || class->storage == TENON_STORAGE_VALUE) return;
  /* It stays that of the instance that has it. */
  if (class->storage == TENON_STORAGE_POINTER && k &&
      tenon_p_instance_find(k->all, p, &k->base, NULL))
    return;
  tenon_p_call_finalizer(tenon_p_engine_of(ctx), class->free, p);
}

static void drop_copy(JSContext *ctx, const tenon_class *class, const void *src)
{
  tenon_p_bound_class *k = tenon_p_class_find(ctx, class);

  if (k) tenon_p_instance_end_copy(k, src);
}

static bool hands_over(const tenon_type *type)
{
  return tenon_p_type_holds(type, TENON_KIND_CLASS) ||
         tenon_p_type_holds(type, TENON_KIND_COPY);
}

void tenon_p_drop_elements(JSContext *ctx, const tenon_field *element,
                           const tenon_bytes *a, size_t from)
{
  size_t size = tenon_p_field_size(element);

  if (!a->data || !hands_over(element->type)) return;
  for (; from < a->len; from++)
    tenon_p_drop(ctx, element, a->data + from * size);
}

void tenon_p_drop_fields(JSContext *ctx, const tenon_field *fields,
                         uint32_t count, const void *src, uint32_t from)
{
  for (; from < count; from++)
    tenon_p_drop(ctx, &fields[from], (const char *)src + fields[from].offset);
}

void tenon_p_drop_members(JSContext *ctx, const tenon_type *type,
                          const void *src, uint32_t from)
{
  tenon_p_drop_fields(ctx, type->fields, type->field_count, src, from);
}

void tenon_p_drop(JSContext *ctx, const tenon_field *field, const void *src)
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
      drop_owned(ctx, type->of, *(void *const *)src);
    return;
  case TENON_KIND_COPY: drop_copy(ctx, type->of, src); return;
  case TENON_KIND_TUPLE:
  case TENON_KIND_STRUCT: tenon_p_drop_members(ctx, type, src, 0); return;
  case TENON_KIND_ARRAY:
  case TENON_KIND_RECORD:
    tenon_p_drop_elements(ctx, &type->fields[0], src, 0);
    return;
  case TENON_KIND_EITHER:
    i = *(const uint32_t *)src;
    if (i < type->field_count)
      tenon_p_drop(ctx, &type->fields[i],
                   (const char *)src + type->fields[i].offset);
    return;
  default: return;
  }
}
