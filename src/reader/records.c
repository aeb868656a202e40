/* Structs, unions, classes and enums. */
#include <stdlib.h>

#include "reader/internal.h"

enum { ONLY_DECLARED = -1 };

static int64_t size_of(Dwarf_Die *die)
{
  uint64_t n;

  if (tenon_p_die_has(die, DW_AT_declaration)) return ONLY_DECLARED;
  return tenon_p_die_number(die, DW_AT_byte_size, &n) && n <= INT64_MAX
             ? (int64_t)n
             : 0;
}

static const char *word_of(Dwarf_Die *die)
{
  switch (dwarf_tag(die)) {
  case DW_TAG_union_type: return "union";
  case DW_TAG_class_type: return "class";
  default: return "struct";
  }
}

static bool is_member(Dwarf_Die *die)
{
  int tag = dwarf_tag(die);

  if (tag != DW_TAG_member && tag != DW_TAG_inheritance) return false;
  /* Static ones are variables. */
  return tag == DW_TAG_inheritance ||
         (!tenon_p_die_flag(die, DW_AT_external) &&
          !tenon_p_die_has(die, DW_AT_declaration));
}

/* Through what has no name of its own, to a name and a size. */
static void describe(Dwarf_Die *member, tenon_p_text *out)
{
  Dwarf_Die die = *member, next;
  int i;

  for (i = 0; i < 8 && tenon_p_die_ref(&die, DW_AT_type, &next); i++) {
    die = next;
    tenon_p_text_printf(out, " %d", dwarf_tag(&die));
    if (tenon_p_die_has(&die, DW_AT_name)) break;
  }
  tenon_p_put_name(out, tenon_p_die_text(&die, DW_AT_name));
  tenon_p_text_printf(
      out, " %llu",
      (unsigned long long)tenon_p_die_number_or(&die, DW_AT_byte_size, 0));
}

/* From the start of a record, in bytes; false: where it is is computed. */
static bool offset_of(Dwarf_Die *member, uint64_t *out)
{
  Dwarf_Attribute a;
  Dwarf_Word n;
  Dwarf_Op *ops;
  size_t count;

  *out = 0;
  if (!dwarf_attr_integrate(member, DW_AT_data_member_location, &a))
    return true;
  if (!dwarf_formudata(&a, &n)) {
    *out = n;
    return n <= INT64_MAX / 8;
  }
  if (dwarf_getlocation(&a, &ops, &count) || count != 1 ||
      ops[0].atom != DW_OP_plus_uconst || ops[0].number > INT64_MAX / 8)
    return false;
  *out = ops[0].number;
  return true;
}

static uint64_t storage_of(Dwarf_Die *member)
{
  Dwarf_Die die = *member, next;
  uint64_t size;
  int i;

  for (i = 0; i < 16; i++) {
    if (tenon_p_die_number(&die, DW_AT_byte_size, &size)) return size;
    if (!tenon_p_die_ref(&die, DW_AT_type, &next)) break;
    die = next;
  }
  return 0;
}

/* In bits from the start of the record, the lowest of a byte first. */
static uint64_t bit_offset_of(Dwarf_Die *member, uint64_t offset, uint64_t bits)
{
  uint64_t n;

  if (tenon_p_die_number(member, DW_AT_data_bit_offset, &n)) return n;
  if (tenon_p_die_number(member, DW_AT_bit_offset, &n))
    /* DWARF 2 counts from the highest bit of the storage. */
    return offset * 8 + storage_of(member) * 8 - n - bits;
  return offset * 8;
}

