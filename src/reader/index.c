/* Finds what the units define: functions and variables by name and by address,
 * records for those that only declare them, enums. */
#include <stdlib.h>
#include <string.h>

#include "reader/internal.h"

typedef struct walk {
  tenon_p_index *index;
  tenon_p_object *object;
  tenon_p_types *types;
  tenon_p_unit *unit;
  bool has_types, has_external, has_prototype;
  tenon_p_map scopes;
} walk;

static bool function_address(Dwarf_Die *die, GElf_Addr *out)
{
  Dwarf_Addr base, end;

  return !dwarf_lowpc(die, out) || !dwarf_entrypc(die, out) ||
         dwarf_ranges(die, 0, &base, out, &end) > 0;
}

/* Link-time optimization puts the code of a unit into another one. */
static tenon_p_unit *unit_of(walk *w, Dwarf_Die *die)
{
  Dwarf_Attribute a;
  Dwarf_Die origin;

  return dwarf_attr(die, DW_AT_abstract_origin, &a) &&
                 dwarf_formref_die(&a, &origin)
             ? tenon_p_unit_of(w->types, &origin)
             : w->unit;
}

static void add_entry(walk *w, Dwarf_Die *die)
{
  bool is_function = dwarf_tag(die) == DW_TAG_subprogram;
  tenon_p_index *x = w->index;
  tenon_p_entry *e;
  uint32_t *at;

  x->entries = tenon_p_grow(x->entries, x->count, sizeof *x->entries);
  e = &x->entries[x->count++];
  e->die = *die;
  e->unit = unit_of(w, die);
  e->name = tenon_p_die_text(die, DW_AT_linkage_name);
  if (!e->name) e->name = tenon_p_die_text(die, DW_AT_MIPS_linkage_name);
  if (!e->name) e->name = tenon_p_die_text(die, DW_AT_name);
  e->is_external = tenon_p_die_flag(die, DW_AT_external);
  e->is_declaration = tenon_p_die_has(die, DW_AT_declaration);
  if (is_function) {
    if (e->is_external) w->has_external = true;
    if (tenon_p_die_flag(die, DW_AT_prototyped)) w->has_prototype = true;
    e->has_address = function_address(die, &e->address);
    e->address += w->object->bias;
  } else if (!tenon_p_die_has(die, DW_AT_location)) {
    e->is_declaration = true;
  }
  if (e->name && e->is_external) {
    at = tenon_p_map_at(&x->by_name, e->name,
                        strnlen(e->name, TENON_P_MAX_NAME));
    e->same_name = *at;
    *at = (uint32_t)x->count;
  }
  if (e->has_address) {
    at = tenon_p_map_at(&x->by_address, &e->address, sizeof e->address);
    e->same_address = *at;
    *at = (uint32_t)x->count;
  }
}

static void add_enum(walk *w, Dwarf_Die *die)
{
  tenon_p_index *x = w->index;
  const char *file;

  if (tenon_p_die_has(die, DW_AT_declaration) ||
      w->unit->language == TENON_P_RUST)
    return;
  file = tenon_p_die_file(die, w->unit);
  if (!file || tenon_p_is_system_file(file)) return;
  x->enums = tenon_p_grow(x->enums, x->enum_count, sizeof *x->enums);
  x->enums[x->enum_count++] = *die;
}

/* A number for a namespace in another, by their names. */
static uint32_t enter(walk *w, Dwarf_Die *die, uint32_t outer)
{
  tenon_p_text key = TENON_P_TEXT_INIT;
  uint32_t *at;

  tenon_p_text_printf(&key, "%u", outer);
  tenon_p_put_name(&key, tenon_p_die_text(die, DW_AT_name));
  tenon_p_check_text(&key);
  at = tenon_p_map_at(&w->scopes, key.data, key.len);
  tenon_p_text_release(&key);
  if (!*at) *at = (uint32_t)w->scopes.count;
  return *at;
}

