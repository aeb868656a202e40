/*
 * Shared objects as files, before they are loaded: what is in them, and why the
 * system would not take them, in words that the system does not have.
 */
#ifndef TENON_CLI_ELF_H
#define TENON_CLI_ELF_H

#include <stddef.h>

/* Symbols that begin with `tenon_module_`, sorted. */
typedef struct elf_entries {
  char **names;
  size_t count;
} elf_entries;

/* 0, or -1 with a text in `problem`. */
int elf_read(const char *path, elf_entries *out, char *problem, size_t size);
void elf_release(elf_entries *e);

#endif
