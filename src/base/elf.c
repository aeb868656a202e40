/*
 * Nothing in a file is trusted: each part is read by itself and checked against
 * the file's size.
 */
#include "base/elf.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <tenon/error.h>
#include <unistd.h>

#include "base/alloc.h"

#define PREFIX "tenon_module_"
#define MOST_TABLE_BYTES ((uint64_t)1 << 30)

typedef ElfW(Ehdr) file_header;
typedef ElfW(Phdr) program_header;
typedef ElfW(Shdr) section_header;
typedef ElfW(Sym) symbol;

typedef struct object {
  int file;
  uint64_t size;
  char *problem;
  size_t problem_size;
  bool has_no_memory;
} object;

static int fail(object *o, const char *text)
{
  snprintf(o->problem, o->problem_size, "%s", text);
  return -1;
}

static int no_memory(object *o)
{
  o->has_no_memory = true;
  return fail(o, "out of memory");
}

static int read_part(object *o, uint64_t at, void *dst, size_t len)
{
  char *p = dst;
  ssize_t n;

  if (at > o->size || len > o->size - at)
    return fail(o, "is damaged: it ends too early");
  while (len) {
    n = pread(o->file, p, len, (off_t)at);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(o, tenon_strerror(-errno));
    if (n == 0) return fail(o, "is damaged: it ends too early");
    p += n;
    at += (uint64_t)n;
    len -= (size_t)n;
  }
  return 0;
}

/* A part of its own, with a NUL behind it; free(3). */
static void *load_part(object *o, uint64_t at, uint64_t len)
{
  char *p;

  if (len > MOST_TABLE_BYTES || len > o->size) {
    fail(o, "is damaged: it ends too early");
    return NULL;
  }
  p = tenon_p_malloc((size_t)len + 1);
  if (!p) {
    no_memory(o);
  } else if (read_part(o, at, p, (size_t)len)) {
    free(p);
    return NULL;
  } else {
    p[len] = '\0';
  }
  return p;
}

/* --- For which machine ----------------------------------------------------------- */

static const char *machine_name(unsigned machine, char *other, size_t size)
{
  switch (machine) {
  case EM_X86_64: return "x86-64";
  case EM_386: return "x86";
  case EM_AARCH64: return "AArch64";
  case EM_ARM: return "ARM";
  case EM_RISCV: return "RISC-V";
  case EM_PPC64: return "PowerPC 64";
  case EM_S390: return "S/390";
  default: snprintf(other, size, "machine %u", machine); return other;
  }
}

/* That of this code; 0: one that has no name here, which the system judges. */
#if defined(__x86_64__)
#define OUR_MACHINE EM_X86_64
#elif defined(__i386__)
#define OUR_MACHINE EM_386
#elif defined(__aarch64__)
#define OUR_MACHINE EM_AARCH64
#elif defined(__arm__)
#define OUR_MACHINE EM_ARM
#elif defined(__riscv)
#define OUR_MACHINE EM_RISCV
#elif defined(__powerpc64__)
#define OUR_MACHINE EM_PPC64
#elif defined(__s390x__)
#define OUR_MACHINE EM_S390
#else
#define OUR_MACHINE 0
#endif

/* Is it one for this machine, in the bytes that all kinds of ELF share? */
static int check_machine(object *o, const unsigned char *h)
{
  static const uint16_t one = 1;
  bool is_little = *(const unsigned char *)&one;
  int data = is_little ? ELFDATA2LSB : ELFDATA2MSB;
  int class =
      sizeof(file_header) == sizeof(Elf64_Ehdr) ? ELFCLASS64 : ELFCLASS32;
  unsigned machine;
  char a[32], b[32];

  machine = h[EI_DATA] == ELFDATA2LSB ? h[18] | h[19] << 8 : h[18] << 8 | h[19];
  if ((machine == OUR_MACHINE || !OUR_MACHINE) && h[EI_CLASS] == class &&
      h[EI_DATA] == data)
    return 0;
  snprintf(
      o->problem, o->problem_size,
      "is for another machine: %s, %d bits; this tenon is for %s, %d bits",
      machine_name(machine, a, sizeof a), h[EI_CLASS] == ELFCLASS64 ? 64 : 32,
      machine_name(OUR_MACHINE, b, sizeof b), class == ELFCLASS64 ? 64 : 32);
  return -1;
}

