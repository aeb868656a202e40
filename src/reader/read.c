/*
 * Puts the table together:
 *
 *     tenon-table 1
 *     unit, module, type, function, variable, note: see docs/ARCHITECTURE.md
 *     end
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reader/internal.h"

typedef struct found {
  const tenon_p_symbol *symbol;
  tenon_p_entry *entry; /* NULL: no debug information */
  int line;
} found;

typedef struct reading {
  tenon_p_object object;
  tenon_p_types types;
  tenon_p_index index;
  found *all;
  size_t count;
  tenon_p_text modules, functions, variables, notes;
} reading;

static void note(reading *r, const char *text)
{
  tenon_p_text_puts(&r->notes, "note");
  tenon_p_put_name(&r->notes, text);
  tenon_p_text_puts(&r->notes, "\n");
}

/* Where the parameters stand: with what an out-of-line copy is a copy of, or
 * with the declaration that a definition completes. */
static Dwarf_Die parameters_of(Dwarf_Die *die)
{
  Dwarf_Die at = *die, next, child;
  Dwarf_Attribute a;
  int i;

  for (i = 0; i < 8 && dwarf_attr(&at, DW_AT_abstract_origin, &a) &&
              dwarf_formref_die(&a, &next);
       i++)
    at = next;
  if (tenon_p_die_first(&at, &child)) do {
      int tag = dwarf_tag(&child);

      if (tag == DW_TAG_formal_parameter ||
          tag == DW_TAG_unspecified_parameters)
        return at;
    } while (tenon_p_die_next(&child));
  if (dwarf_attr(&at, DW_AT_specification, &a) && dwarf_formref_die(&a, &next))
    return next;
  return at;
}

typedef struct signature {
  tenon_p_text params;
  int count;
  bool is_variadic, is_method;
} signature;

static void read_parameters(reading *r, Dwarf_Die *die, signature *s)
{
  Dwarf_Die at = parameters_of(die), child;

  if (!tenon_p_die_first(&at, &child)) return;
  do {
    if (dwarf_tag(&child) == DW_TAG_unspecified_parameters)
      s->is_variadic = true;
    if (dwarf_tag(&child) != DW_TAG_formal_parameter) continue;
    if (tenon_p_die_flag(&child, DW_AT_artificial)) s->is_method = true;
    tenon_p_text_puts(&s->params, "  param");
    tenon_p_put_name(&s->params, tenon_p_die_text(&child, DW_AT_name));
    tenon_p_text_printf(&s->params, " %u\n",
                        tenon_p_type_of(&r->types, &child));
    tenon_p_check_text(&s->params);
    s->count++;
  } while (tenon_p_die_next(&child));
}

static bool is_mangled(const char *symbol)
{
  return !strncmp(symbol, "_Z", 2) || !strncmp(symbol, "_R", 2);
}

static const char *function_reason(const tenon_p_entry *e, const char *symbol,
                                   const signature *s, bool is_prototyped)
{
  uint64_t convention = tenon_p_die_number_or(
      (Dwarf_Die *)&e->die, DW_AT_calling_convention, DW_CC_normal);

  /* One without any type may do without parameters. */
  if (e->unit->reason && (e->unit->language != TENON_P_RUST ||
                          !tenon_p_is_rust_bare((Dwarf_Die *)&e->die, e->unit)))
    return e->unit->reason;
  if (is_mangled(symbol) && e->unit->language == TENON_P_CXX)
    return "it is not extern \"C\"";
  if (e->unit->language == TENON_P_RUST) {
    const char *reason = tenon_p_rust_reason((Dwarf_Die *)&e->die, e->unit);

    if (reason) return reason;
  }
  if (s->is_method) return "it is a member function";
  if (!is_prototyped && s->count)
    return "its definition is of the old style, without a prototype";
  if (convention != DW_CC_normal ||
      tenon_p_is_microsoft((Dwarf_Die *)&e->die, e->unit))
    return "it has another calling convention";
  return NULL;
}

/* C calls it by that name; the symbol may be another one. */
static const char *name_of(tenon_p_entry *e, const char *symbol)
{
  const char *name = tenon_p_die_text(&e->die, DW_AT_name);

  if (!name || !*name || !e->name || strcmp(e->name, symbol) ||
      e->unit->language == TENON_P_RUST)
    return symbol;
  return name;
}

