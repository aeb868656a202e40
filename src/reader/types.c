/*
 * Types, each printed once. What is built upon another type (pointers, typedefs,
 * functions...) is told by its own line; records and enums by their name, place,
 * size and members, so that those of the same header are one type in all units.
 */
#include <stdio.h>
#include <string.h>

#include "reader/internal.h"

/* Of a type that is being looked at. */
#define IN_PROGRESS UINT32_MAX

static uint32_t type_at(tenon_p_types *t, Dwarf_Die *die, int depth);

static tenon_p_language language_of(Dwarf_Die *unit)
{
  switch (tenon_p_die_number_or(unit, DW_AT_language, 0)) {
  case DW_LANG_C89:
  case DW_LANG_C:
  case DW_LANG_C99:
  case DW_LANG_C11:
  case 0x2c: /* C17 */
  case 0x3e: /* C23 */ return TENON_P_C;
  case DW_LANG_C_plus_plus:
  case 0x19: /* C++03 */
  case DW_LANG_C_plus_plus_11:
  case DW_LANG_C_plus_plus_14:
  case 0x2a: /* C++17 */
  case 0x2b: /* C++20 */
  case 0x3a: /* C++23 */ return TENON_P_CXX;
  case DW_LANG_Rust: return TENON_P_RUST;
  default: return TENON_P_OTHER;
  }
}

static const char *cut(const char *text, const char *end)
{
  char *copy = tenon_p_need((size_t)(end - text) + 1);

  memcpy(copy, text, (size_t)(end - text));
  return copy;
}

tenon_p_unit *tenon_p_unit_of(tenon_p_types *t, Dwarf_Die *die)
{
  tenon_p_unit *u;
  Dwarf_Die unit;
  uint32_t *at;

  if (!dwarf_diecu(die, &unit, NULL, NULL))
    tenon_p_fail("its debug information is damaged");
  at = tenon_p_map_at(&t->unit_of, &unit.addr, sizeof unit.addr);
  if (*at) return t->units[*at - 1];
  t->units = tenon_p_grow(t->units, t->unit_count, sizeof *t->units);
  u = t->units[t->unit_count++] = tenon_p_need(sizeof *u);
  *at = (uint32_t)t->unit_count;
  u->die = unit;
  u->language = language_of(&unit);
  u->file = tenon_p_die_text(&unit, DW_AT_name);
  /* A file of Rust is many units, whose names go on behind it. */
  if (u->language == TENON_P_RUST && u->file && strstr(u->file, "/@/"))
    u->file = cut(u->file, strstr(u->file, "/@/"));
  u->dir = tenon_p_die_text(&unit, DW_AT_comp_dir);
  u->producer = tenon_p_die_text(&unit, DW_AT_producer);
  return u;
}

/* *at is the number of a key, or 0 for a new one, which gets it. */
static uint32_t number(tenon_p_types *t, const char *key, size_t len,
                       bool *is_new)
{
  uint32_t *at = tenon_p_map_at(&t->by_key, key, len);

  *is_new = !*at;
  if (!*at) {
    t->holds = tenon_p_grow(t->holds, t->count, sizeof *t->holds);
    memset(&t->holds[t->count], 0, sizeof *t->holds);
    *at = ++t->count;
  }
  return *at;
}

/* A new one or the same again: `line` is what follows "type ID ". One of the type
 * `of` is in it; 0: none is. */
static uint32_t add_line(tenon_p_types *t, const char *line, uint32_t of)
{
  bool is_new;
  uint32_t id = number(t, line, strlen(line), &is_new);

  if (is_new) {
    t->holds[id - 1].of = of;
    tenon_p_text_printf(&t->text, "type %u ", id);
    tenon_p_text_puts(&t->text, line);
    tenon_p_text_puts(&t->text, "\n");
    tenon_p_check_text(&t->text);
  }
  return id;
}

static uint32_t take_line(tenon_p_types *t, tenon_p_text *line, uint32_t of)
{
  uint32_t id;

  tenon_p_check_text(line);
  id = add_line(t, line->data, of);
  tenon_p_text_release(line);
  return id;
}

