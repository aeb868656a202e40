#include <string.h>

#include "reader/internal.h"

static uint64_t visited;

bool tenon_p_die_has(Dwarf_Die *die, unsigned name)
{
  Dwarf_Attribute a;

  return dwarf_attr(die, name, &a) != NULL;
}

bool tenon_p_die_number(Dwarf_Die *die, unsigned name, uint64_t *out)
{
  Dwarf_Attribute a;
  Dwarf_Word word;

  if (!dwarf_attr_integrate(die, name, &a) || dwarf_formudata(&a, &word))
    return false;
  *out = word;
  return true;
}

uint64_t tenon_p_die_number_or(Dwarf_Die *die, unsigned name, uint64_t other)
{
  uint64_t n;

  return tenon_p_die_number(die, name, &n) ? n : other;
}

bool tenon_p_die_flag(Dwarf_Die *die, unsigned name)
{
  Dwarf_Attribute a;
  bool is_set;

  return dwarf_attr_integrate(die, name, &a) && !dwarf_formflag(&a, &is_set) &&
         is_set;
}

const char *tenon_p_die_text(Dwarf_Die *die, unsigned name)
{
  Dwarf_Attribute a;

  return dwarf_attr_integrate(die, name, &a) ? dwarf_formstring(&a) : NULL;
}

bool tenon_p_die_ref(Dwarf_Die *die, unsigned name, Dwarf_Die *out)
{
  Dwarf_Attribute a;

  return dwarf_attr_integrate(die, name, &a) && dwarf_formref_die(&a, out);
}

bool tenon_p_die_constant(Dwarf_Die *die, unsigned name, uint64_t *out,
                          bool *is_negative)
{
  Dwarf_Attribute a;
  Dwarf_Word word;
  Dwarf_Sword number;

  *is_negative = false;
  if (!dwarf_attr(die, name, &a)) return false;
  switch (dwarf_whatform(&a)) {
  case DW_FORM_sdata:
  case DW_FORM_implicit_const:
    if (dwarf_formsdata(&a, &number)) return false;
    *out = (uint64_t)number;
    *is_negative = number < 0;
    return true;
  default:
    /* gcc writes 200 of a signed type as one byte: not a negative number. */
    if (dwarf_formudata(&a, &word)) return false;
    *out = word;
    return true;
  }
}

static void count_visit(void)
{
  if (++visited > TENON_P_MAX_DIES)
    tenon_p_fail("there is too much debug information in it");
}

bool tenon_p_die_first(Dwarf_Die *parent, Dwarf_Die *child)
{
  count_visit();
  return dwarf_child(parent, child) == 0;
}

bool tenon_p_die_next(Dwarf_Die *child)
{
  Dwarf_Die next;

  count_visit();
  if (dwarf_siblingof(child, &next)) return false;
  /* What is damaged may lead in a circle. */
  if ((uintptr_t)next.addr <= (uintptr_t)child->addr) return false;
  *child = next;
  return true;
}

/* "a/./b" is "a/b". */
static void clean(char *path)
{
  char *from = path, *to = path;

  while (*from) {
    while (from[0] == '/' && from[1] == '.' && from[2] == '/')
      from += 2;
    *to++ = *from++;
  }
  *to = '\0';
}

/* As dwarf_decl_file, for which DWARF 5's file 0 is none. */
static const char *declared_file(Dwarf_Die *die)
{
  Dwarf_Attribute a;
  Dwarf_Files *files;
  Dwarf_Half version;
  Dwarf_Die unit;
  Dwarf_Word at;
  size_t count;

  if (!dwarf_attr_integrate(die, DW_AT_decl_file, &a) ||
      dwarf_formudata(&a, &at) ||
      !dwarf_cu_die(a.cu, &unit, &version, NULL, NULL, NULL, NULL, NULL) ||
      dwarf_getsrcfiles(&unit, &files, &count) || at >= count ||
      (!at && version < 5))
    return NULL;
  return dwarf_filesrc(files, at, NULL, NULL);
}

const char *tenon_p_absolute(const char *path, const char *dir)
{
  size_t len, dir_len = 0;
  char *whole;

  if (!path || !*path) return NULL;
  len = strnlen(path, TENON_P_MAX_NAME);
  if (*path != '/' && dir) dir_len = strnlen(dir, TENON_P_MAX_NAME);
  whole = tenon_p_need(dir_len + len + 2);
  if (dir_len) {
    memcpy(whole, dir, dir_len);
    whole[dir_len++] = '/';
  }
  memcpy(whole + dir_len, path, len);
  clean(whole);
  return whole;
}

const char *tenon_p_die_file(Dwarf_Die *die, const tenon_p_unit *unit)
{
  return tenon_p_absolute(declared_file(die), unit->dir);
}

int tenon_p_die_line(Dwarf_Die *die)
{
  int line = 0;

  return dwarf_decl_line(die, &line) || line < 0 ? 0 : line;
}

bool tenon_p_is_system_file(const char *path)
{
  static const char *const folders[] = {
      "/usr/include/",  "/usr/local/include/", "/usr/lib/gcc/",
      "/usr/lib/llvm-", "/usr/lib/clang/",     "/usr/lib64/clang/",
      "/rustc/",
  };
  size_t i;

  for (i = 0; i < tenon_p_countof(folders); i++)
    if (!strncmp(path, folders[i], strlen(folders[i]))) return true;
  return strstr(path, "/rustlib/src/") != NULL;
}