/* Of a function that has no entry. */
static const char *unknown_reason(const reading *r, const tenon_p_symbol *s)
{
  if (r->object.why_none) return r->object.why_none;
  if (r->index.why_missing) return r->index.why_missing;
  if (GELF_ST_TYPE(s->raw.st_info) == STT_FUNC &&
      tenon_p_map_get(&r->index.by_address, &s->address, sizeof s->address))
    return "it was found to be the same as another function, whose debug "
           "information alone is kept: compile with -C opt-level=1";
  return "it has no debug information";
}

static void print_function(reading *r, const found *f)
{
  const tenon_p_symbol *s = f->symbol;
  tenon_p_text *out = &r->functions;
  tenon_p_entry *e = f->entry;
  signature sig = {TENON_P_TEXT_INIT, 0, false, false};
  bool is_prototyped, is_weak = GELF_ST_BIND(s->raw.st_info) == STB_WEAK;
  bool is_ifunc = GELF_ST_TYPE(s->raw.st_info) == STT_GNU_IFUNC;
  size_t flags;

  tenon_p_text_puts(out, "function");
  tenon_p_put_name(out, e ? name_of(e, s->name) : s->name);
  tenon_p_put_name(out, s->name);
  if (e) {
    e->unit->is_used = true;
    read_parameters(r, &e->die, &sig);
    is_prototyped = e->unit->language != TENON_P_C ||
                    tenon_p_die_flag(&e->die, DW_AT_prototyped);
    tenon_p_text_printf(out, " %u", tenon_p_type_of(&r->types, &e->die));
    tenon_p_put_place(out, &e->die, e->unit);
  } else {
    is_prototyped = true;
    tenon_p_text_puts(out, " 0 - 0");
  }
  /* gcc says of an unprototyped one that it is variadic. */
  if (!is_prototyped) sig.is_variadic = false;
  tenon_p_text_puts(out, " ");
  flags = out->len;
  if (sig.is_variadic) tenon_p_text_puts(out, "v");
  if (!is_prototyped) tenon_p_text_puts(out, "u");
  if (e && tenon_p_die_flag(&e->die, DW_AT_noreturn))
    tenon_p_text_puts(out, "n");
  if (is_weak) tenon_p_text_puts(out, "w");
  if (is_ifunc) tenon_p_text_puts(out, "i");
  if (out->len == flags) tenon_p_text_puts(out, "-");
  tenon_p_put_name(out, e ? function_reason(e, s->name, &sig, is_prototyped)
                          : unknown_reason(r, s));
  tenon_p_text_puts(out, "\n");
  tenon_p_text_append(out, sig.params.data ? sig.params.data : "",
                      sig.params.len);
  tenon_p_text_release(&sig.params);
  tenon_p_check_text(out);
}

static void print_variable(reading *r, const found *f)
{
  const tenon_p_symbol *s = f->symbol;
  const unsigned char *bytes = tenon_p_object_bytes(&r->object, s);
  tenon_p_text *out = &r->variables;
  tenon_p_entry *e = f->entry;
  size_t i;

  e->unit->is_used = true;
  tenon_p_text_puts(out, "variable");
  tenon_p_put_name(out, name_of(e, s->name));
  tenon_p_put_name(out, s->name);
  tenon_p_text_printf(out, " %u", tenon_p_type_of(&r->types, &e->die));
  tenon_p_put_place(out, &e->die, e->unit);
  tenon_p_text_puts(out, bytes ? " " : " -");
  for (i = 0; bytes && i < s->raw.st_size; i++)
    tenon_p_text_printf(out, "%02x", bytes[i]);
  tenon_p_text_puts(out, "\n");
  tenon_p_check_text(out);
}

/* What compilers and linkers put there, and what others than C and C++ name in
 * their own way. */
static bool is_wanted(const tenon_p_symbol *s, tenon_p_entry *e)
{
  const char *file;

  if (!strcmp(s->name, "_init") || !strcmp(s->name, "_fini") ||
      !strcmp(s->name, "rust_eh_personality") || strchr(s->name, '.'))
    return false;
  if (!is_mangled(s->name)) return true;
  /* Of C++ only functions that somebody may have meant to show. */
  if (!e || e->unit->language != TENON_P_CXX ||
      GELF_ST_BIND(s->raw.st_info) == STB_WEAK)
    return false;
  file = tenon_p_die_file(&e->die, e->unit);
  return file && !tenon_p_is_system_file(file);
}