static void add_record(walk *w, Dwarf_Die *die, uint32_t scope)
{
  w->has_types = true;
  if (w->unit->language != TENON_P_C && w->unit->language != TENON_P_CXX)
    return;
  tenon_p_types_place(w->types, die, scope);
  tenon_p_types_define(w->types, die);
}

static void walk_scope(walk *w, Dwarf_Die *scope, uint32_t number, int depth)
{
  Dwarf_Die die;

  if (depth > TENON_P_MAX_DEPTH || !tenon_p_die_first(scope, &die)) return;
  do {
    switch (dwarf_tag(&die)) {
    case DW_TAG_namespace:
    case DW_TAG_module:
      walk_scope(w, &die, enter(w, &die, number), depth + 1);
      break;
    case DW_TAG_subprogram:
    case DW_TAG_variable: add_entry(w, &die); break;
    case DW_TAG_enumeration_type:
      add_enum(w, &die);
      /* fall through */
    case DW_TAG_structure_type:
    case DW_TAG_class_type:
    case DW_TAG_union_type: add_record(w, &die, number); break;
    case DW_TAG_base_type:
    case DW_TAG_pointer_type:
    case DW_TAG_typedef:
    case DW_TAG_subroutine_type:
    case DW_TAG_array_type:
    case DW_TAG_const_type:
    case DW_TAG_volatile_type: w->has_types = true; break;
    }
  } while (tenon_p_die_next(&die));
}

static bool says(const char *producer, const char *option)
{
  const char *at = producer ? strstr(producer, option) : NULL;

  return at && (at[strlen(option)] == ' ' || !at[strlen(option)]);
}

/* Without types every function looks like one without parameters. */
static bool lacks_types(const walk *w)
{
  const char *producer = w->unit->producer;

  if (w->has_types || w->has_prototype) return false;
  /* gcc says how it was called. */
  if (producer && !strncmp(producer, "GNU ", 4) && strstr(producer, " -g"))
    return says(producer, " -g1") || says(producer, " -ggdb1");
  return w->unit->language != TENON_P_CXX || !w->has_external;
}

static bool is_split(Dwarf_Die *unit, int kind)
{
  return kind == DW_UT_skeleton || kind == DW_UT_split_compile ||
         tenon_p_die_has(unit, DW_AT_GNU_dwo_name) ||
         tenon_p_die_has(unit, DW_AT_dwo_name);
}

static int compare(const void *a, const void *b)
{
  GElf_Addr x = *(const GElf_Addr *)a, y = *(const GElf_Addr *)b;

  return x < y ? -1 : x > y;
}

static GElf_Addr *sorted_addresses(const tenon_p_object *o)
{
  GElf_Addr *all = tenon_p_need((o->symbol_count + 1) * sizeof *all);
  size_t i;

  for (i = 0; i < o->symbol_count; i++)
    all[i] = o->symbols[i].address;
  qsort(all, o->symbol_count, sizeof *all, compare);
  return all;
}

/* Some symbol is in its code: most units of a Rust library are of others. */
static bool has_symbol(Dwarf_Die *unit, const tenon_p_object *o,
                       const GElf_Addr *addresses)
{
  Dwarf_Addr base, start, end;
  ptrdiff_t at = 0;
  size_t low, high;

  while ((at = dwarf_ranges(unit, at, &base, &start, &end)) > 0) {
    start += o->bias;
    end += o->bias;
    for (low = 0, high = o->symbol_count; low < high;) {
      size_t middle = (low + high) / 2;

      if (addresses[middle] < start)
        low = middle + 1;
      else
        high = middle;
    }
    if (low < o->symbol_count && addresses[low] < end) return true;
  }
  return false;
}

/* A type unit shares a table of files with a compile unit, which alone says in
 * which folder it was. */
