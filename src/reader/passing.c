/*
 * What cannot be passed by value as C does it: C++ passes an object with a copy
 * constructor or a destructor of its own by its address, and Rust has types whose
 * layout no struct of C has.
 */
#include <string.h>

#include "reader/internal.h"

static const char *reason_at(tenon_p_types *t, Dwarf_Die *die, int depth);

static bool is_same_name(Dwarf_Die *a, Dwarf_Die *b)
{
  const char *x = tenon_p_die_text(a, DW_AT_name);
  const char *y = tenon_p_die_text(b, DW_AT_name);

  return x && y && !strcmp(x, y);
}

/* A reference to the record, const or not. In a type unit it may be one to a
 * mere declaration: its name tells. */
static bool is_reference_to(Dwarf_Die *param, Dwarf_Die *record)
{
  Dwarf_Die type;
  int tag, i;

  if (!tenon_p_die_ref(param, DW_AT_type, &type)) return false;
  tag = dwarf_tag(&type);
  if (tag != DW_TAG_reference_type && tag != DW_TAG_rvalue_reference_type)
    return false;
  for (i = 0; i < 8; i++) {
    if (!tenon_p_die_ref(&type, DW_AT_type, &type)) return false;
    tag = dwarf_tag(&type);
    if (tag != DW_TAG_const_type && tag != DW_TAG_volatile_type &&
        tag != DW_TAG_typedef)
      break;
  }
  return type.addr == record->addr || is_same_name(&type, record);
}

/* The second parameter: the first is the object itself. */
static bool takes_itself(Dwarf_Die *method, Dwarf_Die *record)
{
  Dwarf_Die child;
  int count = 0;

  if (!tenon_p_die_first(method, &child)) return false;
  do {
    if (dwarf_tag(&child) == DW_TAG_formal_parameter && ++count == 2)
      return is_reference_to(&child, record);
  } while (tenon_p_die_next(&child));
  return false;
}

/* `Name` of `Name<int>` too. */
static bool is_constructor(const char *name, const char *record)
{
  size_t len = strlen(name);

  return record && !strncmp(name, record, len) &&
         (!record[len] || record[len] == '<');
}

static const char *method_reason(Dwarf_Die *method, Dwarf_Die *record)
{
  const char *name = tenon_p_die_text(method, DW_AT_name);
  bool is_default =
      tenon_p_die_number_or(method, DW_AT_defaulted, DW_DEFAULTED_no) ==
      DW_DEFAULTED_in_class;

  if (!name || is_default || tenon_p_die_flag(method, DW_AT_artificial))
    return NULL;
  if (*name == '~') return "it has a destructor";
  if (is_constructor(name, tenon_p_die_text(record, DW_AT_name)) &&
      takes_itself(method, record))
    return "it has a copy or move constructor";
  return NULL;
}

/* Of the type of a member, or of a base class, if that is a record. */
static const char *part_reason(tenon_p_types *t, Dwarf_Die *part, int depth)
{
  Dwarf_Die type;
  int i;

  if (!tenon_p_die_ref(part, DW_AT_type, &type)) return NULL;
  for (i = 0; i < 16; i++) {
    switch (dwarf_tag(&type)) {
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type: return reason_at(t, &type, depth + 1);
    case DW_TAG_typedef:
    case DW_TAG_const_type:
    case DW_TAG_volatile_type:
    case DW_TAG_array_type:
      if (tenon_p_die_ref(&type, DW_AT_type, &type)) break;
      return NULL;
    default: return NULL;
    }
  }
  return NULL;
}

static const char *cxx_reason(tenon_p_types *t, Dwarf_Die *die, int depth)
{
  uint64_t convention = tenon_p_die_number_or(die, DW_AT_calling_convention, 0);
  bool is_empty = true;
  const char *reason = NULL;
  Dwarf_Die child;

  if (!tenon_p_die_first(die, &child)) return "it is an empty class";
  do {
    if (!tenon_p_die_number_or(&child, DW_AT_virtuality, 0)) continue;
    return dwarf_tag(&child) == DW_TAG_inheritance
               ? "it has a virtual base class"
               : "it has virtual functions";
  } while (tenon_p_die_next(&child));
  tenon_p_die_first(die, &child);
  do {
    switch (dwarf_tag(&child)) {
    case DW_TAG_inheritance:
      is_empty = false;
      if (convention != DW_CC_pass_by_value)
        reason = part_reason(t, &child, depth);
      break;
    case DW_TAG_member:
      if (tenon_p_die_flag(&child, DW_AT_external) ||
          tenon_p_die_has(&child, DW_AT_declaration))
        break;
      is_empty = false;
      if (convention != DW_CC_pass_by_value)
        reason = part_reason(t, &child, depth);
      break;
    case DW_TAG_subprogram:
      if (convention != DW_CC_pass_by_value)
        reason = method_reason(&child, die);
      break;
    }
    if (reason) return reason;
  } while (tenon_p_die_next(&child));
  if (convention == DW_CC_pass_by_reference)
    return "it is passed by its address";
  return is_empty ? "it is an empty class" : NULL;
}