uint32_t tenon_p_type_unknown(tenon_p_types *t, const char *reason)
{
  tenon_p_text line = TENON_P_TEXT_INIT;

  tenon_p_text_puts(&line, "unknown");
  tenon_p_put_name(&line, reason);
  return take_line(t, &line, 0);
}

/* What is at an address is not in it. */
static uint32_t plain(tenon_p_types *t, const char *word, uint32_t to)
{
  uint32_t of = !strcmp(word, "pointer") || !strcmp(word, "reference") ? 0 : to;
  char line[64];

  snprintf(line, sizeof line, "%s %u", word, to);
  return add_line(t, line, of);
}

static uint32_t target(tenon_p_types *t, Dwarf_Die *die, int depth)
{
  Dwarf_Attribute a;
  Dwarf_Die to;

  if (!dwarf_attr_integrate(die, DW_AT_type, &a)) return 0;
  if (!dwarf_formref_die(&a, &to))
    return tenon_p_type_unknown(t, "its debug information is damaged");
  return type_at(t, &to, depth + 1);
}

static uint32_t base_type(tenon_p_types *t, Dwarf_Die *die)
{
  tenon_p_text line = TENON_P_TEXT_INIT;
  const char *name = tenon_p_die_text(die, DW_AT_name), *kind = NULL,
             *sign = "";
  uint64_t size = tenon_p_die_number_or(die, DW_AT_byte_size, 0);

  if (name && tenon_p_unit_of(t, die)->language == TENON_P_RUST &&
      (!strcmp(name, "()") || !strcmp(name, "!")))
    return 0;
  if (name && strstr(name, "_BitInt"))
    return tenon_p_type_unknown(t, "_BitInt");
  switch (tenon_p_die_number_or(die, DW_AT_encoding, 0)) {
  case DW_ATE_boolean: kind = "bool"; break;
  case DW_ATE_signed:
  case DW_ATE_signed_char:
    kind = "int";
    sign = " s";
    break;
  case DW_ATE_unsigned:
  case DW_ATE_unsigned_char:
    kind = "int";
    sign = " u";
    break;
  case DW_ATE_UTF: kind = "utf"; break;
  case DW_ATE_float: kind = "float"; break;
  case DW_ATE_complex_float: kind = "complex"; break;
  case DW_ATE_decimal_float:
    return tenon_p_type_unknown(t, "decimal floating point");
  }
  if (!kind || !size || size > 64)
    return tenon_p_type_unknown(t, name ? name : "an unknown encoding");
  tenon_p_text_puts(&line, kind);
  tenon_p_put_name(&line, name);
  tenon_p_text_printf(&line, " %u%s", (unsigned)size, sign);
  return take_line(t, &line, 0);
}

/* Rust says in the name of a pointer what it is. An Option of a reference is a
 * pointer, since that may be NULL. */
static uint32_t rust_pointer(tenon_p_types *t, const char *name, uint32_t to,
                             bool is_option)
{
  bool is_reference = *name == '&';
  bool is_const = is_reference ? strncmp(name, "&mut ", 5) != 0
                               : !strncmp(name, "*const ", 7);

  if (is_const) to = plain(t, "const", to);
  return plain(t, is_reference && !is_option ? "reference" : "pointer", to);
}

static uint32_t pointer(tenon_p_types *t, Dwarf_Die *die, bool is_option,
                        int depth)
{
  const char *name = tenon_p_die_text(die, DW_AT_name);
  uint32_t to = target(t, die, depth);

  if (tenon_p_die_number_or(die, DW_AT_byte_size, sizeof(void *)) !=
      sizeof(void *))
    return tenon_p_type_unknown(t, "a pointer of another size");
  if (tenon_p_die_number_or(die, DW_AT_address_class, 0))
    return tenon_p_type_unknown(t, "a pointer into another address space");
  if (name && tenon_p_unit_of(t, die)->language == TENON_P_RUST)
    return rust_pointer(t, name, to, is_option);
  return plain(t, "pointer", to);
}

static uint32_t alias(tenon_p_types *t, Dwarf_Die *die, int depth)
{
  tenon_p_text line = TENON_P_TEXT_INIT;
  uint32_t to = target(t, die, depth);

  tenon_p_text_puts(&line, "typedef");
  tenon_p_put_name(&line, tenon_p_die_text(die, DW_AT_name));
  tenon_p_text_printf(&line, " %u", to);
  return take_line(t, &line, to);
}