/* --- Symbols --------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static int add_entry(object *o, tenon_p_elf *out, const char *name)
{
  char **names = tenon_p_realloc(out->names, (out->count + 1) * sizeof *names);

  if (names) {
    out->names = names;
    names[out->count] = tenon_p_strndup(name, strlen(name));
    if (names[out->count]) {
      out->count++;
      return 0;
    }
  }
  return no_memory(o);
}

static int read_symbols(object *o, const section_header *table,
                        const section_header *strings, tenon_p_elf *out)
{
  uint64_t count = table->sh_size / sizeof(symbol), i;
  symbol *s = load_part(o, table->sh_offset, table->sh_size);
  char *text = s ? load_part(o, strings->sh_offset, strings->sh_size) : NULL;
  int r = text ? 0 : -1;

  for (i = 0; r == 0 && i < count; i++) {
    const char *name;
    unsigned char type = s[i].st_info & 0xf, binding = s[i].st_info >> 4;
    if (s[i].st_shndx == SHN_UNDEF || s[i].st_name >= strings->sh_size ||
        type != STT_FUNC || (binding != STB_GLOBAL && binding != STB_WEAK))
      continue;
    name = text + s[i].st_name;
    if (strcmp(name, "js_init_module") == 0) out->has_init = true;
    if (strncmp(name, PREFIX, strlen(PREFIX)) == 0 && name[strlen(PREFIX)])
      r = add_entry(o, out, name);
  }
  free(text);
  free(s);
  return r;
}

static int read_sections(object *o, const file_header *h, tenon_p_elf *out)
{
  section_header *s;
  int r = 0;
  unsigned i;

  if (!h->e_shoff || !h->e_shnum)
    return fail(o, "has no section headers (was it stripped of them?)");
  if (h->e_shentsize != sizeof *s) return fail(o, "is damaged");
  s = load_part(o, h->e_shoff, (uint64_t)h->e_shnum * sizeof *s);
  if (!s) return -1;
  for (i = 0; r == 0 && i < h->e_shnum; i++) {
    if (s[i].sh_type != SHT_DYNSYM) continue;
    r = s[i].sh_link < h->e_shnum
            ? read_symbols(o, &s[i], &s[s[i].sh_link], out)
            : fail(o, "is damaged");
  }
  free(s);
  return r;
}

/* --- Files ----------------------------------------------------------------------- */

/* What the system would map beyond the end of a file ends the process by a signal
 * when it is touched. */
static int check_segments(object *o, const file_header *h)
{
  program_header *p;
  int r = 0;
  unsigned i;

  if (!h->e_phoff || !h->e_phnum || h->e_phentsize != sizeof *p)
    return fail(o, "is damaged: it has no segments");
  p = load_part(o, h->e_phoff, (uint64_t)h->e_phnum * sizeof *p);
  if (!p) return -1;
  for (i = 0; r == 0 && i < h->e_phnum; i++)
    if (p[i].p_type == PT_LOAD &&
        (p[i].p_offset > o->size || p[i].p_filesz > o->size - p[i].p_offset))
      r = fail(o, "is damaged: it ends too early");
  free(p);
  return r;
}

static int read_object(object *o, tenon_p_elf *out)
{
  file_header h;
  unsigned char begin[EI_NIDENT + 4];

  if (o->size < sizeof begin) return fail(o, "is not a shared object (ELF)");
  if (read_part(o, 0, begin, sizeof begin)) return -1;
  if (memcmp(begin, ELFMAG, SELFMAG) != 0)
    return fail(o, "is not a shared object (ELF)");
  if (check_machine(o, begin)) return -1;
  if (read_part(o, 0, &h, sizeof h)) return -1;
  if (h.e_type != ET_DYN)
    return fail(o, h.e_type == ET_REL
                       ? "is an object file; link it with 'cc -shared'"
                       : "is not a shared object");
  if (check_segments(o, &h)) return -1;
  return read_sections(o, &h, out);
}

int tenon_p_elf_read_file(int file, tenon_p_elf *out, char *problem,
                          size_t size)
{
  object o = {.file = file, .problem = problem, .problem_size = size};
  struct stat st;
  int r;

  *out = (tenon_p_elf){0};
  if (fstat(o.file, &st))
    r = fail(&o, tenon_strerror(-errno));
  else if (S_ISDIR(st.st_mode))
    r = fail(&o, "is a directory");
  else if (!S_ISREG(st.st_mode))
    r = fail(&o, "is not a file");
  else {
    o.size = (uint64_t)st.st_size;
    r = read_object(&o, out);
  }
  if (r)
    tenon_p_elf_release(out);
  else if (out->count)
    qsort(out->names, out->count, sizeof *out->names, compare);
  return o.has_no_memory ? TENON_ENOMEM : r;
}

int tenon_p_elf_read(const char *path, tenon_p_elf *out, char *problem,
                     size_t size)
{
  int file = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC), r;

  *out = (tenon_p_elf){0};
  if (file < 0) {
    snprintf(problem, size, "%s", tenon_strerror(-errno));
    return -1;
  }
  r = tenon_p_elf_read_file(file, out, problem, size);
  close(file);
  return r;
}

void tenon_p_elf_release(tenon_p_elf *e)
{
  size_t i;

  for (i = 0; i < e->count; i++)
    free(e->names[i]);
  free(e->names);
  *e = (tenon_p_elf){0};
}