static bool has_child(Dwarf_Die *die, int tag, Dwarf_Die *out)
{
  if (!tenon_p_die_first(die, out)) return false;
  do
    if (dwarf_tag(out) == tag) return true;
  while (tenon_p_die_next(out));
  return false;
}

static const char *rust_reason(Dwarf_Die *die)
{
  const char *name = tenon_p_die_text(die, DW_AT_name);
  Dwarf_Die child;

  if (has_child(die, DW_TAG_variant_part, &child))
    return "it is a Rust enum with values";
  if (name &&
      (*name == '&' || *name == '*' ||
       !strncmp(name, "alloc::boxed::Box<", 18) || !strncmp(name, "Box<", 4)))
    return "it is a Rust pointer with a length or a table";
  return NULL;
}

static const char *reason_at(tenon_p_types *t, Dwarf_Die *die, int depth)
{
  const char *reason;
  uint32_t at;
  Dwarf_Die real;

  if (depth > TENON_P_MAX_DEPTH) return "it is nested too deeply";
  if (tenon_p_die_has(die, DW_AT_signature) &&
      tenon_p_die_ref(die, DW_AT_signature, &real) && real.addr != die->addr)
    return reason_at(t, &real, depth + 1);
  if (tenon_p_die_has(die, DW_AT_declaration)) return "it is only declared";
  at = tenon_p_map_get(&t->reasons, &die->addr, sizeof die->addr);
  if (at) return t->said[at - 1];
  /* So that one that is damaged, and holds itself, comes to an end. */
  t->said = tenon_p_grow(t->said, t->said_count, sizeof *t->said);
  t->said[t->said_count++] = NULL;
  at = (uint32_t)t->said_count;
  *tenon_p_map_at(&t->reasons, &die->addr, sizeof die->addr) = at;
  switch (tenon_p_unit_of(t, die)->language) {
  case TENON_P_CXX: reason = cxx_reason(t, die, depth); break;
  case TENON_P_RUST: reason = rust_reason(die); break;
  default: reason = NULL;
  }
  t->said[at - 1] = reason;
  return reason;
}

const char *tenon_p_record_reason(tenon_p_types *t, Dwarf_Die *die)
{
  return reason_at(t, die, 0);
}

/* The only member of a variant, when it is a pointer at the start. */
static bool pointer_of(Dwarf_Die *variant, Dwarf_Die *out)
{
  Dwarf_Die member, type, field;

  if (!has_child(variant, DW_TAG_member, &member) ||
      !tenon_p_die_ref(&member, DW_AT_type, &type) ||
      dwarf_tag(&type) != DW_TAG_structure_type ||
      !has_child(&type, DW_TAG_member, &field) ||
      tenon_p_die_number_or(&field, DW_AT_data_member_location, 0) ||
      !tenon_p_die_ref(&field, DW_AT_type, out))
    return false;
  return dwarf_tag(out) == DW_TAG_pointer_type;
}

bool tenon_p_rust_option(Dwarf_Die *die, Dwarf_Die *payload)
{
  const char *name = tenon_p_die_text(die, DW_AT_name);
  Dwarf_Die part, variant;

  if (!name || strncmp(name, "Option<", 7) ||
      tenon_p_die_number_or(die, DW_AT_byte_size, 0) != sizeof(void *) ||
      !has_child(die, DW_TAG_variant_part, &part) ||
      !tenon_p_die_first(&part, &variant))
    return false;
  do
    if (dwarf_tag(&variant) == DW_TAG_variant && pointer_of(&variant, payload))
      return true;
  while (tenon_p_die_next(&variant));
  return false;
}