/* -1: unknown. */
static int64_t length(Dwarf_Die *range)
{
  bool is_negative;
  uint64_t n;

  if (tenon_p_die_constant(range, DW_AT_count, &n, &is_negative))
    return is_negative || n > INT64_MAX ? -1 : (int64_t)n;
  if (!tenon_p_die_constant(range, DW_AT_upper_bound, &n, &is_negative))
    return -1;
  if (n == UINT64_MAX) return 0;
  return is_negative || n >= INT64_MAX ? -1 : (int64_t)n + 1;
}

static uint32_t array(tenon_p_types *t, Dwarf_Die *die, int depth)
{
  const char *word =
      tenon_p_die_flag(die, DW_AT_GNU_vector) ? "vector" : "array";
  uint32_t of = target(t, die, depth);
  int64_t lengths[16];
  int count = 0;
  Dwarf_Die child;
  char line[64];

  if (tenon_p_die_first(die, &child)) do {
      if (dwarf_tag(&child) != DW_TAG_subrange_type) continue;
      if (count == (int)tenon_p_countof(lengths))
        return tenon_p_type_unknown(t, "an array of too many dimensions");
      lengths[count++] = length(&child);
    } while (tenon_p_die_next(&child));
  if (!count) return tenon_p_type_unknown(t, "an array without dimensions");
  while (count--) {
    if (lengths[count] < 0)
      snprintf(line, sizeof line, "%s %u ?", word, of);
    else
      snprintf(line, sizeof line, "%s %u %lld", word, of,
               (long long)lengths[count]);
    of = add_line(t, line, of);
  }
  return of;
}

static uint32_t function(tenon_p_types *t, Dwarf_Die *die, int depth)
{
  uint64_t convention =
      tenon_p_die_number_or(die, DW_AT_calling_convention, DW_CC_normal);
  bool is_prototyped = tenon_p_die_flag(die, DW_AT_prototyped);
  tenon_p_text params = TENON_P_TEXT_INIT, line = TENON_P_TEXT_INIT;
  uint32_t result = target(t, die, depth);
  bool is_variadic = false;
  Dwarf_Die child;

  if (convention != DW_CC_normal)
    return tenon_p_type_unknown(t, "another calling convention");
  if (tenon_p_unit_of(t, die)->language != TENON_P_C) is_prototyped = true;
  if (tenon_p_die_first(die, &child)) do {
      if (dwarf_tag(&child) == DW_TAG_unspecified_parameters)
        is_variadic = true;
      if (dwarf_tag(&child) != DW_TAG_formal_parameter) continue;
      tenon_p_text_puts(&params, "\n  param");
      tenon_p_put_name(&params, tenon_p_die_text(&child, DW_AT_name));
      tenon_p_text_printf(&params, " %u", target(t, &child, depth));
      tenon_p_check_text(&params);
    } while (tenon_p_die_next(&child));
  /* gcc says of an unprototyped one that it is variadic. */
  if (!is_prototyped && !params.len) is_variadic = false;
  tenon_p_text_printf(&line, "function %u %s%s%s", result,
                      is_variadic ? "v" : "", is_prototyped ? "" : "u",
                      is_variadic || !is_prototyped ? "" : "-");
  tenon_p_text_append(&line, params.data ? params.data : "", params.len);
  tenon_p_text_release(&params);
  return take_line(t, &line, 0);
}

void tenon_p_types_place(tenon_p_types *t, Dwarf_Die *die, uint32_t scope)
{
  Dwarf_Die declared;
  uint32_t place = scope + 1;

  /* A definition outside of the namespace that declares it. */
  if (tenon_p_die_has(die, DW_AT_specification) &&
      tenon_p_die_ref(die, DW_AT_specification, &declared))
    place = tenon_p_type_place(t, &declared);
  if (place) *tenon_p_map_at(&t->places, &die->addr, sizeof die->addr) = place;
}

uint32_t tenon_p_type_place(tenon_p_types *t, Dwarf_Die *die)
{
  return tenon_p_map_get(&t->places, &die->addr, sizeof die->addr);
}