void tenon_p_record_key(tenon_p_types *t, Dwarf_Die *die, tenon_p_text *key)
{
  bool is_enum = dwarf_tag(die) == DW_TAG_enumeration_type, is_negative;
  uint64_t offset, value;
  Dwarf_Die child;

  /* No line begins so. */
  tenon_p_text_printf(key, "\n%s", is_enum ? "enum" : word_of(die));
  tenon_p_put_name(key, tenon_p_die_text(die, DW_AT_name));
  tenon_p_text_printf(key, " %lld", (long long)size_of(die));
  tenon_p_text_printf(key, " %u", tenon_p_type_place(t, die));
  if (size_of(die) == ONLY_DECLARED) {
    /* A namespace holds one of a name; elsewhere there may be more. */
    if (!tenon_p_type_place(t, die) || !tenon_p_die_has(die, DW_AT_name))
      tenon_p_text_printf(key, " %p", die->addr);
    return;
  }
  tenon_p_put_place(key, die, tenon_p_unit_of(t, die));
  if (tenon_p_die_first(die, &child)) do {
      if (is_enum && dwarf_tag(&child) == DW_TAG_enumerator) {
        tenon_p_put_name(key, tenon_p_die_text(&child, DW_AT_name));
        if (tenon_p_die_constant(&child, DW_AT_const_value, &value,
                                 &is_negative))
          tenon_p_text_printf(key, " %llu", (unsigned long long)value);
      } else if (!is_enum && is_member(&child)) {
        tenon_p_put_name(key, tenon_p_die_text(&child, DW_AT_name));
        offset_of(&child, &offset);
        tenon_p_text_printf(
            key, " %llu %llu", (unsigned long long)offset,
            (unsigned long long)tenon_p_die_number_or(
                &child, DW_AT_data_bit_offset,
                tenon_p_die_number_or(&child, DW_AT_bit_offset, 0)));
        describe(&child, key);
      }
      tenon_p_check_text(key);
    } while (tenon_p_die_next(&child));
}

typedef struct member {
  const char *name;
  uint32_t type;
  size_t at;       /* in the source */
  uint64_t offset; /* of bits, when there are */
  uint64_t bits;
} member;

/* Rust puts them where they fit. */
static int compare(const void *a, const void *b)
{
  const member *x = a, *y = b;

  if (x->offset != y->offset) return x->offset < y->offset ? -1 : 1;
  return x->at < y->at ? -1 : x->at > y->at;
}

/* `align` becomes that of a member which demands more. */
static void print_members(tenon_p_types *t, Dwarf_Die *die, tenon_p_text *out,
                          uint64_t *align)
{
  bool is_rust = tenon_p_unit_of(t, die)->language == TENON_P_RUST;
  member *all = NULL;
  size_t count = 0, i;
  uint64_t offset, bits;
  const char *name;
  Dwarf_Die child;
  uint32_t type;

  if (!tenon_p_die_first(die, &child)) return;
  do {
    if (!is_member(&child) || !offset_of(&child, &offset)) continue;
    type = tenon_p_type_of(t, &child);
    name = dwarf_tag(&child) == DW_TAG_member
               ? tenon_p_die_text(&child, DW_AT_name)
               : NULL;
    bits = tenon_p_die_number_or(&child, DW_AT_bit_size, 0);
    if (tenon_p_die_number_or(&child, DW_AT_alignment, 0) > *align)
      *align = tenon_p_die_number_or(&child, DW_AT_alignment, 0);
    all = tenon_p_grow(all, count, sizeof *all);
    if (bits) offset = bit_offset_of(&child, offset, bits);
    all[count++] = (member){name, type, count, offset, bits};
  } while (tenon_p_die_next(&child));
  for (i = 0; i < count; i++) {
    t->parts = tenon_p_grow(t->parts, t->part_count, sizeof *t->parts);
    t->parts[t->part_count++] = all[i].type;
  }
  if (is_rust && count) qsort(all, count, sizeof *all, compare);
  for (i = 0; i < count; i++) {
    tenon_p_text_puts(out, all[i].bits ? "  bits" : "  member");
    tenon_p_put_name(out, all[i].name);
    tenon_p_text_printf(out, " %u %llu", all[i].type,
                        (unsigned long long)all[i].offset);
    if (all[i].bits)
      tenon_p_text_printf(out, " %llu", (unsigned long long)all[i].bits);
    tenon_p_text_puts(out, "\n");
    tenon_p_check_text(out);
  }
}

