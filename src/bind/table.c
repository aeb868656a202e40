#include "bind/table.h"

#define MOST_PARAMETERS 24

static bool is_known_type(const tenon_field *f, bool is_result)
{
  static const uint8_t sizes[] = {
      [TENON_KIND_NONE] = 0,
      [TENON_KIND_BOOL] = sizeof(bool),
      [TENON_KIND_I8] = 1,
      [TENON_KIND_U8] = 1,
      [TENON_KIND_I16] = 2,
      [TENON_KIND_U16] = 2,
      [TENON_KIND_I32] = 4,
      [TENON_KIND_U32] = 4,
      [TENON_KIND_I64] = 8,
      [TENON_KIND_U64] = 8,
      [TENON_KIND_F32] = 4,
      [TENON_KIND_F64] = 8,
      [TENON_KIND_STR] = sizeof(tenon_str),
      [TENON_KIND_BYTES] = sizeof(tenon_bytes),
      [TENON_KIND_BIG_I64] = 8,
      [TENON_KIND_BIG_U64] = 8,
      [TENON_KIND_CSTR] = sizeof(char *),
  };

  if (!f->type || f->type->kind >= tenon_p_countof(sizes)) return false;
  if (f->type->size != sizes[f->type->kind]) return false;
  if (f->type->kind == TENON_KIND_NONE && (!is_result || f->flags))
    return false;
  if (f->flags &
      ~(uint32_t)(TENON_FIELD_OPT | TENON_FIELD_DEFAULT | TENON_FIELD_NULLABLE))
    return false;
  if ((f->flags & TENON_FIELD_OPT) && (f->flags & TENON_FIELD_NULLABLE))
    return false;
  return !(is_result && (f->flags & TENON_FIELD_DEFAULT));
}

static size_t field_alignment(const tenon_field *f)
{
  size_t size = tenon_p_field_size(f);

  return size > sizeof(void *) ? sizeof(void *) : size;
}

static bool is_inside(const tenon_function *f, const tenon_field *p)
{
  return p->offset >= sizeof(tenon_args) && p->offset <= f->args_size &&
         tenon_p_field_size(p) <= f->args_size - p->offset &&
         p->offset % field_alignment(p) == 0;
}

static bool overlap(const tenon_field *a, const tenon_field *b)
{
  return a->offset < b->offset + tenon_p_field_size(b) &&
         b->offset < a->offset + tenon_p_field_size(a);
}

bool tenon_p_is_valid_function(const tenon_function *f)
{
  uint32_t i, k;

  if (!f || f->size < sizeof *f || !f->name || !f->name[0] || !f->thunk)
    return false;
  if (f->flags && f->flags != TENON_FUNCTION_BLOCKING &&
      f->flags != TENON_FUNCTION_ASYNC)
    return false;
  if (f->param_count > MOST_PARAMETERS || f->args_size < sizeof(tenon_args))
    return false;
  if (f->param_count && !f->params) return false;
  if (!is_known_type(&f->result, true)) return false;
  for (i = 0; i < f->param_count; i++) {
    const tenon_field *p = &f->params[i];
    if (!p->name || !is_known_type(p, false) || !is_inside(f, p)) return false;
    for (k = 0; k < i; k++)
      if (overlap(&f->params[k], p)) return false;
  }
  return true;
}