static bool definition_key(tenon_p_types *t, Dwarf_Die *die, tenon_p_text *key)
{
  const char *name = tenon_p_die_text(die, DW_AT_name);
  uint32_t place = tenon_p_type_place(t, die);
  int tag = dwarf_tag(die);

  if (!name || !place) return false;
  if (tag == DW_TAG_class_type) tag = DW_TAG_structure_type;
  tenon_p_text_printf(key, "%d %u", tag, place);
  tenon_p_put_name(key, name);
  tenon_p_check_text(key);
  return true;
}

void tenon_p_types_define(tenon_p_types *t, Dwarf_Die *die)
{
  tenon_p_text key = TENON_P_TEXT_INIT, whole = TENON_P_TEXT_INIT;
  uint32_t *at, what;

  if (tenon_p_die_has(die, DW_AT_declaration) ||
      tenon_p_die_has(die, DW_AT_signature) || !definition_key(t, die, &key))
    return;
  /* A number of what it is, not of a type: that has none before it is used. */
  tenon_p_record_key(t, die, &whole);
  tenon_p_check_text(&whole);
  at = tenon_p_map_at(&t->definitions, whole.data, whole.len);
  if (!*at) *at = (uint32_t)t->definitions.count;
  what = *at;
  at = tenon_p_map_at(&t->definitions, key.data, key.len);
  if (!*at) {
    t->known = tenon_p_grow(t->known, t->known_count, sizeof *t->known);
    t->known[t->known_count] = (struct tenon_p_definition){*die, what, false};
    *at = (uint32_t)++t->known_count;
  } else if (t->known[*at - 1].key != what) {
    t->known[*at - 1].is_ambiguous = true;
  }
  tenon_p_text_release(&whole);
  tenon_p_text_release(&key);
}

/* The one definition of a record that is only declared here. */
static bool find_definition(tenon_p_types *t, Dwarf_Die *die, Dwarf_Die *out)
{
  tenon_p_text key = TENON_P_TEXT_INIT;
  uint32_t at;

  if (!definition_key(t, die, &key)) return false;
  at = tenon_p_map_get(&t->definitions, key.data, key.len);
  tenon_p_text_release(&key);
  if (!at || t->known[at - 1].is_ambiguous) return false;
  *out = t->known[at - 1].die;
  return true;
}

static uint32_t named(tenon_p_types *t, Dwarf_Die *die)
{
  tenon_p_text key = TENON_P_TEXT_INIT;
  Dwarf_Die whole = *die;
  bool is_new;
  uint32_t id;

  if (tenon_p_die_has(die, DW_AT_declaration) &&
      !find_definition(t, die, &whole))
    whole = *die;
  tenon_p_record_key(t, &whole, &key);
  tenon_p_check_text(&key);
  id = number(t, key.data, key.len, &is_new);
  tenon_p_text_release(&key);
  if (is_new) {
    t->pending = tenon_p_grow(t->pending, t->pending_count, sizeof *t->pending);
    t->pending[t->pending_count++] = (tenon_p_named){.id = id, .die = whole};
    t->holds[id - 1].named = (uint32_t)t->pending_count;
  }
  return id;
}

/* What a va_list is made of. */
static bool is_argument_list(Dwarf_Die *die)
{
  const char *name = tenon_p_die_text(die, DW_AT_name);

  return name && (!strcmp(name, "__va_list_tag") || !strcmp(name, "__va_list"));
}

/* std::ffi::c_void is an enum that nobody can make. */
static bool is_rust_void(tenon_p_types *t, Dwarf_Die *die)
{
  const char *name = tenon_p_die_text(die, DW_AT_name);

  return name && !strcmp(name, "c_void") &&
         tenon_p_unit_of(t, die)->language == TENON_P_RUST;
}