static void find_symbols(reading *r)
{
  size_t i;

  for (i = 0; i < r->object.symbol_count; i++) {
    const tenon_p_symbol *s = &r->object.symbols[i];
    int type = GELF_ST_TYPE(s->raw.st_info);
    bool is_function = type == STT_FUNC || type == STT_GNU_IFUNC;
    found *f;

    if (!strncmp(s->name, "tenon_module_", 13)) {
      tenon_p_text_puts(&r->modules, "module");
      tenon_p_put_name(&r->modules, s->name);
      tenon_p_text_puts(&r->modules, "\n");
      continue;
    }
    if (!is_function && type != STT_OBJECT) continue;
    r->all = tenon_p_grow(r->all, r->count, sizeof *r->all);
    f = &r->all[r->count];
    f->symbol = s;
    f->entry = tenon_p_index_find(&r->index, s);
    if (!f->entry && !is_function) continue;
    if (!is_wanted(s, f->entry)) continue;
    f->line = f->entry ? tenon_p_die_line(&f->entry->die) : 0;
    r->count++;
  }
}

/* As they stand in the sources; what is not known comes last. */
static int compare(const void *a, const void *b)
{
  const found *x = a, *y = b;

  if (!x->entry != !y->entry) return x->entry ? -1 : 1;
  if (x->entry && x->entry->unit != y->entry->unit)
    return (uintptr_t)x->entry->unit->die.addr <
                   (uintptr_t)y->entry->unit->die.addr
               ? -1
               : 1;
  if (x->line != y->line) return x->line < y->line ? -1 : 1;
  return strcmp(x->symbol->name, y->symbol->name);
}

static void print_units(const reading *r, tenon_p_text *out)
{
  static const char *const words[] = {"other", "c", "c++", "rust"};
  size_t i;

  for (i = 0; i < r->types.unit_count; i++) {
    tenon_p_unit *u = r->types.units[i];

    if (!u->is_used) continue;
    tenon_p_text_puts(out, "unit ");
    tenon_p_text_puts(out, words[u->language]);
    tenon_p_put_name(out, tenon_p_absolute(u->file, u->dir));
    tenon_p_put_name(out, u->producer);
    tenon_p_text_puts(out, "\n");
    tenon_p_check_text(out);
  }
}

static void write_all(int out, const tenon_p_text *t)
{
  size_t at = 0;

  if (t->failed) tenon_p_fail("out of memory");
  while (at < t->len) {
    ssize_t n = write(out, t->data + at, t->len - at);

    if (n <= 0) tenon_p_fail("its table could not be written");
    at += (size_t)n;
  }
}

void tenon_p_read_object(int file, const char *path, int out)
{
  static reading r;
  tenon_p_text units = TENON_P_TEXT_INIT, end = TENON_P_TEXT_INIT;
  size_t i;

  memset(&r, 0, sizeof r);
  tenon_p_object_open(&r.object, file, path);
  if (r.object.dwarf) tenon_p_index_units(&r.index, &r.object, &r.types);
  find_symbols(&r);
  if (r.count) qsort(r.all, r.count, sizeof *r.all, compare);
  for (i = 0; i < r.count; i++)
    if (GELF_ST_TYPE(r.all[i].symbol->raw.st_info) == STT_OBJECT)
      print_variable(&r, &r.all[i]);
    else
      print_function(&r, &r.all[i]);
  for (i = 0; i < r.index.enum_count; i++)
    tenon_p_type(&r.types, &r.index.enums[i]);
  tenon_p_types_finish(&r.types);
  tenon_p_text_puts(&units, "tenon-table 1\n");
  print_units(&r, &units);
  if (r.object.why_none) note(&r, r.object.why_none);
  if (r.index.why_missing) note(&r, r.index.why_missing);
  tenon_p_text_puts(&end, "end\n");
  if (units.len + r.types.text.len + r.functions.len + r.variables.len >
      TENON_P_MAX_TABLE)
    tenon_p_fail("its table would be larger than %d MiB",
                 TENON_P_MAX_TABLE >> 20);
  write_all(out, &units);
  write_all(out, &r.modules);
  write_all(out, &r.types.text);
  write_all(out, &r.functions);
  write_all(out, &r.variables);
  write_all(out, &r.notes);
  write_all(out, &end);
}
