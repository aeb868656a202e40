/*
 * What the files of the reader share.
 *
 * The reader is a program that runs once, on an input that may be anything: what
 * it allocates is never freed, and where it cannot go on it says one line and
 * leaves (tenon_p_fail). What it takes from libdw it bounds by itself: the list
 * of a DIE's children moves forward only, chains of types have a depth, and all
 * that is visited and printed is counted.
 */
#ifndef TENON_READER_INTERNAL_H
#define TENON_READER_INTERNAL_H

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>

#include "base/text.h"

enum {
  TENON_P_MAX_DEPTH = 64,
  TENON_P_MAX_NAME = 16384,
  TENON_P_MAX_DIES = 50000000,
  TENON_P_MAX_TABLE = 64 << 20,
  TENON_P_MAX_VARIABLE = 4096,
};

#define TENON_P_IS_SPLIT \
  "its debug information is split: compile without -gsplit-dwarf"

/* One line on standard error, then exit code 1. */
__attribute__((noreturn, format(printf, 1, 2))) void tenon_p_fail(
    const char *format, ...);
/* Memory for the life of the program, zeroed. */
void *tenon_p_need(size_t size);
/* Room for one more in an array that doubles. */
void *tenon_p_grow(void *items, size_t count, size_t size);

/* --- map.c: bytes to a number --- */

typedef struct tenon_p_map {
  struct tenon_p_map_entry *entries;
  size_t count, capacity;
} tenon_p_map;

/* Where the number is, 0 at first; until the next call. */
uint32_t *tenon_p_map_at(tenon_p_map *m, const void *key, size_t len);
/* 0: no such key. */
uint32_t tenon_p_map_get(const tenon_p_map *m, const void *key, size_t len);

/* --- object.c: the file --- */

typedef struct tenon_p_symbol {
  const char *name;
  GElf_Addr address; /* in the module as libdwfl lays it out */
  GElf_Sym raw;
} tenon_p_symbol;

typedef struct tenon_p_object {
  const char *path; /* NULL: not known */
  bool is_relocatable;
  Dwfl_Module *module;
  Elf *elf;      /* of an object file: relocated by libdwfl, all of it */
  Elf *original; /* of an object file: as it is */
  Dwarf *dwarf;  /* NULL: none, for this reason */
  const char *why_none;
  GElf_Addr bias;          /* from the debug information's addresses to those */
  tenon_p_symbol *symbols; /* defined and visible to others */
  size_t symbol_count;
} tenon_p_object;

/* Leaves when the file is none that can be read. Takes `file`. */
void tenon_p_object_open(tenon_p_object *o, int file, const char *path);
/* NULL: not known. */
const char *tenon_p_section_name(Elf *elf, const GElf_Shdr *header);
/* The bytes of a symbol that nobody can write; NULL: it can be written, or
 * something is put into it when it is loaded. */
const unsigned char *tenon_p_object_bytes(tenon_p_object *o,
                                          const tenon_p_symbol *s);

/* --- debug.c: debug information that is elsewhere, or in pieces --- */

/* A callback of libdwfl that looks into /usr/lib/debug only. */
int tenon_p_find_debug(Dwfl_Module *module, void **user, const char *name,
                       Dwarf_Addr base, const char *file, const char *link,
                       GElf_Word crc, char **found);
/* Gives it the file of what several debug files have in common, if that is there
 * and is the right one. */
void tenon_p_find_shared(Dwarf *dwarf);
/* In an object file each type unit is a section of its own, which libdw passes
 * over: all of them as one. NULL: there are none. */
Dwarf *tenon_p_merge_units(Elf *elf);

/* --- die.c: entries of the debug information --- */

typedef enum tenon_p_language {
  TENON_P_OTHER,
  TENON_P_C,
  TENON_P_CXX,
  TENON_P_RUST,
} tenon_p_language;

typedef struct tenon_p_unit {
  Dwarf_Die die;
  tenon_p_language language;
  const char *file, *dir, *producer;
  const char *reason; /* why its functions cannot be called; NULL: they can */
  bool is_used;       /* something in the table comes from it */
} tenon_p_unit;

bool tenon_p_die_number(Dwarf_Die *die, unsigned name, uint64_t *out);
uint64_t tenon_p_die_number_or(Dwarf_Die *die, unsigned name, uint64_t other);
bool tenon_p_die_flag(Dwarf_Die *die, unsigned name);
bool tenon_p_die_has(Dwarf_Die *die, unsigned name);
/* Of the entry itself or of that which it stands for; NULL: none. */
const char *tenon_p_die_text(Dwarf_Die *die, unsigned name);
bool tenon_p_die_ref(Dwarf_Die *die, unsigned name, Dwarf_Die *out);
/* A constant, by the form it is written in. */
bool tenon_p_die_constant(Dwarf_Die *die, unsigned name, uint64_t *out,
                          bool *is_negative);
/* The children, one after the other. */
bool tenon_p_die_first(Dwarf_Die *parent, Dwarf_Die *child);
bool tenon_p_die_next(Dwarf_Die *child);
/* The path, in that folder where it is a relative one; NULL stays NULL. */
const char *tenon_p_absolute(const char *path, const char *dir);
/* Where it is declared: absolute where that is known; NULL: not known. */
const char *tenon_p_die_file(Dwarf_Die *die, const tenon_p_unit *unit);
int tenon_p_die_line(Dwarf_Die *die);
/* Belongs to the system or a compiler. */
bool tenon_p_is_system_file(const char *path);

