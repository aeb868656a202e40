/*
 * Debug information that does not lie in the file as it is: in a file of its own
 * under /usr/lib/debug, or in pieces that libdw does not put together. Nothing
 * here asks a network, and nothing else that libdw could find is wanted.
 */
#include <elfutils/libdwelf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reader/internal.h"

#define DEBUG_FOLDER "/usr/lib/debug"

static uint32_t checksum(int file)
{
  unsigned char data[65536];
  uint32_t crc = 0xffffffff;
  off_t at = 0;
  ssize_t n, i;
  int bit;

  while ((n = pread(file, data, sizeof data, at)) > 0) {
    for (i = 0; i < n; i++) {
      crc ^= data[i];
      for (bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    at += n;
  }
  return ~crc;
}

/* The name of a file with an identity cannot be that of another. */
static int open_by_identity(const unsigned char *id, size_t len, char *path,
                            size_t size)
{
  static const char folder[] = DEBUG_FOLDER "/.build-id/";
  size_t used = sizeof folder - 1, i;

  if (len < 2 || used + len * 2 + sizeof "/.debug" > size) return -1;
  memcpy(path, folder, used);
  for (i = 0; i < len; i++)
    used += (size_t)sprintf(path + used, i == 1 ? "/%02x" : "%02x", id[i]);
  strcpy(path + used, ".debug");
  return open(path, O_RDONLY | O_CLOEXEC);
}

static int open_by_link(const char *file, const char *link, uint32_t crc,
                        char *path, size_t size)
{
  const char *slash = file ? strrchr(file, '/') : NULL;
  int fd;

  if (!slash || *file != '/' || !*link || strchr(link, '/')) return -1;
  if (snprintf(path, size, DEBUG_FOLDER "%.*s/%s", (int)(slash - file), file,
               link) >= (int)size)
    return -1;
  fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd >= 0 && checksum(fd) != crc) {
    close(fd);
    return -1;
  }
  return fd;
}

int tenon_p_find_debug(Dwfl_Module *module, void **user, const char *name,
                       Dwarf_Addr base, const char *file, const char *link,
                       GElf_Word crc, char **found)
{
  const unsigned char *id;
  char path[4096];
  GElf_Addr at;
  int fd, len;

  (void)user;
  (void)name;
  (void)base;
  /* What several debug files share is asked for without one. */
  if (link && !crc) return -1;
  len = dwfl_module_build_id(module, &id, &at);
  fd = len > 0 ? open_by_identity(id, (size_t)len, path, sizeof path) : -1;
  if (fd < 0 && link) fd = open_by_link(file, link, crc, path, sizeof path);
  if (fd >= 0) *found = strdup(path);
  return fd;
}

void tenon_p_find_shared(Dwarf *dwarf)
{
  const char *name;
  const void *id;
  const void *other;
  char path[4096];
  ssize_t len = dwelf_dwarf_gnu_debugaltlink(dwarf, &name, &id);
  Dwarf *shared;
  int fd;

  if (len <= 0) return;
  fd = open_by_identity(id, (size_t)len, path, sizeof path);
  if (fd < 0 && !strncmp(name, DEBUG_FOLDER "/", sizeof DEBUG_FOLDER))
    fd = open(name, O_RDONLY | O_CLOEXEC);
  shared = fd >= 0 ? dwarf_begin(fd, DWARF_C_READ) : NULL;
  if (shared && dwelf_elf_gnu_build_id(dwarf_getelf(shared), &other) == len &&
      !memcmp(id, other, (size_t)len))
    dwarf_setalt(dwarf, shared);
}

typedef struct image {
  tenon_p_text names, bytes;
  ElfW(Shdr) sections[32];
  size_t count;
} image;

static bool is_debug(const char *name)
{
  return name && !strncmp(name, ".debug_", 7);
}

/* Appends all sections of that name, those outside of groups first: what is not
 * in a group refers to its start. */
static void add_sections(image *m, Elf *elf, const char *name)
{
  ElfW(Shdr) *section = &m->sections[m->count];
  int pass;

  memset(section, 0, sizeof *section);
  section->sh_name = (ElfW(Word))m->names.len;
  section->sh_type = SHT_PROGBITS;
  section->sh_addralign = 1;
  section->sh_offset = m->bytes.len;
  tenon_p_text_append(&m->names, name, strlen(name) + 1);
  for (pass = 0; pass < 2; pass++) {
    Elf_Scn *s = NULL;

    while ((s = elf_nextscn(elf, s))) {
      GElf_Shdr header;
      const char *other;
      Elf_Data *data;

      if (!gelf_getshdr(s, &header) || header.sh_type == SHT_NOBITS ||
          !(header.sh_flags & SHF_GROUP) != !pass)
        continue;
      other = tenon_p_section_name(elf, &header);
      if (!other || strcmp(other, name)) continue;
      if (header.sh_flags & SHF_COMPRESSED) elf_compress(s, 0, 0);
      data = elf_getdata(s, NULL);
      if (data && data->d_buf)
        tenon_p_text_append(&m->bytes, data->d_buf, data->d_size);
      if (m->bytes.failed) tenon_p_fail("out of memory");
    }
  }
  section->sh_size = m->bytes.len - section->sh_offset;
  m->count++;
}

static bool has_section(const image *m, const char *name)
{
  size_t i;

  for (i = 1; i < m->count; i++)
    if (!strcmp(m->names.data + m->sections[i].sh_name, name)) return true;
  return false;
}

static Elf *finish_image(image *m, Elf *like)
{
  ElfW(Shdr) *names = &m->sections[m->count];
  ElfW(Ehdr) header;
  GElf_Ehdr from;
  size_t i, table;
  char *all;

  if (!gelf_getehdr(like, &from)) return NULL;
  memset(names, 0, sizeof *names);
  names->sh_name = (ElfW(Word))m->names.len;
  names->sh_type = SHT_STRTAB;
  names->sh_addralign = 1;
  names->sh_offset = m->bytes.len;
  tenon_p_text_append(&m->names, ".shstrtab", sizeof ".shstrtab");
  names->sh_size = m->names.len;
  tenon_p_text_append(&m->bytes, m->names.data ? m->names.data : "",
                      m->names.len);
  while (!m->bytes.failed && m->bytes.len % 16)
    tenon_p_text_append(&m->bytes, "", 1);
  if (m->bytes.failed || m->names.failed) tenon_p_fail("out of memory");
  table = sizeof header + m->bytes.len;
  memset(&header, 0, sizeof header);
  memcpy(header.e_ident, from.e_ident, EI_NIDENT);
  header.e_type = ET_DYN;
  header.e_machine = from.e_machine;
  header.e_version = EV_CURRENT;
  header.e_ehsize = sizeof header;
  header.e_shentsize = sizeof *names;
  header.e_shoff = table;
  header.e_shnum = (ElfW(Half))(m->count + 1);
  header.e_shstrndx = (ElfW(Half))m->count;
  for (i = 1; i <= m->count; i++)
    m->sections[i].sh_offset += sizeof header;
  all = tenon_p_need(table + (m->count + 1) * sizeof *names);
  memcpy(all, &header, sizeof header);
  memcpy(all + sizeof header, m->bytes.data, m->bytes.len);
  memcpy(all + table, m->sections, (m->count + 1) * sizeof *names);
  tenon_p_text_release(&m->bytes);
  return elf_memory(all, table + (m->count + 1) * sizeof *names);
}

Dwarf *tenon_p_merge_units(Elf *elf)
{
  image *m = tenon_p_need(sizeof *m);
  bool has_group = false;
  Elf_Scn *s = NULL;
  GElf_Shdr header;
  const char *name;
  Elf *whole;

  while ((s = elf_nextscn(elf, s)))
    if (gelf_getshdr(s, &header) && (header.sh_flags & SHF_GROUP) &&
        is_debug(tenon_p_section_name(elf, &header)))
      has_group = true;
  if (!has_group) return NULL;
  tenon_p_text_append(&m->names, "", 1);
  m->count = 1;
  while ((s = elf_nextscn(elf, s))) {
    if (!gelf_getshdr(s, &header)) continue;
    name = tenon_p_section_name(elf, &header);
    if (!is_debug(name) || has_section(m, name)) continue;
    if (m->count + 1 >= tenon_p_countof(m->sections)) break;
    add_sections(m, elf, name);
  }
  whole = finish_image(m, elf);
  return whole ? dwarf_begin_elf(whole, DWARF_C_READ, NULL) : NULL;
}