/* What only C++ can make and copy is no concern of others; a standard class has a
 * hundred types. */
static bool is_closed(tenon_p_types *t, Dwarf_Die *die)
{
  return size_of(die) == ONLY_DECLARED ||
         (tenon_p_record_reason(t, die) &&
          tenon_p_unit_of(t, die)->language == TENON_P_CXX);
}

void tenon_p_read_members(tenon_p_types *t, size_t at)
{
  tenon_p_named n = t->pending[at];

  n.align = tenon_p_die_number_or(&n.die, DW_AT_alignment, 0);
  n.first_part = t->part_count;
  if (!is_closed(t, &n.die)) print_members(t, &n.die, &n.members, &n.align);
  n.part_count = t->part_count - n.first_part;
  /* Its members may have added to the list. */
  t->pending[at] = n;
}

void tenon_p_print_record(tenon_p_types *t, tenon_p_named *n, bool is_endless)
{
  Dwarf_Die *die = &n->die;

  tenon_p_text_printf(&t->text, "type %u record %s", n->id, word_of(die));
  tenon_p_put_name(&t->text, tenon_p_die_text(die, DW_AT_name));
  tenon_p_text_printf(&t->text, " %lld %llu", (long long)size_of(die),
                      (unsigned long long)n->align);
  tenon_p_put_place(&t->text, die, tenon_p_unit_of(t, die));
  tenon_p_put_name(&t->text, is_endless ? "it is damaged: it contains itself"
                                        : tenon_p_record_reason(t, die));
  tenon_p_text_puts(&t->text, "\n");
  if (!is_endless && n->members.len)
    tenon_p_text_append(&t->text, n->members.data, n->members.len);
  tenon_p_text_release(&n->members);
}

bool tenon_p_enum_is_signed(Dwarf_Die *die)
{
  Dwarf_Die type = *die, next, child;
  bool is_negative;
  uint64_t n;
  int i;

  for (i = 0; i < 16 && tenon_p_die_ref(&type, DW_AT_type, &next); i++)
    type = next;
  if (tenon_p_die_number(&type, DW_AT_encoding, &n))
    return n == DW_ATE_signed || n == DW_ATE_signed_char;
  if (tenon_p_die_first(die, &child)) do {
      if (dwarf_tag(&child) == DW_TAG_enumerator &&
          tenon_p_die_constant(&child, DW_AT_const_value, &n, &is_negative) &&
          is_negative)
        return true;
    } while (tenon_p_die_next(&child));
  return false;
}

void tenon_p_print_enum(tenon_p_types *t, uint32_t id, Dwarf_Die *die)
{
  bool is_signed = tenon_p_enum_is_signed(die), is_negative;
  Dwarf_Die child;
  uint64_t n;

  tenon_p_text_printf(&t->text, "type %u enum", id);
  tenon_p_put_name(&t->text, tenon_p_die_text(die, DW_AT_name));
  tenon_p_text_printf(&t->text, " %lld %c", (long long)size_of(die),
                      is_signed ? 's' : 'u');
  tenon_p_put_place(&t->text, die, tenon_p_unit_of(t, die));
  tenon_p_text_puts(&t->text, "\n");
  if (!tenon_p_die_first(die, &child)) return;
  do {
    if (dwarf_tag(&child) != DW_TAG_enumerator ||
        !tenon_p_die_constant(&child, DW_AT_const_value, &n, &is_negative))
      continue;
    tenon_p_text_puts(&t->text, "  value");
    tenon_p_put_name(&t->text, tenon_p_die_text(&child, DW_AT_name));
    if (is_signed)
      tenon_p_text_printf(&t->text, " %lld\n", (long long)n);
    else
      tenon_p_text_printf(&t->text, " %llu\n", (unsigned long long)n);
    tenon_p_check_text(&t->text);
  } while (tenon_p_die_next(&child));
}
