#include "bind/species.h"

#include "bind/life.h"
#include "engine/extension.h"

static bool asks(const tenon_member *x)
{
  return x->function && (x->function->result.flags & TENON_FIELD_SPECIES);
}

bool tenon_p_is_valid_species(const tenon_member *x)
{
  const tenon_field *result = x->function ? &x->function->result : NULL;

  if (!asks(x)) return true;
  if (x->kind != TENON_MEMBER_METHOD && x->kind != TENON_MEMBER_GETTER &&
      x->kind != TENON_MEMBER_CALL)
    return false;
  if ((x->flags & TENON_MEMBER_STATIC) || x->function->flags) return false;
  if (result->flags & TENON_FIELD_BORROWED) return false;
  /* By value a pointer is `this` or an argument, which are no new instances. */
  return result->type->of == x->of && (result->type->kind == TENON_KIND_COPY ||
                                       x->of->storage != TENON_STORAGE_VALUE);
}

bool tenon_p_has_species(const tenon_p_class_table *t)
{
  uint32_t i;

  for (i = 0; i < t->count; i++)
    if (asks(t->members[i]->data)) return true;
  return false;
}

static JSValue get_species(JSContext *ctx, JSValueConst this_value, int argc,
                           JSValueConst *argv)
{
  (void)argc;
  (void)argv;
  return JS_DupValue(ctx, this_value);
}

JSValue tenon_p_species_getter(JSContext *ctx)
{
  return JS_NewCFunction(ctx, get_species, "get [Symbol.species]", 0);
}

static JSValue get_symbol_species(JSContext *ctx, JSValueConst v)
{
  JSAtom key = tenon_p_known_symbol(ctx, "species");
  JSValue r = JS_GetProperty(ctx, v, key);

  JS_FreeAtom(ctx, key);
  return r;
}

/* SpeciesConstructor of ECMA-262, 7.3.22; undefined: the class itself. */
static JSValue species_of(JSContext *ctx, const tenon_p_place *place,
                          const tenon_p_bound_class *k, JSValueConst object)
{
  JSValue made_by = JS_GetPropertyStr(ctx, object, "constructor"), s;
  int extends;

  if (JS_IsException(made_by) || JS_IsUndefined(made_by)) return made_by;
  if (!JS_IsObject(made_by)) goto refuse;
  s = get_symbol_species(ctx, made_by);
  JS_FreeValue(ctx, made_by);
  made_by = s;
  if (JS_IsException(s)) return s;
  if (JS_IsUndefined(s) || JS_IsNull(s)) return JS_UNDEFINED;
  extends = tenon_p_constructor_extends(ctx, s, &k->base);
  if (extends == 0 || !JS_IsConstructor(ctx, s)) goto refuse;
  /* A native class cannot be given the T of another one. */
  if (extends > 0 && !tenon_p_native_of(ctx, s)) return s;
  JS_FreeValue(ctx, s);
  return JS_UNDEFINED;
refuse:
  JS_FreeValue(ctx, made_by);
  tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR, TENON_P_MESSAGE_NO_SPECIES,
                   k->class->name);
  return JS_EXCEPTION;
}

static JSValue construct(JSContext *ctx, const tenon_p_place *place,
                         tenon_p_bound_class *k, JSValueConst species,
                         tenon_p_instance *i)
{
  bool is_taken, is_given;
  JSValue v;

  /* The realm that has it may end meanwhile. */
  k->base.refs++;
  v = tenon_p_instance_construct(ctx, &k->base, species, i, &is_taken,
                                 &is_given);
  if (!is_taken) tenon_p_instance_discard(tenon_p_life_of(i));
  if (!JS_IsException(v) && !is_given) {
    JS_FreeValue(ctx, v);
    tenon_p_throw_at(ctx, place, TENON_TYPE_ERROR, TENON_P_MESSAGE_NOT_SUPER,
                     k->class->name);
    v = JS_EXCEPTION;
  }
  tenon_p_class_unref(k);
  return v;
}

JSValue tenon_p_species_new(JSContext *ctx, const tenon_p_call *c,
                            const tenon_p_place *place, tenon_p_bound_class *k,
                            tenon_p_instance *i)
{
  const tenon_p_instance *self = c->self;
  JSValue species = JS_UNDEFINED, v;

  if (self && self->object)
    species = species_of(ctx, place, k, JS_MKPTR(JS_TAG_OBJECT, self->object));
  if (JS_IsException(species)) {
    tenon_p_instance_discard(tenon_p_life_of(i));
    return species;
  }
  if (JS_IsUndefined(species))
    return tenon_p_instance_new_object(ctx, tenon_p_life_of(i), k->base.proto);
  v = construct(ctx, place, k, species, i);
  JS_FreeValue(ctx, species);
  return v;
}
