/*
 * Shared objects as files, before they are loaded: what is in them, and why the
 * system would not take them, in words that the system does not have. The
 * command has a copy of its own.
 */
#ifndef TENON_BASE_ELF_H
#define TENON_BASE_ELF_H

#include "base/base.h"

/* Symbols that begin with `tenon_module_`, sorted. */
typedef struct tenon_p_elf {
  char **names;
  size_t count;
  bool has_init; /* js_init_module, of QuickJS */
} tenon_p_elf;

/* 0, -1 with a text in `problem`, or TENON_ENOMEM. */
int tenon_p_elf_read(const char *path, tenon_p_elf *out, char *problem,
                     size_t size);
/* The same of an open file, whose position stays. */
int tenon_p_elf_read_file(int file, tenon_p_elf *out, char *problem,
                          size_t size);
void tenon_p_elf_release(tenon_p_elf *e);

#endif