/* --- table.c: the text of the table --- */

/* " NAME", percent-encoded; NULL is empty. */
void tenon_p_put_name(tenon_p_text *t, const char *name);
/* " FILE LINE" */
void tenon_p_put_place(tenon_p_text *t, Dwarf_Die *die,
                       const tenon_p_unit *unit);
/* Leaves when the table is too long. */
void tenon_p_check_text(const tenon_p_text *t);

/* --- types.c --- */

/* A record or an enum. */
typedef struct tenon_p_named {
  uint32_t id;
  Dwarf_Die die;
  tenon_p_text members;
  uint64_t align;
  size_t first_part, part_count; /* types of members */
  enum { TENON_P_UNKNOWN, TENON_P_ENDLESS, TENON_P_FINITE } state;
} tenon_p_named;

typedef struct tenon_p_types {
  tenon_p_text text;
  uint32_t count;
  tenon_p_map by_die, by_key, reasons, definitions, places;
  /* Of each type that it is a qualified one, an array... of; or which of the named
   * ones it is, and 1. */
  struct {
    uint32_t of, named;
  } * holds;
  tenon_p_named *pending;
  size_t pending_count;
  tenon_p_map unit_of; /* the entry of a unit to its index and 1 */
  tenon_p_unit **units;
  size_t unit_count;
  struct tenon_p_definition {
    Dwarf_Die die;
    uint32_t key;
    bool is_ambiguous;
  } * known;
  size_t known_count;
  uint32_t *parts;
  size_t part_count;
  const char **said; /* reasons that were found */
  size_t said_count;
} tenon_p_types;

tenon_p_unit *tenon_p_unit_of(tenon_p_types *t, Dwarf_Die *die);
/* The number of its namespace and 1; 0: it stands in none that is known. */
uint32_t tenon_p_type_place(tenon_p_types *t, Dwarf_Die *die);
/* The number of the type of an entry; 0: void. */
uint32_t tenon_p_type_of(tenon_p_types *t, Dwarf_Die *die);
uint32_t tenon_p_type(tenon_p_types *t, Dwarf_Die *die);
uint32_t tenon_p_type_unknown(tenon_p_types *t, const char *reason);
/* In which namespace it stands: 0 is that of C. */
void tenon_p_types_place(tenon_p_types *t, Dwarf_Die *die, uint32_t scope);
/* A complete record or enum of C or C++, for those that only declare it. */
void tenon_p_types_define(tenon_p_types *t, Dwarf_Die *die);
/* Prints the records and enums that were asked for, and those in them. */
void tenon_p_types_finish(tenon_p_types *t);

/* --- records.c --- */

/* Of the pending one at that place. */
void tenon_p_read_members(tenon_p_types *t, size_t at);
void tenon_p_print_record(tenon_p_types *t, tenon_p_named *n, bool is_endless);
void tenon_p_print_enum(tenon_p_types *t, uint32_t id, Dwarf_Die *die);
bool tenon_p_enum_is_signed(Dwarf_Die *die);
/* What tells it from others of its name in its namespace. */
void tenon_p_record_key(tenon_p_types *t, Dwarf_Die *die, tenon_p_text *key);

/* --- passing.c --- */

/* Why a record cannot go by value; NULL: it can. */
const char *tenon_p_record_reason(tenon_p_types *t, Dwarf_Die *die);
/* The pointer that an Option of a pointer is. */
bool tenon_p_rust_option(Dwarf_Die *die, Dwarf_Die *payload);

/* --- convention.c --- */

/* The function is called in another way than the system's. */
bool tenon_p_is_microsoft(Dwarf_Die *die, const tenon_p_unit *unit);

/* --- rust.c --- */

/* Why a function of Rust cannot be called, as its source says; NULL: it can, or
 * there is no source. */
const char *tenon_p_rust_reason(Dwarf_Die *die, const tenon_p_unit *unit);
/* The source says that it has no parameters and no result. */
bool tenon_p_is_rust_bare(Dwarf_Die *die, const tenon_p_unit *unit);

/* --- index.c: what the units define --- */

typedef struct tenon_p_entry {
  Dwarf_Die die;
  tenon_p_unit *unit;
  const char *name;  /* as symbols have it */
  GElf_Addr address; /* with `has_address` */
  bool has_address, is_external, is_declaration;
  uint32_t same_name, same_address; /* the next one, and 1 */
} tenon_p_entry;

typedef struct tenon_p_index {
  tenon_p_entry *entries; /* functions and variables */
  size_t count;
  tenon_p_map by_name, by_address; /* the last one, and 1 */
  Dwarf_Die *enums;                /* of the program's own files */
  size_t enum_count;
  const char *why_missing; /* NULL: no unit was passed over */
} tenon_p_index;

void tenon_p_index_units(tenon_p_index *x, tenon_p_object *o, tenon_p_types *t);
/* What a symbol is; NULL: not known. */
tenon_p_entry *tenon_p_index_find(tenon_p_index *x, const tenon_p_symbol *s);

/* --- read.c --- */

/* Reads all of it and writes the table to `out`. Takes `file`. */
void tenon_p_read_object(int file, const char *path, int out);

#endif
