/*
 * The program that reads debug information, as bytes in the library, which runs
 * it from there as a process of its own: its library (libdw) may crash on what is
 * damaged, and nothing that does not need it has to load it. docs/ARCHITECTURE.md,
 * 'The reader', has its arguments and the table that it prints.
 */
#ifndef TENON_READER_READER_H
#define TENON_READER_READER_H

#include "base/base.h"

/* An executable of this machine; its size is 0 when the library was built
 * without it. */
extern const unsigned char tenon_p_reader[];
extern const size_t tenon_p_reader_size;

#endif
