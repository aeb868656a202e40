#include "bind/names.h"

/* The entry of a type; `count` when there is none. */
static uint32_t find(const tenon_p_names *names, const tenon_type *type)
{
  uint32_t i = 0;

  while (i < names->count && names->types[i].type != type)
    i++;
  return i;
}

const JSAtom *tenon_p_names_of(const tenon_p_names *names,
                               const tenon_type *type)
{
  return names->types[find(names, type)].record.atoms;
}

tenon_p_record *tenon_p_record_of(const tenon_p_names *names,
                                  const tenon_type *type)
{
  return &names->types[find(names, type)].record;
}

static int add_atoms(JSContext *ctx, tenon_p_names *names,
                     const tenon_type *type)
{
  tenon_p_named *types =
      js_realloc(ctx, names->types, (names->count + 1) * sizeof *names->types);
  tenon_p_named *added;
  uint32_t i;

  if (!types) return -1;
  names->types = types;
  added = &types[names->count];
  if (tenon_p_record_init(ctx, &added->record, type->field_count)) return -1;
  added->type = type;
  names->count++;
  for (i = 0; i < type->field_count; i++) {
    JSAtom atom = JS_NewAtom(ctx, type->fields[i].name);
    if (atom == JS_ATOM_NULL) return -1;
    added->record.atoms[i] = atom;
  }
  return 0;
}

static int add(JSContext *ctx, tenon_p_names *names, const tenon_type *type)
{
  uint32_t i;

  if (!type->fields || find(names, type) < names->count) return 0;
  switch (type->kind) {
  case TENON_KIND_RECORD: /* of pairs, whose members have no names */
    return add(ctx, names, type->fields[0].type->fields[1].type);
  case TENON_KIND_ENUM:
  case TENON_KIND_FLAGS: return add_atoms(ctx, names, type);
  case TENON_KIND_STRUCT:
    if (add_atoms(ctx, names, type)) return -1;
    break;
  default: break;
  }
  for (i = 0; i < type->field_count; i++)
    if (add(ctx, names, type->fields[i].type)) return -1;
  return 0;
}

int tenon_p_names_init(JSContext *ctx, tenon_p_names *names,
                       const tenon_function *f)
{
  uint32_t i;

  *names = (tenon_p_names){0};
  if (add(ctx, names, f->result.type)) goto fail;
  for (i = 0; i < f->param_count; i++)
    if (add(ctx, names, f->params[i].type)) goto fail;
  return 0;
fail:
  tenon_p_names_release(JS_GetRuntime(ctx), names);
  return -1;
}

void tenon_p_names_release(JSRuntime *rt, tenon_p_names *names)
{
  uint32_t i;

  for (i = 0; i < names->count; i++)
    tenon_p_record_release(rt, &names->types[i].record);
  js_free_rt(rt, names->types);
  *names = (tenon_p_names){0};
}

void tenon_p_names_mark(JSRuntime *rt, const tenon_p_names *names,
                        JS_MarkFunc *mark)
{
  uint32_t i;

  for (i = 0; i < names->count; i++)
    tenon_p_record_mark(rt, &names->types[i].record, mark);
}
