/*
 * gcc does not say of a function that it is called in Microsoft's way
 * (ms_abi), where clang does. But it says where parameters are when the function
 * begins, and there the two ways differ; not for those of floating point alone,
 * when they are kept in registers.
 */
#include <string.h>

#include "reader/internal.h"

#ifdef __x86_64__

/* Registers as DWARF numbers them. */
static const unsigned system_v[] = {5, 4, 1, 2, 8, 9};
static const unsigned microsoft[] = {2, 1, 8, 9};

typedef enum kind { OTHER_KIND, INTEGER_KIND, FLOAT_KIND } kind;

static kind kind_of(Dwarf_Die *param)
{
  Dwarf_Die type;
  uint64_t encoding;
  int i;

  if (!tenon_p_die_ref(param, DW_AT_type, &type)) return OTHER_KIND;
  for (i = 0; i < 16; i++) {
    switch (dwarf_tag(&type)) {
    case DW_TAG_pointer_type:
    case DW_TAG_reference_type:
    case DW_TAG_enumeration_type: return INTEGER_KIND;
    case DW_TAG_base_type:
      if (tenon_p_die_number_or(&type, DW_AT_byte_size, 0) > 8)
        return OTHER_KIND;
      encoding = tenon_p_die_number_or(&type, DW_AT_encoding, 0);
      return encoding == DW_ATE_complex_float ? OTHER_KIND
             : encoding == DW_ATE_float       ? FLOAT_KIND
                                              : INTEGER_KIND;
    case DW_TAG_typedef:
    case DW_TAG_const_type:
    case DW_TAG_volatile_type:
    case DW_TAG_restrict_type:
      if (tenon_p_die_ref(&type, DW_AT_type, &type)) break;
      return OTHER_KIND;
    default: return OTHER_KIND;
    }
  }
  return OTHER_KIND;
}

static int count_params(Dwarf_Die *die)
{
  Dwarf_Die child;
  int count = 0;

  if (tenon_p_die_first(die, &child)) do
      if (dwarf_tag(&child) == DW_TAG_formal_parameter) count++;
    while (tenon_p_die_next(&child));
  return count;
}

/* Where it is at an address is told, and is simple. */
static bool find_place(Dwarf_Die *param, Dwarf_Addr address, Dwarf_Op *out)
{
  Dwarf_Attribute a;
  Dwarf_Op *ops;
  size_t count;

  if (!dwarf_attr(param, DW_AT_location, &a) ||
      dwarf_getlocation_addr(&a, address, &ops, &count, 1) != 1 || count != 1)
    return false;
  *out = ops[0];
  return true;
}

bool tenon_p_is_microsoft(Dwarf_Die *die, const tenon_p_unit *unit)
{
  unsigned position = 0, integers = 0, reg;
  Dwarf_Attribute a;
  Dwarf_Die origin, child;
  Dwarf_Addr address;
  Dwarf_Op op;
  kind k;

  if (!unit->producer || strncmp(unit->producer, "GNU C", 5) ||
      dwarf_lowpc(die, &address) || !tenon_p_die_first(die, &child))
    return false;
  /* A copy may leave out those that are not used. */
  if (dwarf_attr(die, DW_AT_abstract_origin, &a) &&
      (!dwarf_formref_die(&a, &origin) ||
       count_params(&origin) != count_params(die)))
    return false;
  do {
    if (dwarf_tag(&child) != DW_TAG_formal_parameter) continue;
    if (position == tenon_p_countof(microsoft)) break;
    k = kind_of(&child);
    if (k == OTHER_KIND) break;
    if (find_place(&child, address, &op)) {
      /* Above the return address, where its first four have their room. */
      if (op.atom == DW_OP_fbreg && (Dwarf_Sword)op.number >= 0) return true;
      reg = op.atom >= DW_OP_reg0 && op.atom <= DW_OP_reg31
                ? (unsigned)(op.atom - DW_OP_reg0)
                : 99;
      /* A result in memory takes one register more. */
      if (k == INTEGER_KIND && reg == microsoft[position] &&
          reg != system_v[integers] && reg != system_v[integers + 1])
        return true;
    }
    if (k == INTEGER_KIND) integers++;
    position++;
  } while (tenon_p_die_next(&child));
  return false;
}

#else

bool tenon_p_is_microsoft(Dwarf_Die *die, const tenon_p_unit *unit)
{
  (void)die;
  (void)unit;
  return false;
}

#endif