static void find_folders(tenon_p_object *o, tenon_p_types *t)
{
  const char *any = NULL;
  tenon_p_map units = {0};
  Dwarf_CU *cu = NULL;
  uint64_t lines;
  Dwarf_Die die;
  size_t i;

  while (!dwarf_get_units(o->dwarf, cu, &cu, NULL, NULL, &die, NULL)) {
    const char *dir;

    if (!die.cu) continue;
    dir = tenon_p_unit_of(t, &die)->dir;
    if (!any) any = dir;
    if (dir && tenon_p_die_number(&die, DW_AT_stmt_list, &lines))
      *tenon_p_map_at(&units, &lines, sizeof lines) = (uint32_t)t->unit_count;
  }
  for (i = 0; i < t->unit_count; i++) {
    tenon_p_unit *u = t->units[i];
    uint32_t at = 0;

    if (u->dir) continue;
    if (tenon_p_die_number(&u->die, DW_AT_stmt_list, &lines))
      at = tenon_p_map_get(&units, &lines, sizeof lines);
    u->dir = at ? t->units[at - 1]->dir : any;
  }
}

void tenon_p_index_units(tenon_p_index *x, tenon_p_object *o, tenon_p_types *t)
{
  GElf_Addr *addresses = sorted_addresses(o);
  walk w = {.index = x, .object = o, .types = t};
  Dwarf_CU *cu = NULL;
  Dwarf_Die die;
  uint8_t kind;
  int status;

  find_folders(o, t);
  while (
      !(status = dwarf_get_units(o->dwarf, cu, &cu, NULL, &kind, &die, NULL))) {
    /* A unit that is damaged may have no entry. */
    if (!die.cu) continue;
    w.unit = tenon_p_unit_of(t, &die);
    w.has_types = w.has_external = w.has_prototype = false;
    if (is_split(&die, kind)) {
      x->why_missing = TENON_P_IS_SPLIT;
      continue;
    }
    if (w.unit->language == TENON_P_RUST && !o->is_relocatable &&
        !has_symbol(&die, o, addresses))
      continue;
    if (w.unit->language == TENON_P_OTHER)
      w.unit->reason = "it is in a language whose types are not known";
    walk_scope(&w, &die, 0, 0);
    if (kind == DW_UT_compile && !w.unit->reason && lacks_types(&w))
      w.unit->reason = x->why_missing =
          w.unit->language == TENON_P_RUST
              ? "its debug information has no types: compile with "
                "-C debuginfo=2"
              : "its debug information has no types: compile with -g instead "
                "of -g1";
  }
  if (status < 0)
    tenon_p_fail("its debug information is damaged: %s", dwarf_errmsg(-1));
}

static bool is_named(const tenon_p_entry *e, const char *name)
{
  return e->name && !strcmp(e->name, name);
}

/* A linker that folds functions of the same code leaves both entries, one of
 * which is nowhere: a name decides before an address does. */
tenon_p_entry *tenon_p_index_find(tenon_p_index *x, const tenon_p_symbol *s)
{
  bool is_function = GELF_ST_TYPE(s->raw.st_info) == STT_FUNC;
  bool is_variable = GELF_ST_TYPE(s->raw.st_info) == STT_OBJECT;
  tenon_p_entry *alias = NULL, *named = NULL, *e;
  uint32_t at;

  at = is_function
           ? tenon_p_map_get(&x->by_address, &s->address, sizeof s->address)
           : 0;
  for (; at; at = e->same_address) {
    e = &x->entries[at - 1];
    if (is_named(e, s->name)) return e;
    if (!alias || (e->is_external && !alias->is_external)) alias = e;
  }
  at =
      tenon_p_map_get(&x->by_name, s->name, strnlen(s->name, TENON_P_MAX_NAME));
  for (; at; at = e->same_name) {
    e = &x->entries[at - 1];
    if ((dwarf_tag(&e->die) == DW_TAG_variable) != is_variable) continue;
    if (!named || !e->is_declaration) named = e;
  }
  if (named || !alias) return named;
  /* Rust has no aliases: its compiler has found two functions to be the same,
   * and forgotten what the parameters of one are. */
  return alias->unit->language == TENON_P_RUST ? NULL : alias;
}
