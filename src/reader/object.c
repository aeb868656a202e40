/* The file itself: what kind it is, and the symbols that it shows to others. */
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reader/internal.h"

#if defined __x86_64__
#define MACHINE EM_X86_64
#elif defined __aarch64__
#define MACHINE EM_AARCH64
#elif defined __riscv
#define MACHINE EM_RISCV
#elif defined __powerpc64__
#define MACHINE EM_PPC64
#elif defined __s390x__
#define MACHINE EM_S390
#elif defined __arm__
#define MACHINE EM_ARM
#elif defined __i386__
#define MACHINE EM_386
#else
#error "which processor is this?"
#endif

/* Fixed parts of the header, which are the same in all kinds. */
static void check_header(int file, bool *is_relocatable)
{
  unsigned char head[20] = {0};
  ssize_t n = pread(file, head, sizeof head, 0);
  int type, machine;

  if (n >= 7 && !memcmp(head, "!<arch>", 7))
    tenon_p_fail("it is an archive, not an object");
  if (n >= 4 &&
      (!memcmp(head, "BC\xc0\xde", 4) || !memcmp(head, "\xde\xc0\x17\x0b", 4)))
    tenon_p_fail("it holds code of link-time optimization only: "
                 "compile without -flto");
  if (n < (ssize_t)sizeof head || memcmp(head, ELFMAG, SELFMAG))
    tenon_p_fail("it is not an ELF object");
  if (head[EI_CLASS] != (sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32))
    tenon_p_fail("it is for a processor of another word size");
  if (head[EI_DATA] !=
      (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB))
    tenon_p_fail("it is for a processor of another byte order");
  type = head[EI_DATA] == ELFDATA2LSB ? head[16] | head[17] << 8
                                      : head[17] | head[16] << 8;
  machine = head[EI_DATA] == ELFDATA2LSB ? head[18] | head[19] << 8
                                         : head[19] | head[18] << 8;
  if (machine != MACHINE) tenon_p_fail("it is for another processor");
  if (type == ET_EXEC) tenon_p_fail("it is a program, not a library");
  if (type != ET_REL && type != ET_DYN)
    tenon_p_fail("it is neither an object file nor a shared object");
  *is_relocatable = type == ET_REL;
}

const char *tenon_p_section_name(Elf *elf, const GElf_Shdr *header)
{
  size_t names;

  if (elf_getshdrstrndx(elf, &names)) return NULL;
  return elf_strptr(elf, names, header->sh_name);
}

/* What is told by sections, before libdw looks at any. */
static void check_sections(tenon_p_object *o)
{
  bool has_split = false, has_symbols = false;
  Elf_Scn *s = NULL;
  GElf_Shdr header;
  const char *name;
  size_t len, i;
  GElf_Dyn dyn;
  Elf_Data *data;

  while ((s = elf_nextscn(o->elf, s))) {
    if (!gelf_getshdr(s, &header)) continue;
    name = tenon_p_section_name(o->elf, &header);
    len = name ? strlen(name) : 0;
    if (len > 4 && !strcmp(name + len - 4, ".dwo")) has_split = true;
    if (header.sh_type == (o->is_relocatable ? SHT_SYMTAB : SHT_DYNSYM))
      has_symbols = true;
    if (header.sh_type != SHT_DYNAMIC || o->is_relocatable) continue;
    data = elf_getdata(s, NULL);
    for (i = 0; data && gelf_getdyn(data, (int)i, &dyn) && dyn.d_tag; i++)
      if (dyn.d_tag == DT_FLAGS_1 && (dyn.d_un.d_val & DF_1_PIE))
        tenon_p_fail("it is a program, not a library");
  }
  if (!has_symbols) tenon_p_fail("it has no table of symbols");
  if (has_split) o->why_none = TENON_P_IS_SPLIT;
}

static void add_symbol(tenon_p_object *o, const char *name, GElf_Addr address,
                       const GElf_Sym *raw)
{
  int binding = GELF_ST_BIND(raw->st_info);
  int visibility = GELF_ST_VISIBILITY(raw->st_other);
  tenon_p_symbol *s;
  const char *at;
  char *copy;

  if (!name || !*name || raw->st_shndx == SHN_UNDEF ||
      raw->st_shndx == SHN_COMMON || binding == STB_LOCAL ||
      visibility == STV_HIDDEN || visibility == STV_INTERNAL)
    return;
  o->symbols = tenon_p_grow(o->symbols, o->symbol_count, sizeof *o->symbols);
  s = &o->symbols[o->symbol_count];
  *s = (tenon_p_symbol){name, address, *raw};
  /* Those of assemblers: name@@VERSION is the one that is meant by name. */
  at = strchr(name, '@');
  if (at) {
    if (at == name || at[1] != '@') return;
    copy = tenon_p_need((size_t)(at - name) + 1);
    memcpy(copy, name, (size_t)(at - name));
    s->name = copy;
  }
  o->symbol_count++;
}

static void read_object_symbols(tenon_p_object *o)
{
  int count = dwfl_module_getsymtab(o->module), i;

  if (count < 0) tenon_p_fail("its table of symbols is damaged");
  for (i = 1; i < count; i++) {
    GElf_Sym raw;
    GElf_Addr address;
    const char *name =
        dwfl_module_getsym_info(o->module, i, &raw, &address, NULL, NULL, NULL);

    if (name && !strcmp(name, "__gnu_lto_slim"))
      tenon_p_fail("it holds code of link-time optimization only: "
                   "compile without -flto");
    add_symbol(o, name, address, &raw);
  }
}