static uint32_t make(tenon_p_types *t, Dwarf_Die *die, int depth)
{
  Dwarf_Die other;

  switch (dwarf_tag(die)) {
  case DW_TAG_base_type: return base_type(t, die);
  case DW_TAG_pointer_type: return pointer(t, die, false, depth);
  case DW_TAG_reference_type:
  case DW_TAG_rvalue_reference_type:
    return plain(t, "reference", target(t, die, depth));
  case DW_TAG_typedef: return alias(t, die, depth);
  case DW_TAG_const_type: return plain(t, "const", target(t, die, depth));
  case DW_TAG_volatile_type: return plain(t, "volatile", target(t, die, depth));
  case DW_TAG_restrict_type: return plain(t, "restrict", target(t, die, depth));
  case DW_TAG_atomic_type: return plain(t, "atomic", target(t, die, depth));
  case DW_TAG_array_type: return array(t, die, depth);
  case DW_TAG_subroutine_type: return function(t, die, depth);
  case DW_TAG_structure_type:
  case DW_TAG_class_type:
  case DW_TAG_union_type:
    if (is_argument_list(die)) return tenon_p_type_unknown(t, "va_list");
    if (tenon_p_unit_of(t, die)->language == TENON_P_RUST &&
        tenon_p_rust_option(die, &other))
      return pointer(t, &other, true, depth);
    return named(t, die);
  case DW_TAG_enumeration_type: return is_rust_void(t, die) ? 0 : named(t, die);
  case DW_TAG_ptr_to_member_type:
    return tenon_p_type_unknown(t, "a pointer to a member");
  case DW_TAG_unspecified_type:
    return tenon_p_type_unknown(t, tenon_p_die_has(die, DW_AT_name)
                                       ? tenon_p_die_text(die, DW_AT_name)
                                       : "an unspecified type");
  default: return tenon_p_type_unknown(t, "a type that C does not have");
  }
}

static uint32_t type_at(tenon_p_types *t, Dwarf_Die *die, int depth)
{
  uint32_t *at, id;
  Dwarf_Die real;

  if (depth > TENON_P_MAX_DEPTH)
    return tenon_p_type_unknown(t, "a type that is nested too deeply");
  if (tenon_p_die_has(die, DW_AT_signature)) {
    if (!tenon_p_die_ref(die, DW_AT_signature, &real))
      return tenon_p_type_unknown(t, "its debug information is elsewhere");
    if (real.addr != die->addr) return type_at(t, &real, depth + 1);
  }
  at = tenon_p_map_at(&t->by_die, &die->addr, sizeof die->addr);
  if (*at == IN_PROGRESS)
    return tenon_p_type_unknown(t, "a type that is made of itself");
  if (*at) return *at - 1;
  *at = IN_PROGRESS;
  id = make(t, die, depth);
  /* The map may have grown. */
  *tenon_p_map_at(&t->by_die, &die->addr, sizeof die->addr) = id + 1;
  return id;
}

uint32_t tenon_p_type(tenon_p_types *t, Dwarf_Die *die)
{
  return type_at(t, die, 0);
}

uint32_t tenon_p_type_of(tenon_p_types *t, Dwarf_Die *die)
{
  return target(t, die, 0);
}

/* Only what is damaged holds itself, or is so deep; who lays it out would not come
 * to an end. */
static bool is_endless(tenon_p_types *t, uint32_t id, int depth)
{
  tenon_p_named *n;
  bool is_bad = depth > TENON_P_MAX_DEPTH;
  size_t i;

  while (id && t->holds[id - 1].of)
    id = t->holds[id - 1].of;
  if (!id || !t->holds[id - 1].named) return false;
  n = &t->pending[t->holds[id - 1].named - 1];
  if (n->state == TENON_P_UNKNOWN) {
    n->state = TENON_P_ENDLESS;
    for (i = 0; i < n->part_count && !is_bad; i++)
      is_bad = is_endless(t, t->parts[n->first_part + i], depth + 1);
    if (!is_bad) n->state = TENON_P_FINITE;
  }
  return n->state == TENON_P_ENDLESS;
}

void tenon_p_types_finish(tenon_p_types *t)
{
  tenon_p_named *n;
  size_t i;

  /* Each may ask for more. */
  for (i = 0; i < t->pending_count; i++)
    if (dwarf_tag(&t->pending[i].die) != DW_TAG_enumeration_type)
      tenon_p_read_members(t, i);
  for (i = 0; i < t->pending_count; i++) {
    n = &t->pending[i];
    if (dwarf_tag(&n->die) == DW_TAG_enumeration_type)
      tenon_p_print_enum(t, n->id, &n->die);
    else
      tenon_p_print_record(t, n, is_endless(t, n->id, 0));
    tenon_p_check_text(&t->text);
  }
}