static void read_dynamic_symbols(tenon_p_object *o, GElf_Addr bias)
{
  Elf_Data *symbols = NULL, *versions = NULL;
  Elf_Scn *s = NULL;
  GElf_Shdr header;
  size_t names = 0, i, size;

  while ((s = elf_nextscn(o->elf, s))) {
    if (!gelf_getshdr(s, &header)) continue;
    if (header.sh_type == SHT_DYNSYM && !symbols) {
      symbols = elf_getdata(s, NULL);
      names = header.sh_link;
    } else if (header.sh_type == SHT_GNU_versym && !versions) {
      versions = elf_getdata(s, NULL);
    }
  }
  size = gelf_fsize(o->elf, ELF_T_SYM, 1, EV_CURRENT);
  if (!symbols || !size) tenon_p_fail("its table of symbols is damaged");
  for (i = 1; i < symbols->d_size / size; i++) {
    GElf_Sym raw;
    GElf_Versym version;

    if (!gelf_getsym(symbols, (int)i, &raw)) break;
    /* Old versions, and what has none to show, are not found by name. */
    if (versions && gelf_getversym(versions, (int)i, &version) &&
        ((version & 0x8000) || version == VER_NDX_LOCAL))
      continue;
    add_symbol(o, elf_strptr(o->elf, names, raw.st_name), raw.st_value + bias,
               &raw);
  }
}

static int find_no_file(Dwfl_Module *module, void **user, const char *name,
                        Dwarf_Addr base, char **found, Elf **elf)
{
  (void)module, (void)user, (void)name, (void)base, (void)found, (void)elf;
  return -1;
}

static void find_debug_information(tenon_p_object *o)
{
  Dwarf_Addr bias = 0;
  Dwarf *merged;

  if (o->why_none) return;
  o->dwarf = dwfl_module_getdwarf(o->module, &bias);
  if (!o->dwarf) {
    o->why_none = "it has no debug information: compile with -g";
    return;
  }
  o->bias = bias;
  tenon_p_find_shared(o->dwarf);
  if (!o->is_relocatable) return;
  merged = tenon_p_merge_units(o->elf);
  if (merged) o->dwarf = merged;
}

void tenon_p_object_open(tenon_p_object *o, int file, const char *path)
{
  static const Dwfl_Callbacks callbacks = {
      .find_elf = find_no_file,
      .find_debuginfo = tenon_p_find_debug,
      .section_address = dwfl_offline_section_address,
  };
  GElf_Addr bias = 0;
  Dwfl *dwfl;

  memset(o, 0, sizeof *o);
  o->path = path;
  check_header(file, &o->is_relocatable);
  elf_version(EV_CURRENT);
  if (o->is_relocatable) o->original = elf_begin(dup(file), ELF_C_READ, NULL);
  dwfl = dwfl_begin(&callbacks);
  if (!dwfl) tenon_p_fail("out of memory");
  dwfl_report_begin(dwfl);
  o->module = dwfl_report_offline(dwfl, "object", path ? path : "", file);
  if (!o->module) tenon_p_fail("it is damaged: %s", dwfl_errmsg(-1));
  dwfl_report_end(dwfl, NULL, NULL);
  o->elf = dwfl_module_getelf(o->module, &bias);
  if (!o->elf) tenon_p_fail("it is damaged: %s", dwfl_errmsg(-1));
  check_sections(o);
  find_debug_information(o);
  if (o->is_relocatable)
    read_object_symbols(o);
  else
    read_dynamic_symbols(o, bias);
}

/* Something is written there by the linker or the loader. */
static bool is_relocated(Elf *elf, size_t section, GElf_Addr from, size_t size)
{
  Elf_Scn *s = NULL;
  GElf_Shdr header;

  while ((s = elf_nextscn(elf, s))) {
    Elf_Data *data;
    size_t i, count;

    if (!gelf_getshdr(s, &header) || header.sh_info != section ||
        (header.sh_type != SHT_RELA && header.sh_type != SHT_REL) ||
        !header.sh_entsize)
      continue;
    data = elf_getdata(s, NULL);
    if (!data) return true;
    count = data->d_size / header.sh_entsize;
    for (i = 0; i < count; i++) {
      GElf_Rela rela;
      GElf_Rel rel;
      GElf_Addr at;

      if (header.sh_type == SHT_RELA) {
        if (!gelf_getrela(data, (int)i, &rela)) return true;
        at = rela.r_offset;
      } else {
        if (!gelf_getrel(data, (int)i, &rel)) return true;
        at = rel.r_offset;
      }
      if (at + 16 > from && at < from + size) return true;
    }
  }
  return false;
}

const unsigned char *tenon_p_object_bytes(tenon_p_object *o,
                                          const tenon_p_symbol *s)
{
  size_t size = s->raw.st_size;
  Elf *elf = o->is_relocatable ? o->original : o->elf;
  Elf_Scn *scn = elf_getscn(elf, s->raw.st_shndx);
  GElf_Shdr header;
  Elf_Data *data;
  uint64_t at;

  if (!scn || !size || size > TENON_P_MAX_VARIABLE ||
      s->raw.st_shndx >= SHN_LORESERVE || !gelf_getshdr(scn, &header) ||
      (header.sh_flags & SHF_WRITE) || !(header.sh_flags & SHF_ALLOC))
    return NULL;
  at = s->raw.st_value;
  if (!o->is_relocatable) {
    if (at < header.sh_addr) return NULL;
    at -= header.sh_addr;
  }
  if (at > header.sh_size || size > header.sh_size - at) return NULL;
  if (header.sh_type == SHT_NOBITS) return tenon_p_need(size);
  if (o->is_relocatable &&
      is_relocated(elf, s->raw.st_shndx, s->raw.st_value, size))
    return NULL;
  data = elf_rawdata(scn, NULL);
  if (!data || !data->d_buf || at > data->d_size || size > data->d_size - at)
    return NULL;
  return (const unsigned char *)data->d_buf + at;
}
